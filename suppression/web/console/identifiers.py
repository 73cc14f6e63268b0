"""Split and parse the identifiers that a clerk typed into a form of the console."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from suppression.domain.cases.contents import UnparsedIdentifier
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.display import kind_of
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.mail_domain.parsing import is_typed_domain
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.vocabulary import Kind
from suppression.web.http.forms import FormValues
from suppression.web.http.typed_identifiers import (
    ParsedIdentifier,
    TypedIdentifier,
    parse_typed,
)

# White space is matched from its beginning only: matching from each position takes square time.
_BETWEEN = re.compile(r"(?:(?<!\s)\s+)?[,;]\s*|(?<!\s)\s+(?:ou|et|or|and|puis|/)\s+", re.IGNORECASE)
_REMARK = re.compile(r"(?:(?<!\s)\s+)?\([^()\d]*\)")
_WHOLE = re.compile(r"[^\d?]*(?:\d[^\d?]*){8,15}")
_WITHOUT_NAME = 2
"""An address with at most this many lines is a street and a town, without a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedIdentifiers:
    """All identifiers of a form, as parsed for one controller."""

    every: tuple[ParsedIdentifier, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """One subject for each different identifier that could be parsed, doubtful ones included.

        They are in the order of the form.
        """
        subjects: dict[object, Subject] = {}
        for parsed_identifier in self.every:
            if parsed_identifier.subject is not None:
                subjects.setdefault(parsed_identifier.subject.forms, parsed_identifier.subject)
        return tuple(subjects.values())

    @property
    def readable(self) -> frozenset[Kind]:
        """The kinds of the identifiers that could be parsed and are not doubtful."""
        return frozenset(
            parsed_identifier.typed.kind
            for parsed_identifier in self.every
            if parsed_identifier.subject and not parsed_identifier.doubtful
        )

    @property
    def all_read(self) -> bool:
        """Whether every identifier could be parsed, doubtful ones included."""
        return all(parsed_identifier.subject for parsed_identifier in self.every)

    @property
    def unread(self) -> tuple[UnparsedIdentifier, ...]:
        """The typed texts of the identifiers that could not be parsed or are doubtful."""
        return tuple(
            UnparsedIdentifier(kind=parsed_identifier.typed.kind, text=parsed_identifier.typed.text)
            for parsed_identifier in self.every
            if parsed_identifier.subject is None or parsed_identifier.doubtful
        )

    @property
    def given(self) -> tuple[UnparsedIdentifier, ...]:
        """The typed texts of all identifiers."""
        return tuple(
            UnparsedIdentifier(kind=parsed_identifier.typed.kind, text=parsed_identifier.typed.text)
            for parsed_identifier in self.every
        )


def typed_identifiers(fields: FormValues, *, name: str = "") -> list[TypedIdentifier]:
    """Return every identifier of the record form: e-mail addresses, numbers, postal addresses.

    `name`, if given, is put before each postal address that has no line with it. An address of
    three or more lines is then returned without `name` too: its first line may be another person's
    name, or that of a house, and the stop might otherwise be for nobody who lives there. Records a
    fault for a field that is too long.
    """
    identifiers = [TypedIdentifier(kind=Kind.EMAIL, value=line) for line in fields.lines("emails")]
    for line in fields.lines("phones"):
        identifiers += [
            TypedIdentifier(kind=Kind.PHONE, value=number) for number in split_numbers(line)
        ]
    for block in fields.blocks("addresses"):
        readings = [(name, *block)] if name and name not in block else [block]
        if len(block) > _WITHOUT_NAME and block not in readings:
            readings.append(block)
        identifiers += [
            TypedIdentifier(kind=Kind.POSTAL, value=PostalAddress(lines=lines))
            for lines in readings
        ]
    return identifiers


def split_numbers(line: str) -> list[str]:
    """Return the telephone numbers in a line, without remarks in parentheses.

    Return the line as the only item if one of its parts is not a complete number: 8 to 15 digits,
    without `?`.

    >>> split_numbers("06 12 34 56 78 ou 01 40 20 50 50 (le soir)")
    ['06 12 34 56 78', '01 40 20 50 50']
    >>> split_numbers("06,12,34,56,78"), split_numbers("06 12 34 5? 78 (smudge)")
    (['06,12,34,56,78'], ['06 12 34 5? 78 (smudge)'])
    """
    parts = [part.strip() for part in _BETWEEN.split(_REMARK.sub("", line))]
    if all(_WHOLE.fullmatch(part) for part in parts):
        return parts
    return [line]


def parse_lookup(text: str) -> TypedIdentifier:
    """Return a text as a typed identifier of the kind that it looks like, or as a mail domain.

    The lines of a postal address are those of the text or, in a text of one line, its parts between
    commas.
    """
    kind = kind_of(text)
    if is_typed_domain(text):
        return TypedIdentifier(kind=kind, value=text.strip(), domain=True)
    if kind is not Kind.POSTAL:
        return TypedIdentifier(kind=kind, value=text.strip())
    parts = text.split("\n") if "\n" in text.strip() else text.split(",")
    lines = tuple(part.strip() for part in parts if part.strip())
    return TypedIdentifier(kind=kind, value=PostalAddress(lines=lines))


def parse_each(
    controller: Controller, every: Iterable[TypedIdentifier], *, consent: bool = False
) -> ParsedIdentifiers:
    """Parse each identifier for a controller; the results are in the order of `every`.

    `consent` adds to a postal address the fingerprint with the whole first name, under which
    consents are stored.
    """
    return ParsedIdentifiers(
        every=tuple(parse_typed(controller, typed, consent=consent) for typed in every)
    )
