"""The errors that an entry point turns into a problem document, a page or a command's message.

Each error has a text that says what to do; it must not contain an identifier, a token or a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

MOST_FAULTS = 50
"""The most field errors that an error lists; further ones are only counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldError:
    """An invalid part of an input: `pointer` (RFC 6901) is its place, `detail` what to change."""

    pointer: str
    detail: str


class SuppressionError(Exception):
    """The base of the errors that an entry point turns into a problem, a page or a message."""

    detail = "The request could not be answered."

    def __init__(
        self,
        detail: str | None = None,
        *,
        faults: tuple[FieldError, ...] = (),
        more_faults: int = 0,
    ) -> None:
        """Replace the class's text with `detail` if given; `faults` name the invalid fields.

        `more_faults` counts further ones; those of `faults` beyond MOST_FAULTS are added to it.

        >>> error = SuppressionError(faults=(FieldError(pointer="", detail="Too long."),) * 60)
        >>> len(error.faults), error.more_faults
        (50, 10)
        """
        super().__init__(detail or self.detail)
        self.detail = detail or self.detail
        self.faults = faults[:MOST_FAULTS]
        self.more_faults = more_faults + len(faults) - len(self.faults)

    @property
    def for_operator(self) -> str:
        """The text for the operator, on standard error and in logs."""
        return self.detail


class IdentifierParseError(SuppressionError):
    """Raised for an identifier that cannot be parsed; `code` is the reason that a check gives."""

    def __init__(self, code: str, detail: str) -> None:
        """Take a stable public `code`, and a `detail` that says what to change."""
        super().__init__(detail)
        self.code = code


class InvalidIdentifiersError(SuppressionError):
    """An identifier cannot be parsed, or does not fit the request. Nothing was stored."""

    detail = "An identifier could not be understood; nothing of this request was stored."


class InvalidValueError(SuppressionError):
    """A field, an option or a file has the right type, but an invalid value.

    `code` names the error of a file, for an entry point that words it in the reader's language.
    """

    detail = "A field has a value that cannot be taken; see errors."

    def __init__(
        self,
        detail: str | None = None,
        *,
        faults: tuple[FieldError, ...] = (),
        more_faults: int = 0,
        code: str = "",
    ) -> None:
        """Take SuppressionError's arguments; `code` names a file's error, or is ''."""
        super().__init__(detail, faults=faults, more_faults=more_faults)
        self.code = code

    @classmethod
    def at(cls, pointer: str, detail: str) -> Self:
        """Return the error of one field: its RFC 6901 pointer, and what to change.

        >>> InvalidValueError.at("/topic", "Send another topic.").faults
        (FieldError(pointer='/topic', detail='Send another topic.'),)
        """
        return cls(faults=(FieldError(pointer=pointer, detail=detail),))


class WrongTypeError(SuppressionError):
    """A field has a JSON type other than the documented one."""

    detail = "A field has the wrong JSON type; see errors."


class UnknownFieldError(SuppressionError):
    """The request has a field that this call does not know."""

    detail = "The request has a field that this call does not know; see errors."


class NotJsonError(SuppressionError):
    """The body is not a JSON object in UTF-8, names a member twice, or has another content type."""

    detail = "Send one JSON object in UTF-8 with Content-Type: application/json."


class BodyTooLargeError(SuppressionError):
    """A body or file has more bytes or rows than accepted, or expands to more bytes than that."""

    detail = "The body is larger than this call takes; send it in smaller parts."


class TooManyItemsError(SuppressionError):
    """A batch, a list or a file has more items than this call accepts."""

    detail = "There are more items than this call takes; see errors."


class ChannelMismatchError(SuppressionError):
    """A channel fits no identifier of the request, or an identifier fits no channel."""

    detail = "A channel fits no identifier, or an identifier fits no channel; nothing was stored."


class MissingKeyError(SuppressionError):
    """No API key came with the request, or no METRICS_TOKEN with a request for the metrics."""

    detail = "Send the API key as: Authorization: Bearer <key>."


class InvalidApiKeyError(SuppressionError):
    """The API key is unknown or was revoked, or the METRICS_TOKEN is wrong."""

    detail = "This API key is not valid or was revoked; ask your operator for a new one."


class MissingScopeError(SuppressionError):
    """The API key lacks a scope that the call, or a value in its body, requires."""

    detail = "This API key lacks the scope that this call needs."


class NotFoundError(SuppressionError):
    """Nothing exists at this address, or what the request or command names does not exist."""

    detail = "There is nothing at this address; the calls are listed in /openapi.yaml."


class MethodNotAllowedError(SuppressionError):
    """The address exists, but does not accept the method."""

    detail = "This address does not take that method; Allow names those it takes."


class MalformedRequestError(SuppressionError):
    """The HTTP request could not be parsed, or did not arrive whole."""

    detail = "The HTTP request could not be read."


class IdempotencyKeyReusedError(SuppressionError):
    """An Idempotency-Key was sent again with another body."""

    detail = "This Idempotency-Key was used with another body; use a new one for a new request."


class IdempotencyKeyBusyError(SuppressionError):
    """The first request with this Idempotency-Key is still running."""

    detail = "A request with this Idempotency-Key is still running; ask again in a moment."


class DatabaseUnavailableError(SuppressionError):
    """The database is unreachable or too slow. Assume that nothing was stored; do not send."""

    detail = "The database does not answer: count on nothing being stored, and send it again."

    def __init__(self, detail: str | None = None, *, reason: str = "") -> None:
        """Take a `reason` for the operator alone, since it names host and port; '' if unknown."""
        super().__init__(detail)
        self.reason = reason

    @property
    def for_operator(self) -> str:
        """The reason, or `detail` if no reason is known."""
        return self.reason or self.detail


class KeyMismatchError(SuppressionError):
    """A key is missing or not the one used so far, or an encrypted text is another record's."""

    detail = "The master keys differ from those the stored rows were made with."


class PendingMigrationError(SuppressionError):
    """The database lacks a migration that this code needs."""

    detail = "The database is not migrated; run: flask db upgrade."


class OutdatedCodeError(SuppressionError):
    """Only newer code may run on the schema of the database."""

    detail = "A newer version alone may run on the database as it is migrated; start that version."


class RateLimitedError(SuppressionError):
    """Too many requests by a key or address, or batches or files at once; never for one stop."""

    detail = "Too many requests: wait as many seconds as Retry-After says, then send it again."


class UnknownLinkError(SuppressionError):
    """This service did not sign the link, or its controller, topic or key version is unknown."""

    detail = "This link is not one of ours, or was cut or changed on its way."


class UnconfirmedError(SuppressionError):
    """A POST to a link has neither the one-click field nor that of a button of the link's page."""

    detail = "Nothing was stored: send List-Unsubscribe=One-Click, or use the page's button."


class UnknownConfirmationError(SuppressionError):
    """The confirmation does not exist or is 30 days old. Its stops stay in force without it."""

    detail = "This page is not there, or no longer: it is shown for a month. No stop ends with it."


class UnknownScrubError(SuppressionError):
    """The controller has no scrub of this id that is completed and less than 24 hours old."""

    detail = "There is no scrub of this id, or no longer: they are kept for 24 hours. Scrub again."


class CannotUndoError(SuppressionError):
    """The click is 24 hours old, was undone, or left no row that can be released as it was stored.

    Or the token of the form is not the one for this click.
    """

    detail = "This click can no longer be undone here; nothing was changed."


class ImportStateError(SuppressionError):
    """The import's state forbids what is asked of it, or some of its staged rows are missing."""

    detail = "This import is in a state that does not allow this; ask for it to see which."


class ConflictError(SuppressionError):
    """The thing to create exists or is being created, or the limit for its kind is reached."""

    detail = "Something with this name exists already."

    def __init__(self, detail: str | None = None, *, about: str = "") -> None:
        """Take as `about` the name or reference of the thing that exists already, or ''."""
        super().__init__(detail)
        self.about = about


class UnknownControllerError(SuppressionError):
    """No controller has this slug."""

    detail = "No controller has this slug; see: flask controllers list."


class NotSignedInError(SuppressionError):
    """A page of the console was requested without a session at the stage that the page needs."""

    detail = "Sign in to the console first."


class ForbiddenError(SuppressionError):
    """The user's role lacks the right for this, or only another user or an operator may do it."""

    detail = "Your role for this controller does not allow this."


class InvalidTransitionError(SuppressionError):
    """A case cannot take a step, or stops or policies differ from those that a page showed."""

    detail = "The case does not take this step."

    def __init__(self, code: str) -> None:
        """Take the `code` of the reason, such as `closed` for a step in a closed case."""
        super().__init__()
        self.code = code
