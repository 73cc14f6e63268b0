"""The name of one person: surnames and first names, in any order and case.

This is step 7 of post in docs/identifiers.md, and of step 8 the order of a name and the halves of a
double surname; `recipients.py` has the rest of step 8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from suppression.domain.identifiers.postal.tables import FIRST_NAMES, SURNAMES_TOO, WORD_SETS

_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*'?")
_PARTICLES = WORD_SETS["particles"]
_ELISIONS = frozenset({"d", "l", "o", "n"})
_VOWELS = frozenset("aeiouy")
_FULL_FORMS = {"st": "saint", "ste": "sainte"}
_MIN_SURNAME_LENGTH = 3
_INITIALS_LENGTH = 2
_TWO_WORDS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class NameReading:
    """A reading of a name, in lower case: the surname without spaces and hyphens, the first names.

    `given` are the first names, whole or initials. `parts` are the two or more surnames of a double
    surname, () for any other.
    """

    surname: str
    given: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def initial(self) -> str:
        """The first letter of the first name; '' without one."""
        return self.given[0][0] if self.given else ""

    @property
    def whole(self) -> str:
        """The first names in one word, such as `jeanpierre`; '' if there are none.

        Also '' if a first name is only initials: a letter, or two consonants (`JP`).
        """
        has_initial = any(
            len(piece) == 1 or are_initials(piece)
            for name in self.given
            for piece in name.split("-")
        )
        return "" if has_initial else "".join(self.given).replace("-", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class NameUnit:
    """A word of a name in lower case, its particles in front of it.

    `upper`: whether it was in capitals; `particle`: whether it has particles.
    """

    text: str
    upper: bool
    particle: bool = False


def name_readings(text: str) -> list[NameReading]:
    """Return the readings of a folded name without civility, the likeliest first; [] without words.

    >>> [(reading.initial, reading.surname) for reading in name_readings("DUPONT Jean-Pierre")]
    [('j', 'dupont')]
    >>> [(reading.initial, reading.surname) for reading in name_readings("MARTIN PAUL")]
    [('m', 'paul'), ('p', 'martin')]
    >>> [(reading.initial, reading.surname) for reading in name_readings("Jean de La Fontaine")]
    [('j', 'delafontaine')]
    """
    return read_units(name_units(name_tokens(text)))


def surname_before_comma(text: str) -> NameReading:
    """Return the reading of the folded words in front of a comma, all of which are a surname.

    `text` has a word.

    >>> surname_before_comma("NG").surname, surname_before_comma("DE LA FONTAINE").surname
    ('ng', 'delafontaine')
    """
    tokens = name_tokens(text)
    units = name_units(tokens)
    if all(map(_is_short, units)) or tokens[-1].lower() in _PARTICLES:
        return unit_reading(units, [])
    # An initial added behind makes every word before it the surname.
    return read_units(name_units([*tokens, "X"]))[0]


def name_tokens(text: str) -> list[str]:
    """Return the words of a folded name; hyphens and apostrophes inside them stay."""
    return _TOKEN.findall(text)


def read_units(units: list[NameUnit]) -> list[NameReading]:
    """Return the readings of the units of a name, the likeliest first; [] without units."""
    if len(units) < 2:  # noqa: PLR2004 - a surname alone
        return [unit_reading(units, [])] if units else []
    by_case = _by_case(units)
    if by_case:
        return [by_case]
    by_initial = _by_initial(units)
    return [by_initial] if by_initial else _by_order(units)


def name_units(tokens: list[str]) -> list[NameUnit]:
    """Return the words of a name, each particle together with the word that follows it.

    A particle at the end goes in front of the word before it.
    """
    units: list[NameUnit] = []
    pending: list[str] = []
    for index, token in enumerate(tokens):
        lowered = token.replace("'", "").lower()
        last = index == len(tokens) - 1
        if not last and (lowered in _PARTICLES or (lowered in _ELISIONS and (units or pending))):
            pending.append(_FULL_FORMS.get(lowered, lowered))
            continue
        if last and lowered in _PARTICLES and units and not pending:
            before = units.pop()
            units.append(NameUnit(text=lowered + before.text, upper=before.upper, particle=True))
            continue
        particle = bool(pending) or token[1:2] == "'"
        units.append(
            NameUnit(text="".join(pending) + lowered, upper=is_upper(token), particle=particle)
        )
        pending = []
    return units


def is_upper(token: str) -> bool:
    """Return whether a token is in capitals, as `DUPONT` and `d'ORNANO`; one letter is not."""
    tail = token.rstrip("'").rpartition("'")[2]
    return len(tail) > 1 and tail.replace("-", "").isupper()


def _by_case(units: list[NameUnit]) -> NameReading | None:
    """Return the reading by case, as of `DUPONT Jean`: the surname is in capitals, the rest is not.

    Return None for a name in one case. Initials have no case.
    """
    full = [unit for unit in units if len(unit.text) > 1]
    upper = [unit for unit in full if unit.upper and not are_initials(unit.text)]
    other = [unit for unit in full if not unit.upper]
    if upper and other:
        return unit_reading(
            upper, [unit for unit in units if not unit.upper or are_initials(unit.text)]
        )
    return None


def are_initials(word: str) -> bool:
    """Return whether a word is two initials: two consonants, such as `JP`."""
    return len(word) == _INITIALS_LENGTH and _VOWELS.isdisjoint(word)


def _is_short(unit: NameUnit) -> bool:
    return len(unit.text) == 1 or are_initials(unit.text)


def _by_initial(units: list[NameUnit]) -> NameReading | None:
    """Return the reading of a name that begins or ends with initials; None for any other name.

    The initials are the first name: `DUPONT J`, `JP Dupont`. Also return None if all words are
    initials, or if initials follow a surname and a first name, as in `Dupont Jean M`.
    """
    are_short = [_is_short(unit) for unit in units]
    if all(are_short) or not (are_short[0] or are_short[-1]):
        return None
    surname = [unit for unit, is_short in zip(units, are_short, strict=True) if not is_short]
    first_names = [unit for unit, is_short in zip(units, are_short, strict=True) if is_short]
    if are_short[-1] and not are_short[0] and len(surname) > 1 and _is_first_name(surname[-1]):
        return None
    return unit_reading(surname, first_names)


def _by_order(units: list[NameUnit]) -> list[NameReading]:
    """Return the readings by the order of the words, the likeliest first.

    A particle tells the surname, and so does a known first name in front if the last word is not
    one, unless it is a surname as often (`MARTIN YOANN`). Otherwise both orders are possible.
    """
    long = [unit for unit in units if len(unit.text) > 1]
    if len(long) == 1:  # `J. NG`
        return [unit_reading(long, [unit for unit in units if unit not in long])]
    units = long or units
    natural = unit_reading(*reversed(_split_front(units)))
    backward = unit_reading(*_split_back(units))
    if units[-1].particle:
        return [natural]
    if units[0].particle:
        return [backward]
    if _is_first_name(units[0]):
        is_surname_too = len(units) == _TWO_WORDS and units[0].text in SURNAMES_TOO
        return [natural, backward] if is_surname_too or _is_first_name(units[-1]) else [natural]
    return [backward, natural] if _is_first_name(units[-1]) else [natural, backward]


def _split_front(units: list[NameUnit]) -> tuple[list[NameUnit], list[NameUnit]]:
    """Return the first names in front, at least one word, and the other words.

    Known first names at the front all count as first names, except the last word.
    """
    index = 1
    while _is_first_name(units[0]) and index < len(units) - 1 and _is_first_name(units[index]):
        index += 1
    return units[:index], units[index:]


def _split_back(units: list[NameUnit]) -> tuple[list[NameUnit], list[NameUnit]]:
    """Return the surname and the first names behind it, which are at least one word.

    Known first names at the end all count as first names, except the first word.
    """
    index = len(units) - 1
    while _is_first_name(units[-1]) and index > 1 and _is_first_name(units[index - 1]):
        index -= 1
    return units[:index], units[index:]


def _is_first_name(unit: NameUnit) -> bool:
    """Return whether a unit is a known first name."""
    return not unit.particle and all(piece in FIRST_NAMES for piece in unit.text.split("-"))


def unit_reading(surname: list[NameUnit], first_names: list[NameUnit]) -> NameReading:
    """Return the reading of these surname and first name units."""
    pieces = [_FULL_FORMS.get(piece, piece) for unit in surname for piece in unit.text.split("-")]
    plain = not any(unit.particle for unit in surname)
    is_double = plain and len(pieces) > 1 and min(map(len, pieces)) >= _MIN_SURNAME_LENGTH
    return NameReading(
        surname="".join(pieces),
        given=tuple(unit.text for unit in first_names),
        parts=tuple(pieces) if is_double else (),
    )
