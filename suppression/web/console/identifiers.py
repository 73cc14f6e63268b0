"""Finds the identifiers in what a clerk typed: several in one field, or one of any kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from suppression.domain.cases.contents import UnparsedIdentifier
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.display import kind_of
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.vocabulary import Kind
from suppression.web.http.forms import FormValues
from suppression.web.http.typed_identifiers import (
    ParsedIdentifier,
    TypedIdentifier,
    parse_typed,
)

# White space is tried from its beginning alone: from each of its places it would take its square.
_BETWEEN = re.compile(r"(?:(?<!\s)\s+)?[,;]\s*|(?<!\s)\s+(?:ou|et|or|and|puis|/)\s+", re.IGNORECASE)
_REMARK = re.compile(r"(?:(?<!\s)\s+)?\([^()\d]*\)")
_WHOLE = re.compile(r"[^\d?]*(?:\d[^\d?]*){8,15}")
_WITHOUT_NAME = 2
"""So many lines are a street and a town."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedIdentifiers:
    """All identifiers of a form, for one controller."""

    every: tuple[ParsedIdentifier, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What can be stopped, each once."""
        found: dict[object, Subject] = {}
        for parsed_identifier in self.every:
            if parsed_identifier.subject is not None:
                found.setdefault(parsed_identifier.subject.forms, parsed_identifier.subject)
        return tuple(found.values())

    @property
    def readable(self) -> frozenset[Kind]:
        """The kinds of which something could be read."""
        return frozenset(
            parsed_identifier.typed.kind
            for parsed_identifier in self.every
            if parsed_identifier.subject and not parsed_identifier.doubtful
        )

    @property
    def all_read(self) -> bool:
        """Whether each could be understood, if only with doubt."""
        return all(parsed_identifier.subject for parsed_identifier in self.every)

    @property
    def unread(self) -> tuple[UnparsedIdentifier, ...]:
        """What could not be understood, or only with doubt, as it was given."""
        return tuple(
            UnparsedIdentifier(kind=parsed_identifier.typed.kind, text=parsed_identifier.typed.text)
            for parsed_identifier in self.every
            if parsed_identifier.subject is None or parsed_identifier.doubtful
        )

    @property
    def given(self) -> tuple[UnparsedIdentifier, ...]:
        """All of it, as it was given."""
        return tuple(
            UnparsedIdentifier(kind=parsed_identifier.typed.kind, text=parsed_identifier.typed.text)
            for parsed_identifier in self.every
        )


def typed_identifiers(fields: FormValues, *, name: str = "") -> list[TypedIdentifier]:
    """Every identifier of the record form. `name` completes an address that begins without one.

    Whether a longer one begins with a name, with another or with that of a house, nobody can tell:
    it is taken both ways, or the stop would be that of nobody who lives there.
    """
    found = [TypedIdentifier(kind=Kind.EMAIL, value=line) for line in fields.lines("emails")]
    for line in fields.lines("phones"):
        found += [TypedIdentifier(kind=Kind.PHONE, value=number) for number in split_numbers(line)]
    for block in fields.blocks("addresses"):
        readings = [(name, *block)] if name and name not in block else [block]
        if len(block) > _WITHOUT_NAME and block not in readings:
            readings.append(block)
        found += [
            TypedIdentifier(kind=Kind.POSTAL, value=PostalAddress(lines=lines))
            for lines in readings
        ]
    return found


def split_numbers(line: str) -> list[str]:
    """The numbers of a line, as people write them: several, or with a remark behind.

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
    """The one identifier of a look-up, of any kind; an address in lines, or parted by commas."""
    kind = kind_of(text)
    if kind is not Kind.POSTAL:
        return TypedIdentifier(kind=kind, value=text.strip())
    parts = text.split("\n") if "\n" in text.strip() else text.split(",")
    lines = tuple(part.strip() for part in parts if part.strip())
    return TypedIdentifier(kind=kind, value=PostalAddress(lines=lines))


def parse_each(
    controller: Controller, every: Iterable[TypedIdentifier], *, consent: bool = False
) -> ParsedIdentifiers:
    """Return how each identifier is understood for a controller."""
    return ParsedIdentifiers(
        every=tuple(parse_typed(controller, typed, consent=consent) for typed in every)
    )
