"""Which of the written lines is the street, once flats, floors, buildings and boxes are gone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from suppression.domain.identifiers.postal.fast_path import fast_street
from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.house_numbers import NumberedStreet, split_number
from suppression.domain.identifiers.postal.streets import is_street_type, street_name
from suppression.domain.identifiers.postal.tables import PLAIN_STREETS, STREETS, WORD_SETS
from suppression.domain.identifiers.postal.units import needs_care, without_units

_ROADS = WORD_SETS["roads"]
_SPLIT = re.compile(r" ?[,;\n\r|][\s,;|]*| [-\u00b7] ")
_ONLY_NUMBER = re.compile(
    r"(?:n[o°.]{0,2} ?)?\d{1,5}(?:[ /-]?(?:bis|ter|quater|[a-z]|\d{1,5}))?\.?"
)
_STREET_INSIDE = re.compile(r"(?<=[ ])\d{1,5}(?: ?(?:bis|ter|quater|[a-z]))? ([^\W\d_]+)")


class DeliveryLine(NamedTuple):
    """A street in its one spelling and its doors; a box stands in for a street without one."""

    street: str
    numbers: tuple[str, ...] = ()


def delivery_line(lines: Sequence[str], plan: str) -> DeliveryLine:
    """The street among folded lower-case lines, '' when there is none.

    >>> delivery_line(["residence les pins", "bat b", "12 rue victor hugo"], "fr")
    DeliveryLine(street='rue victorhugo', numbers=('12',))
    >>> whole = delivery_line(["12 rue victor hugo"], "fr")
    >>> delivery_line(["12 rue v. hugo, appt 3"], "fr") == whole
    True
    """
    if len(lines) == 1 and (quick := fast_street(lines[0], plan)):
        return DeliveryLine(street=quick[0], numbers=(quick[1],) if quick[1] else ())
    segments, box = _segments(lines, plan)
    best, best_score = DeliveryLine(street=box), 0
    for segment in segments:
        numbered_street = split_number(segment, plan)
        score = _score(segment, numbered_street, plan)
        if score > best_score:
            street = street_name(numbered_street.street, plan)
            if street:
                best, best_score = (
                    DeliveryLine(street=street, numbers=numbered_street.numbers),
                    score,
                )
    return best


def _segments(lines: Sequence[str], plan: str) -> tuple[list[str], str]:
    """Every part of the lines that could be a street, and the box that was named, if any."""
    segments: list[str] = []
    box = ""
    for line in lines:
        parts = _SPLIT.split(line) if _SPLIT.search(line) else [line]
        for at, part in enumerate(parts):
            if needs_care(part):
                bare, found = without_units(part)
                parts[at] = _street_inside(bare, plan)
                box = box or found
        segments += _joined_numbers([part for part in parts if part], plan)
    return segments, box


def _joined_numbers(parts: list[str], plan: str) -> list[str]:
    """A number that a comma cut off, `12, rue Foch` or `Via Roma, 12`, back with its street."""
    if len(parts) < 2:  # noqa: PLR2004 - nothing to join
        return parts
    made: list[str] = []
    pending = ""
    for at, part in enumerate(parts):
        if _ONLY_NUMBER.fullmatch(part):
            following = words(parts[at + 1])[:1] if at + 1 < len(parts) else []
            if made and not (following and is_street_type(following[0], plan)):
                made[-1] = f"{made[-1]}, {part}"
            else:
                pending = part
        else:
            made.append(f"{pending} {part}".strip())
            pending = ""
    return made


def _street_inside(segment: str, plan: str) -> str:
    """From the house number on, where a building's name stands before it on the line."""
    for found in _STREET_INSIDE.finditer(segment):
        if is_street_type(found[1], plan):
            return segment[found.start() :]
    return segment


def _score(segment: str, found: NumberedStreet, plan: str) -> int:
    """How much a part looks like the street: a type and a number beat a type, beat the rest."""
    parts, has_number = words(found.street), bool(found.numbers)
    if not parts or segment.startswith(("chez ", "c/o ", "c o ")):
        return int(bool(parts))
    table = STREETS.get(plan, PLAIN_STREETS)
    if parts[0] in table.types or parts[-1] in table.ends or parts[0] in _ROADS:
        return 6 if has_number else 4
    if parts[0] in table.estates or parts[0] in table.places:
        return 5 if has_number else 3
    return 5 if has_number else 2
