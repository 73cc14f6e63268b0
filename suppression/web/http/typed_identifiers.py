"""Convert identifiers typed into a form to fingerprints, and to a text to show to a clerk."""

from __future__ import annotations

from dataclasses import dataclass, field

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import silent
from suppression.domain.identifiers.display import KeyTrace, is_a_number_in_use
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.mail_domain.parsing import canonical_domain
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.phone.parsing import has_all_digits
from suppression.domain.vocabulary import Kind
from suppression.web.http.context import services


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedIdentifier:
    """An identifier as a person typed it into a form; `domain`: whether it is a mail domain."""

    kind: Kind
    value: str | PostalAddress = field(repr=False)
    domain: bool = False

    @property
    def text(self) -> str:
        """The text that was typed; of a postal address its `lines`, joined by line ends."""
        return self.value if isinstance(self.value, str) else "\n".join(self.value.lines or ())


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedIdentifier:
    """The result of parsing a typed identifier; `subject` is None if parsing failed.

    `reading` is the identifier as understood, to show to a clerk; empty if parsing failed, and on
    pages of recipients. `doubtful`: whether a clerk typed a telephone number that nobody can have,
    such as one that lacks a digit. A case stores a stop for such a number too, but counts as
    lacking an identifier until somebody types the number again.
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
    """Parse a typed identifier; `subject` of the result is None if it cannot be parsed.

    A number or address without a country is taken to be in the controller's country. `consent` adds
    to a postal address the fingerprint with the whole first name, under which consents are stored.
    `by_recipient`: whether a recipient typed their own identifier. Their page can ask again, so a
    number that lacks a digit fails to parse; typed by a clerk, it is parsed and marked doubtful.
    """
    trace = KeyTrace()
    note = silent if by_recipient else trace
    try:
        if typed.domain:
            return ParsedIdentifier(
                typed=typed,
                subject=services().mail_domain(controller, typed.text),
                reading=f"@{canonical_domain(typed.text)}",
            )
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
    """Raise IdentifierParseError for a telephone number that lacks digits or cannot be read.

    `region` is the country of a number without country code. The parser itself accepts a number
    that lacks digits, for programs and clerks.
    """
    if typed.kind is Kind.PHONE and not has_all_digits(typed.text, region):
        raise IdentifierParseError("malformed", "Write the whole number.")
