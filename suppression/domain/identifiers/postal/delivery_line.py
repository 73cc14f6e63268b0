"""The delivery line: the street among the received lines, without flats, floors and boxes.

This module chooses the line for steps 4 to 6 of post in docs/identifiers.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from string import ascii_lowercase
from typing import NamedTuple

from suppression.domain.identifiers.postal.fast_path import fast_street
from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.house_numbers import NumberedStreet, split_number
from suppression.domain.identifiers.postal.plain_lines import (
    behind_hamlet,
    has_number_in_name,
    may_be_plainer,
    plain_lines,
    printed_lines,
)
from suppression.domain.identifiers.postal.plain_words import plain_words
from suppression.domain.identifiers.postal.streets import is_street_type, street_name
from suppression.domain.identifiers.postal.tables import PLAIN_STREETS, STREETS, WORD_SETS
from suppression.domain.identifiers.postal.units import needs_care, without_units

_ROAD_WORDS = WORD_SETS["roads"]
_SPLIT = re.compile(r" ?[,;\n\r|][\s,;|]*| [-\u00b7] ")
_ONLY_NUMBER = re.compile(
    r"(?:n[o°.]{0,2} ?)?\d{1,5}(?:[ /-]?(?:bis|ter|quater|[a-z]|\d{1,5}))?\.?"
)
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_ORDINAL = re.compile(r"\d{1,5} ?e\b")
_STREET_INSIDE = re.compile(r"(?<=[ ])\d{1,5}(?: ?(?:bis|ter|quater|[a-z]))? ([^\W\d_]+)")


class DeliveryLine(NamedTuple):
    """A street's canonical text and its house numbers. A box replaces a missing street."""

    street: str
    numbers: tuple[str, ...] = ()


def delivery_line(lines: Sequence[str], plan: str) -> DeliveryLine:
    """Return the delivery line among folded lower-case lines, by the rules of 0.9.0.

    Its `street` is the post box if no line has a street, and '' if there is no box either. `plan`
    is the code of the country, in lower case, whose street words apply.

    >>> delivery_line(["residence les pins", "bat b", "12 rue victor hugo"], "fr")
    DeliveryLine(street='rue victorhugo', numbers=('12',))
    >>> whole = delivery_line(["12 rue victor hugo"], "fr")
    >>> delivery_line(["12 rue v. hugo, appt 3"], "fr") == whole
    True
    """
    if len(lines) == 1 and (fast := fast_street(lines[0], plan, older=True)):
        return DeliveryLine(street=fast[0], numbers=(fast[1],) if fast[1] else ())
    return _best(*_segments(lines, plan), plan)


def plain_delivery_line(lines: Sequence[str], plan: str, city: str = "") -> DeliveryLine | None:
    """Return the delivery line by today's rules; None if only the reading of 0.9.0 counts.

    That is so if the lines have nothing that is read otherwise since 0.9.0, or if the house number
    of today's reading is not in them in figures. The arguments are those of `delivery_line`, and
    the city, folded in lower case, which may follow the street.

    >>> plain_delivery_line(["12 rue des 4 chemins bat b"], "fr")
    DeliveryLine(street='rue 4chemins', numbers=('12',))
    >>> plain_delivery_line(["12 rue victor hugo"], "fr") is None
    True
    """
    may_change = plan != "fr" or any(map(may_be_plainer, lines))
    if not may_change and set(_WORD.findall(city)).isdisjoint(_WORD.findall(" ".join(lines))):
        return None
    printed = printed_lines(lines)
    plain = plain_lines(printed, plan, city)
    if plain == printed and not any(
        needs_care(line) and has_number_in_name(line, plan) for line in printed
    ):
        return None
    reading = _best(*_segments(plain, plan, inside=False), plan)
    return reading if _has_figures_of(reading, lines) else None


def grounds_delivery_line(lines: Sequence[str], plan: str, city: str = "") -> DeliveryLine | None:
    """Return the delivery line with a hamlet's number taken for that of the grounds behind it.

    The arguments are those of `plain_delivery_line`. Return None if no number may be of both, and
    for any country but France.

    >>> grounds_delivery_line(["hameau du bas 12, residence les pins"], "fr")
    DeliveryLine(street='residence pins', numbers=('12',))
    """
    printed = printed_lines(lines)
    behind = [behind_hamlet(line) for line in printed]
    if plan != "fr" or behind == printed:
        return None
    return _best(*_segments(plain_lines(behind, plan, city), plan, inside=False), plan)


def is_older_in_other_words(lines: Sequence[str], plan: str, reading: DeliveryLine) -> bool:
    """Return whether today's `reading` is that of 0.9.0 with its words written out.

    `reading` is a result of `plain_delivery_line` for these `lines` and this `plan`. Return True
    for any country but France.

    >>> lines = ["12 pro des lilas"]
    >>> is_older_in_other_words(lines, "fr", DeliveryLine("promenade lilas", ("12",)))
    True
    """
    if plan != "fr":
        return True
    written_out = [plain_words(line) for line in printed_lines(lines)]
    return _best(*_segments(written_out, plan), plan) == reading


def _has_figures_of(reading: DeliveryLine, lines: Sequence[str]) -> bool:
    """Return whether the lines have the house numbers of a reading in figures.

    `rue du dixieme` becomes `rue du 10e`, whose number is not a house's.
    """
    text = " ".join(lines)
    figures = _FIGURES.findall(text)
    thousands = [first + second for first, second in pairwise(figures)]
    known = {number.lstrip("0") for number in (*figures, *thousands)}
    if any(map(_ORDINAL.match, reading.numbers)) and not _ORDINAL.search(text):
        return False
    return all(number.rstrip(ascii_lowercase) in known for number in reading.numbers)


def _best(segments: Sequence[str], box: str, plan: str) -> DeliveryLine:
    """Return the street of the first segment with the best `_score`; `box` if none has a street."""
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


def _segments(lines: Sequence[str], plan: str, *, inside: bool = True) -> tuple[list[str], str]:
    """Return all parts of the lines that may be a street, and the first box, '' if none.

    `inside`: whether a street is sought inside of a part that has a unit.
    """
    segments: list[str] = []
    box = ""
    for line in lines:
        parts = _SPLIT.split(line) if _SPLIT.search(line) else [line]
        for index, part in enumerate(parts):
            if needs_care(part):
                bare, box_in_part = without_units(part)
                parts[index] = _street_inside(bare, plan) if inside else bare
                box = box or box_in_part
        segments += _joined_numbers([part for part in parts if part], plan)
    return segments, box


def _joined_numbers(parts: list[str], plan: str) -> list[str]:
    """Return the parts, each lone number joined to its street: `12, rue Foch` or `Via Roma, 12`.

    `parts` are the parts of one line, as commas and the like separate it. A number that has no
    street beside it is left out, unless it is the only part.
    """
    if len(parts) < 2:  # noqa: PLR2004 - nothing to join
        return parts
    joined: list[str] = []
    pending = ""
    for index, part in enumerate(parts):
        if _ONLY_NUMBER.fullmatch(part):
            following = words(parts[index + 1])[:1] if index + 1 < len(parts) else []
            if joined and not (following and is_street_type(following[0], plan)):
                joined[-1] = f"{joined[-1]}, {part}"
            else:
                pending = part
        else:
            joined.append(f"{pending} {part}".strip())
            pending = ""
    return joined


def _street_inside(segment: str, plan: str) -> str:
    """Return a line from the first number inside it that a street type follows.

    The text before that number is taken for a building's name. Return the whole line if it has no
    such number; a number at its beginning does not count.
    """
    for match in _STREET_INSIDE.finditer(segment):
        if is_street_type(match[1], plan):
            return segment[match.start() :]
    return segment


def _score(segment: str, numbered_street: NumberedStreet, plan: str) -> int:
    """Return a score from 0 to 6 of how much a part looks like the street.

    A street type with a number scores highest, then any part with a number, then a type alone. A
    host (`chez`) scores 1, a part without words 0.
    """
    parts, has_number = words(numbered_street.street), bool(numbered_street.numbers)
    if not parts or segment.startswith(("chez ", "c/o ", "c o ")):
        return int(bool(parts))
    table = STREETS.get(plan, PLAIN_STREETS)
    if parts[0] in table.types or parts[-1] in table.ends or parts[0] in _ROAD_WORDS:
        return 6 if has_number else 4
    if parts[0] in table.estates or parts[0] in table.places:
        return 5 if has_number else 3
    return 5 if has_number else 2
