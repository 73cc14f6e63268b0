"""Converts identifiers that a person typed into a form to match keys and a text to show back."""

from __future__ import annotations

from dataclasses import dataclass, field

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import silent
from suppression.domain.identifiers.display import KeyTrace, is_a_number_in_use
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.phone.parsing import has_all_digits
from suppression.domain.vocabulary import Kind
from suppression.web.http.context import services


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedIdentifier:
    """An identifier as a person typed it into a form."""

    kind: Kind
    value: str | PostalAddress = field(repr=False)

    @property
    def text(self) -> str:
        """The text that was typed; the lines of a postal address joined."""
        return self.value if isinstance(self.value, str) else "\n".join(self.value.lines or ())


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedIdentifier:
    """The result of parsing a typed identifier; `subject` is None if parsing failed.

    `reading` shows the identifier to a clerk; it is empty if nobody is shown it. `doubtful`:
    whether it is a telephone number that nobody has, such as one that lacks a digit. The number is
    nevertheless stopped, and the case waits until somebody has looked at the letter again.
    """

    typed: TypedIdentifier
    subject: Subject | None
    reading: str = field(default="", repr=False)
    doubtful: bool = False


def parse_typed(
    controller: Controller,
    typed: TypedIdentifier,
    *,
    consent: bool = False,
    by_recipient: bool = False,
) -> ParsedIdentifier:
    """Return a typed identifier as parsed for a controller, whose country completes a number.

    `consent` adds the match keys that consents are recorded under. `by_recipient`: whether the
    person typed it on a page that can ask again and shows nothing back. There a number that lacks a
    digit is refused, because the person means another; a clerk's number is stopped and is doubtful.
    """
    trace = KeyTrace()
    note = silent if by_recipient else trace
    try:
        if by_recipient:
            _check_digits(typed, controller.country)
        subject = services().subject(
            controller, typed.kind, typed.value, consent=consent, note=note
        )
    except IdentifierParseError:
        return ParsedIdentifier(typed=typed, subject=None)
    reading = "" if by_recipient else trace.display(typed.kind)
    doubtful = bool(reading) and typed.kind is Kind.PHONE and not is_a_number_in_use(reading)
    return ParsedIdentifier(typed=typed, subject=subject, reading=reading, doubtful=doubtful)


def _check_digits(typed: TypedIdentifier, region: str) -> None:
    """Raise IdentifierParseError for a telephone number that lacks digits.

    Only programs may send such numbers.
    """
    if typed.kind is Kind.PHONE and not has_all_digits(typed.text, region):
        raise IdentifierParseError("malformed", "Write the whole number.")
