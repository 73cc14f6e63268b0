"""One person's name: surnames and the first name, whichever order and case they came in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from suppression.domain.identifiers.postal.tables import FIRST_NAMES, WORD_SETS

_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*'?")
_PARTICLES = WORD_SETS["particles"]
_ELISIONS = frozenset({"d", "l", "o", "n"})
_VOWELS = frozenset("aeiouy")
_FULL = {"st": "saint", "ste": "sainte"}
_SHORTEST_SURNAME = 3
_INITIALS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class NameReading:
    """One way to read a name: the surname, letters only; the first names, whole or initials."""

    surname: str
    given: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def initial(self) -> str:
        """The first letter of the first name, '' without one."""
        return self.given[0][0] if self.given else ""

    @property
    def whole(self) -> str:
        """The first names in full, '' if one of them is only an initial."""
        short = any(len(piece) == 1 for name in self.given for piece in name.split("-"))
        return "" if short else "".join(self.given).replace("-", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Unit:
    """A word of a name; particles and the word after them are one unit."""

    text: str
    upper: bool
    particle: bool = False


def name_readings(text: str) -> list[NameReading]:
    """How a name, folded and without civility, can be read; the likeliest first.

    >>> [(one.initial, one.surname) for one in name_readings("DUPONT Jean-Pierre")]
    [('j', 'dupont')]
    >>> [(one.initial, one.surname) for one in name_readings("MARTIN PAUL")]
    [('m', 'paul'), ('p', 'martin')]
    >>> [(one.initial, one.surname) for one in name_readings("Jean de La Fontaine")]
    [('j', 'delafontaine')]
    """
    units = _units(_TOKEN.findall(text))
    if len(units) < 2:  # noqa: PLR2004 - a surname alone
        return [_reading(units, [])] if units else []
    by_case = _by_case(units)
    if by_case:
        return [by_case]
    by_initial = _by_initial(units)
    return [by_initial] if by_initial else _by_order(units)


def _units(tokens: list[str]) -> list[_Unit]:
    """The words of a name, each particle together with the word that follows it."""
    units: list[_Unit] = []
    held: list[str] = []
    for at, token in enumerate(tokens):
        low = token.replace("'", "").lower()
        last = at == len(tokens) - 1
        if not last and (low in _PARTICLES or (low in _ELISIONS and (units or held))):
            held.append(_FULL.get(low, low))
            continue
        if last and low in _PARTICLES and units and not held:
            before = units.pop()
            units.append(_Unit(text=low + before.text, upper=before.upper, particle=True))
            continue
        particle = bool(held) or token[1:2] == "'"
        units.append(_Unit(text="".join(held) + low, upper=_is_upper(token), particle=particle))
        held = []
    return units


def _is_upper(token: str) -> bool:
    """`DUPONT` and `d'ORNANO`; one letter says nothing."""
    tail = token.rstrip("'").rpartition("'")[2]
    return len(tail) > 1 and tail.replace("-", "").isupper()


def _by_case(units: list[_Unit]) -> NameReading | None:
    """Capitals mark the surname: `Jean DUPONT`, `DUPONT Jean`. JP is no surname."""
    full = [unit for unit in units if len(unit.text) > 1]
    upper = [unit for unit in full if unit.upper and not _are_initials(unit)]
    other = [unit for unit in full if not unit.upper]
    if upper and other:
        return _reading(upper, [unit for unit in units if not unit.upper or _are_initials(unit)])
    return None


def _are_initials(unit: _Unit) -> bool:
    return len(unit.text) == _INITIALS and _VOWELS.isdisjoint(unit.text)


def _by_initial(units: list[_Unit]) -> NameReading | None:
    """`J. Dupont`, `DUPONT J`, `JP Dupont`: the initials are the first name."""
    short = [len(unit.text) == 1 or _are_initials(unit) for unit in units]
    if all(short) or not (short[0] or short[-1]):
        return None
    surname = [unit for unit, is_short in zip(units, short, strict=True) if not is_short]
    given = [unit for unit, is_short in zip(units, short, strict=True) if is_short]
    if short[-1] and not short[0] and len(surname) > 1 and _is_first(surname[-1]):
        return None
    return _reading(surname, given)


def _by_order(units: list[_Unit]) -> list[NameReading]:
    """No case, no initial: first names tell, and where they do not, both orders are read."""
    units = [unit for unit in units if len(unit.text) > 1] or units
    natural = _reading(*reversed(_split_front(units)))
    backward = _reading(*_split_back(units))
    if units[-1].particle:
        return [natural]
    if units[0].particle:
        return [backward]
    if _is_first(units[0]):
        return [natural, backward] if _is_first(units[-1]) else [natural]
    return [backward, natural] if _is_first(units[-1]) else [natural, backward]


def _split_front(units: list[_Unit]) -> tuple[list[_Unit], list[_Unit]]:
    """First names in front: as many as are known, at least one, and one word is left."""
    at = 1
    while _is_first(units[0]) and at < len(units) - 1 and _is_first(units[at]):
        at += 1
    return units[:at], units[at:]


def _split_back(units: list[_Unit]) -> tuple[list[_Unit], list[_Unit]]:
    """First names behind, the surname before them."""
    at = len(units) - 1
    while _is_first(units[-1]) and at > 1 and _is_first(units[at - 1]):
        at -= 1
    return units[:at], units[at:]


def _is_first(unit: _Unit) -> bool:
    return not unit.particle and all(piece in FIRST_NAMES for piece in unit.text.split("-"))


def _reading(surname: list[_Unit], given: list[_Unit]) -> NameReading:
    pieces = [_FULL.get(piece, piece) for unit in surname for piece in unit.text.split("-")]
    plain = not any(unit.particle for unit in surname)
    double = plain and len(pieces) > 1 and min(map(len, pieces)) >= _SHORTEST_SURNAME
    return NameReading(
        surname="".join(pieces),
        given=tuple(unit.text for unit in given),
        parts=tuple(pieces) if double else (),
    )
