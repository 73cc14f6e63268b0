"""Read the identifiers that recipients type into forms: up to ten in a field, or a postal address.

A text that cannot be read is shown again in the form, with the fault beside its field. It is in the
body of that response and is written nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.vocabulary import Kind
from suppression.web.http.forms import FormValues
from suppression.web.http.typed_identifiers import TypedIdentifier, parse_typed

MAX_LINES = 10
NAMES: Mapping[Kind, tuple[str, ...]] = {
    Kind.EMAIL: ("email",),
    Kind.PHONE: ("phone",),
    Kind.POSTAL: ("name", "address"),
}
_BETWEEN = re.compile(r"[\r\n;]+")
_BETWEEN_EMAILS = re.compile(r"[\r\n;,]+")


def read_subjects(
    controller: Controller, fields: FormValues, kinds: Iterable[Kind], *, required: frozenset[Kind]
) -> tuple[Subject, ...]:
    """Return the fingerprints of the identifiers that were read in the fields of these kinds.

    Records a fault in `fields` for each text that cannot be read, for a field with more than
    MAX_LINES identifiers, for an address without a name or a name without an address, and for a
    kind in `required` whose fields are empty.
    """
    subjects: list[Subject] = []
    for kind in kinds:
        if any(texts_of(fields, [kind]).values()):
            subjects += _read(controller, fields, kind)
        elif kind in required:
            fields.wrong(NAMES[kind][0], f"error.{kind}.empty")
    return tuple(subjects)


def texts_of(fields: FormValues, kinds: Iterable[Kind] = tuple(Kind)) -> dict[str, str]:
    """Return the stripped texts of the form fields of these kinds, by field name."""
    return {name: fields[name].strip() for kind in kinds for name in NAMES[kind]}


def _read(controller: Controller, fields: FormValues, kind: Kind) -> list[Subject]:
    if kind is Kind.POSTAL:
        return _read_postal(controller, fields)
    name = NAMES[kind][0]
    between = _BETWEEN_EMAILS if kind is Kind.EMAIL else _BETWEEN
    lines = [line.strip() for line in between.split(fields[name].strip()) if line.strip()]
    if len(lines) > MAX_LINES:
        fields.wrong(name, f"error.{kind}.many")
        return []
    return _parse(
        controller, fields, name, [TypedIdentifier(kind=kind, value=line) for line in lines]
    )


def _read_postal(controller: Controller, fields: FormValues) -> list[Subject]:
    """Return the fingerprints of a person at an address, in a list; an empty one after a fault.

    A fault is recorded if the address cannot be read, or if name or address is empty: an address
    without a name would stop everybody who lives there.
    """
    texts = texts_of(fields, [Kind.POSTAL])
    for name, text in texts.items():
        if not text:
            fields.wrong(name, f"error.postal.{name}")
    if not all(texts.values()):
        return []
    address = PostalAddress(name=texts["name"], lines=tuple(texts["address"].splitlines()))
    typed = TypedIdentifier(kind=Kind.POSTAL, value=address)
    return _parse(controller, fields, "address", [typed])


def _parse(
    controller: Controller, fields: FormValues, name: str, every: Sequence[TypedIdentifier]
) -> list[Subject]:
    subjects: list[Subject] = []
    for number, typed in enumerate(every, start=1):
        subject = parse_typed(controller, typed, by_recipient=True).subject
        if subject is not None:
            subjects.append(subject)
        elif len(every) > 1:
            fields.wrong(name, f"error.{typed.kind}.line", line=number)
        else:
            fields.wrong(name, f"error.{typed.kind}.unreadable")
    return subjects
