"""Name lines of tables, such as `M;DUPONT;Jean`, and references above a name in free lines.

This is part of step 9 of post in docs/identifiers.md.
"""

from __future__ import annotations

import dataclasses
import re

from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.postal.folding import fold
from suppression.domain.identifiers.postal.free_lines import (
    begins_with_civility,
    is_name,
    split_lines,
)
from suppression.domain.identifiers.postal.name_lines import PLAIN_CIVILITIES, WORD
from suppression.domain.identifiers.postal.names import name_tokens, name_units
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, SURNAMES_TOO, WORD_SETS

_CIVILITIES = "|".join(sorted(WORD_SETS["civilities"]))
# In a name and the lines below it; a first line with a digit may be a reference.
MAY_BE_TIDIED = re.compile(rf"\b(?:{_CIVILITIES})\.? ?[,;|]|\A\n[^\n]*\d", re.IGNORECASE)
_FRONT = re.compile(rf"\W*({_CIVILITIES})\.? ?([,;|])[ ,;|]*(?=[^\W\d_])", re.IGNORECASE)
_JOINS = re.compile(r"( ?[&+/] ?| et )", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;|]")
_NUMBERED = "|".join(sorted(WORD_SETS["numbered_papers"]))
_REFERENCE = re.compile(
    rf"\W*(?:(?:n|no|num|numero|code|votre|notre|vos|nos)\b\W*){{0,3}}(?:{_NUMBERED})s?\b\W*"
    r"(?:(?:n|no|num|numero)\b\W*)?[a-z]{0,4}\W?\d[\w ./-]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\W*\d[\d ./-]{3,}")
_NAME_STREET_POSTCODE = 3


def tidied_names(address: PostalAddress) -> PostalAddress:
    """Return an address with a space behind each civility, and no references above its name.

    >>> tidied_names(PostalAddress(name="M;DUPONT;Jean")).name
    'DUPONT, Jean'
    """
    lines = tuple(map(_tidied_lines, address.lines))
    if not address.name and len(lines) > 0:
        lines = without_references(lines)
    return dataclasses.replace(address, name=_tidied_lines(address.name), lines=lines)


def without_references(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return free lines without references above the name, such as a customer's number.

    A bare number is one only above a line that is surely a name.

    >>> without_references(("N° client 123", "Jean Dupont", "12 rue Foch", "35000 Rennes"))
    ('Jean Dupont', '12 rue Foch', '35000 Rennes')
    >>> without_references(("12", "rue Foch", "35000 Rennes"))
    ('12', 'rue Foch', '35000 Rennes')
    """
    kept = split_lines(lines)
    while len(kept) > _NAME_STREET_POSTCODE and _is_reference(fold(kept[0]), kept[1]):
        kept.pop(0)
    return tuple(kept) if len(kept) < len(split_lines(lines)) else lines


def _is_reference(line: str, below: str) -> bool:
    is_number = _NUMBER.fullmatch(line) and (begins_with_civility(below) or is_name(below))
    return bool(is_number or _REFERENCE.fullmatch(line))


def _tidied_lines(text: str) -> str:
    return "\n".join(map(tidied_line, text.splitlines()))


def tidied_line(line: str) -> str:
    """Return a name line with a space or `et` behind a civility in place of a separator.

    Where the same separator parts a surname from its first names, a comma does so, without the
    civility.

    >>> tidied_line("MR,DUPONT,JEAN"), tidied_line("M|Jean|DUPONT"), tidied_line("Mme; DURAND Rose")
    ('DUPONT, JEAN', 'DUPONT, Jean', 'Mme DURAND Rose')
    >>> tidied_line("Mme, M. Dupont"), tidied_line("Dupont, M, Jean"), tidied_line("Dr, Jean")
    ('Mme et M. Dupont', 'Dupont, M, Jean', 'Dr, Jean')
    >>> tidied_line("M;Jean DUPONT;Paul MARTIN")
    'M Jean DUPONT;Paul MARTIN'
    """
    return "".join(map(_tidied, _JOINS.split(line)))


def _tidied(text: str) -> str:
    front = _FRONT.match(text)
    if not front:
        return text
    rest = text[front.end() :]
    civil = front[1].lower() in PLAIN_CIVILITIES
    words = WORD.findall(fold(rest).lower())
    if words[0] in PLAIN_CIVILITIES:
        return f"{front[1]} et {rest}"
    if PLAIN_CIVILITIES.isdisjoint(words) and (pair := _surname_and_first_names(rest, front[2])):
        return ", ".join(pair)
    return f"{front[1]} {rest}" if civil or len(words) > 1 else text


def _surname_and_first_names(text: str, separator: str) -> tuple[str, str] | None:
    """Return the surname and the first names that a separator parts; None for any other text."""
    surname, *others = [part.strip() for part in text.split(separator)]
    given = " ".join(others).strip()
    if not given or _SEPARATORS.search(f"{surname}{given}"):
        return None
    if any(len(name_units(name_tokens(fold(part)))) > 1 for part in (surname, *others)):
        return None
    front, behind = fold(surname).lower(), fold(given).lower()
    by_case = given.isupper() and not surname.isupper()
    known = front in FIRST_NAMES and front not in SURNAMES_TOO and behind not in FIRST_NAMES
    return (given, surname) if by_case or known else (surname, given)
