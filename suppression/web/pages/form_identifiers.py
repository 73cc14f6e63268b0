"""Reads what people type into the forms: several lines, one identifier each; a postal address.

What cannot be read is explained beside its field and kept in the form: in the answer's body, and
nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import request

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.match_keys import PostalAddress, Value
from suppression.domain.identifiers.phone.parsing import has_all_digits
from suppression.domain.vocabulary import Kind
from suppression.web.http.context import services

MOST_LINES = 10
NAMES: Mapping[Kind, tuple[str, ...]] = {
    Kind.EMAIL: ("email",),
    Kind.PHONE: ("phone",),
    Kind.POSTAL: ("name", "address"),
}
_BETWEEN = re.compile(r"[\r\n;]+")
_BETWEEN_EMAILS = re.compile(r"[\r\n;,]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class FormError:
    """What is wrong with a field: its name and the key of the text that says so."""

    name: str
    key: str
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class FormInput:
    """What a form held: the subjects that could be read, and what is wrong with the rest."""

    subjects: tuple[Subject, ...] = ()
    complaints: tuple[FormError, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_form(
    controller: Controller, kinds: Iterable[Kind], *, needed: frozenset[Kind]
) -> FormInput:
    """The fields of these kinds; those `needed` may not be empty."""
    subjects: list[Subject] = []
    complaints: list[FormError] = []
    kept: dict[str, str] = {}
    for kind in kinds:
        fields = {name: request.form.get(name, "").strip() for name in NAMES[kind]}
        kept |= fields
        if not any(fields.values()):
            if kind in needed:
                complaints.append(FormError(name=NAMES[kind][0], key=f"error.{kind}.empty"))
            continue
        found, wrong = _read(controller, kind, fields)
        subjects += found
        complaints += wrong
    return FormInput(subjects=tuple(subjects), complaints=tuple(complaints), kept=kept)


def _read(
    controller: Controller, kind: Kind, fields: Mapping[str, str]
) -> tuple[list[Subject], list[FormError]]:
    if kind is Kind.POSTAL:
        return _read_postal(controller, fields)
    name = NAMES[kind][0]
    between = _BETWEEN_EMAILS if kind is Kind.EMAIL else _BETWEEN
    lines = [line.strip() for line in between.split(fields[name]) if line.strip()]
    if len(lines) > MOST_LINES:
        return [], [FormError(name=name, key=f"error.{kind}.many")]
    return _each(controller, kind, name, lines)


def _each(
    controller: Controller, kind: Kind, name: str, lines: Sequence[Value]
) -> tuple[list[Subject], list[FormError]]:
    subjects: list[Subject] = []
    complaints: list[FormError] = []
    for number, line in enumerate(lines, start=1):
        try:
            if kind is Kind.PHONE:
                _check_digits(str(line), controller.country)
            subjects.append(services().subject(controller, kind, line))
        except IdentifierParseError:
            which = number if len(lines) > 1 else 0
            key = f"error.{kind}.line" if which else f"error.{kind}.unreadable"
            complaints.append(FormError(name=name, key=key, line=which))
    return subjects, complaints


def _check_digits(line: str, region: str) -> None:
    """Refuse what only a program may send: a person who left a digit out means another number."""
    if not has_all_digits(line, region):
        raise IdentifierParseError("malformed", "Write the whole number.")


def _read_postal(
    controller: Controller, fields: Mapping[str, str]
) -> tuple[list[Subject], list[FormError]]:
    """A person at an address: without a name it would stop everybody who lives there."""
    missing = [
        FormError(name=name, key=f"error.postal.{name}")
        for name, text in fields.items()
        if not text
    ]
    if missing:
        return [], missing
    address = PostalAddress(name=fields["name"], lines=tuple(fields["address"].splitlines()))
    return _each(controller, Kind.POSTAL, "address", [address])
