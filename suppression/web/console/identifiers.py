"""The door's edge of the console: what a clerk typed becomes fingerprints, and is shown back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from suppression.domain.case_contents import Unread
from suppression.domain.controllers import Controller
from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.fingerprints import Subject
from suppression.domain.identifiers.forms import PostalAddress
from suppression.domain.identifiers.shown import kind_of, shown_back
from suppression.domain.vocabulary import Kind
from suppression.web.console.fields import Fields
from suppression.web.current import services

_WITHOUT_NAME = 2
"""So many lines are a street and a town."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """An identifier as a person gave it."""

    kind: Kind
    value: str | PostalAddress = field(repr=False)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.value if isinstance(self.value, str) else "\n".join(self.value.lines or ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """How an identifier reads; `reading` is empty if it cannot be understood."""

    typed: Typed
    subject: Subject | None
    reading: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Readings:
    """All identifiers of a form, for one controller."""

    every: tuple[Understood, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What can be stopped, each once."""
        found: dict[object, Subject] = {}
        for one in self.every:
            if one.subject is not None:
                found.setdefault(one.subject.forms, one.subject)
        return tuple(found.values())

    @property
    def readable(self) -> frozenset[Kind]:
        """The kinds of which something could be read."""
        return frozenset(one.typed.kind for one in self.every if one.subject)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What could not be understood, as it was given."""
        return tuple(
            Unread(kind=one.typed.kind, text=one.typed.text)
            for one in self.every
            if one.subject is None
        )


def typed_identifiers(fields: Fields, *, name: str = "") -> list[Typed]:
    """Every identifier of the record form. `name` completes an address that begins without one.

    Whether a longer one begins with a name, with another or with that of a house, nobody can tell:
    it is taken both ways, or the stop would be that of nobody who lives there.
    """
    found = [Typed(kind=Kind.EMAIL, value=line) for line in fields.lines("emails")]
    found += [Typed(kind=Kind.PHONE, value=line) for line in fields.lines("phones")]
    for block in fields.blocks("addresses"):
        readings = [(name, *block)] if name and name not in block else [block]
        if len(block) > _WITHOUT_NAME and block not in readings:
            readings.append(block)
        found += [Typed(kind=Kind.POSTAL, value=PostalAddress(lines=lines)) for lines in readings]
    return found


def typed_in_one_field(text: str) -> Typed:
    """The one identifier of a look-up, of any kind; an address in lines, or parted by commas."""
    kind = kind_of(text)
    if kind is not Kind.POSTAL:
        return Typed(kind=kind, value=text.strip())
    parts = text.split("\n") if "\n" in text.strip() else text.split(",")
    lines = tuple(part.strip() for part in parts if part.strip())
    return Typed(kind=kind, value=PostalAddress(lines=lines))


def understood(
    controller: Controller, every: Iterable[Typed], *, consent: bool = False
) -> Readings:
    """How each reads for a controller, whose country tells what a number without one means."""
    return Readings(every=tuple(_one(controller, typed, consent=consent) for typed in every))


def _one(controller: Controller, typed: Typed, *, consent: bool) -> Understood:
    try:
        reading = shown_back(typed.kind, typed.value, region=controller.country)
        subject = services().subject(controller, typed.kind, typed.value, consent=consent)
    except UnreadableIdentifierError:
        return Understood(typed=typed, subject=None, reading="")
    return Understood(typed=typed, subject=subject, reading=reading)
