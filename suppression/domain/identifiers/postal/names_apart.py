"""Several names in one line that no `et` joins: where each begins, and which texts are whole names.

This is part of step 9 of post in docs/identifiers.md.
"""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.name_lines import (
    AND,
    ATTENTION,
    BIRTH,
    CIVILITY_BEHIND,
    MAX_PERSONS,
    PLAIN_CIVILITIES,
    SEPARATOR,
    WORD,
    separated,
    without_civility,
    without_label,
)
from suppression.domain.identifiers.postal.names import is_upper, name_tokens
from suppression.domain.identifiers.postal.plain_names import firm_name
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, SURNAMES_TOO, UNITS, WORD_SETS

# Each side of these is a name, or several; ` - ` and a comma separate whole names alone.
_SIDES = re.compile(r" ?[;|] ?")
_APART = re.compile(r" ?[;|,] ?| [-\u2013\u2014] ")
_DASH = re.compile(r" [-\u2013\u2014] ")
_COMMA = re.compile(r" ?, ?")
_BRACKET = re.compile(r" ?[()] ?")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_SLASH = re.compile(r" ?/ ?")
_CIVIL_BEHIND = re.compile(rf"(?<=\w\w) {CIVILITY_BEHIND}", re.IGNORECASE)
_INITIAL = re.compile(r"(?:[a-z]\.[ -]?){1,2}\w{2,}|\w{3,} [a-z]\.$", re.IGNORECASE)
_NUMBERED_THINGS = WORD_SETS["numbered_things"] | WORD_SETS["lettered_things"] | UNITS
_HOUSEHOLD = WORD_SETS["household"]
_PARTICLES = WORD_SETS["particles"]
_TWO_WORDS = 2


def parts_apart(text: str) -> list[str]:
    """Return the names that `;`, `|`, ` - `, a comma or a second civility separates in a line.

    `text` is folded. Return [] unless it is certain that several people are named: at least one
    name is a whole name (`is_whole_name`), and each other one is a whole name or a known first
    name. Around `;` and `|` any two words are a name.

    >>> parts_apart("Dupont, Jean ; Durand, Marie"), parts_apart("Jean Roux - PETIT, Rose")
    (['Dupont, Jean', 'Durand, Marie'], ['Jean Roux', 'PETIT, Rose'])
    >>> parts_apart("Dupont, Jean"), parts_apart("Jean Dupont, Directeur")
    ([], [])
    """
    sides = [without_label(side.strip()) for side in _SIDES.split(text) if side.strip()]
    if len(sides) < _TWO_WORDS:
        return _parts_of_side(text)
    parts = [part for side in sides for part in _parts_of_side(side) or [_without_title(side)]]
    whole = [part for part in parts if len(name_tokens(part)) > 1 or is_whole_name(part)]
    several = whole and all(part in whole or part.lower() in FIRST_NAMES for part in parts)
    return parts if several else []


def parts_beside_firm(text: str) -> list[str]:
    """Return the parts of a folded name line that has firms and whole names of people; else [].

    >>> parts_beside_firm("SARL Machin, M. Jean Dupont"), parts_beside_firm("SARL Roux, Petit")
    (['SARL Machin', 'M. Jean Dupont'], [])
    >>> parts_beside_firm("SARL Machin Mme Rose Petit"), parts_beside_firm("SARL Petit/Jean Roux")
    (['SARL Machin', 'Mme Rose Petit'], ['SARL Petit', 'Jean Roux'])
    """
    for pattern in (_SIDES, _DASH, _COMMA, _BRACKET, _SLASH, ATTENTION):
        text = pattern.sub(" ; ", text)
    sides = [part for part in text.split(" ; ") if part.strip()]
    parts = [
        without_label(part) for side in sides for part in _CIVIL_BEHIND.split(side, maxsplit=1)
    ]
    people = [part for part in parts if not firm_name(part)]
    return parts if people and all(map(is_whole_name, people)) else []


def names_beside(text: str) -> list[str]:
    """Return the whole names in brackets, or with a civility beside other words, in a name line.

    `text` is folded. A birth name or a host in brackets is none.

    >>> names_beside("Mairie - M. Jean Dupont"), names_beside("Jean Dupont (Marie Durand)")
    (['M. Jean Dupont'], ['Marie Durand'])
    >>> names_beside("Dupont, M. Jean"), names_beside("Rose Dupont (nee Rose Petit)")
    ([], [])
    """
    if "(" not in text and not _APART.search(text):
        return []
    inner = [name for name in _IN_BRACKETS.findall(text) if not BIRTH.match(f" {name} ")]
    sides = [side for side in _APART.split(_IN_BRACKETS.sub(" ", text)) if side.strip()]
    civil = [side.strip() for side in sides[1:] if side and _begins_civil(side.split())]
    return [
        name
        for name in inner + civil
        if len(name_tokens(without_civility(name))) > 1 and is_whole_name(name)
    ]


def surnames_of_family(text: str) -> list[str]:
    """Return the surnames of a family with several in a folded name line; [] for any other line.

    >>> surnames_of_family("Famille DUPONT / MARTIN"), surnames_of_family("Famille DUPONT")
    (['dupont', 'martin'], [])
    """
    parts = separated(text.replace(" - ", " / ").lower())
    words = [word for part in parts for word in part.split()]
    surnames = [word for word in words if word.strip(".") not in _HOUSEHOLD]
    several = len(surnames) > 1 and len(surnames) == len(parts) < len(words)
    return ["".join(WORD.findall(surname)) for surname in surnames] if several else []


def is_crowd(parts: list[str]) -> bool:
    """Return whether the parts that `parts_apart` returns have more than six names."""
    return len(SEPARATOR.split(" et ".join(parts))) > MAX_PERSONS


def is_whole_name(text: str) -> bool:
    """Return whether a text is a civility, a known first name or an initial, and another word.

    >>> is_whole_name("Mme Durand"), is_whole_name("Jean Martin"), is_whole_name("Martin")
    (True, True, False)
    >>> is_whole_name("J. Martin"), is_whole_name("MARTIN J"), is_whole_name("Service B")
    (True, True, False)
    """
    words = [word.lower() for word in WORD.findall(without_civility(text))]
    if words and _begins_civil(text.split()):
        return True
    known = not FIRST_NAMES.isdisjoint(words) or _INITIAL.match(text)
    return (len(words) > 1 and bool(known)) or _ends_with_initial(text)


def _ends_with_initial(text: str) -> bool:
    """Return whether a text is a surname and one letter: `DUPONT J`, `LE GOFF J`, no `Service B`.

    A surname of several words must be in capitals.
    """
    *surname, initial = WORD.findall(text) or [""]
    is_short = 1 <= len(surname) < MAX_PERSONS and (len(surname) == 1 or text.isupper())
    is_thing = not _NUMBERED_THINGS.isdisjoint(word.lower() for word in surname)
    return is_short and not is_thing and len(initial) == 1 < min(map(len, surname))


def is_certain_name(text: str) -> bool:
    """Return whether a folded text is surely a name: with an initial, or surname first.

    In capitals, a surname with a particle may be a place: `LE MOULIN BERNARD`.

    >>> is_certain_name("DUPONT Jean"), is_certain_name("Dupont, Jean"), is_certain_name("J. Roy")
    (True, True, True)
    >>> is_certain_name("Clos Marie"), is_certain_name("LE MOULIN BERNARD")
    (False, False)
    """
    if _INITIAL.match(text):
        return True
    before, comma, after = text.partition(",")
    if comma:
        return bool(name_tokens(before)) and _are_first_names(after)
    first, *others = name_tokens(text) or [""]
    if not others or not is_upper(first) or not _are_first_names(others[-1]):
        return False
    place = first.lower() in _PARTICLES and others[-1].lower() in SURNAMES_TOO
    return not (is_upper(others[-1]) and place)


def _parts_of_side(text: str) -> list[str]:
    """Return the names that ` - `, a comma or a second civility separates; [] if it is not certain.

    `Martin, Jean Michel` is one person.
    """
    sides = _DASH.split(text)
    pieces = [piece for side in sides for piece in _with_first_names(side, alone=len(sides) == 1)]
    parts = [part for piece in pieces for part in _by_civility(_at_front(piece))]
    alone = [part for part in parts if part.lower() in FIRST_NAMES]
    unsure = [part for part in parts if alone and FIRST_NAMES.issuperset(part.lower().split())]
    whole = [part for part in parts if ("," in part or is_whole_name(part)) and part not in unsure]
    several = len(parts) > 1 and whole and len(alone) + len(whole) == len(parts)
    return parts if several else []


def _at_front(piece: str) -> str:
    """Return a piece of a name line without `a l'attention de` at its front."""
    label = ATTENTION.match(piece)
    return piece[label.end() :] if label else piece


def _without_title(side: str) -> str:
    """Return a name without the title behind ` - `; unchanged unless the rest is a whole name."""
    name = _DASH.split(side)[0]
    return name if is_whole_name(name) else side


def _with_first_names(side: str, *, alone: bool) -> list[str]:
    """Return the parts between commas; a surname and the first names behind it stay together.

    `alone`: whether `side` is the whole line: then `Martin, Jean, Rose Roy` may be three people.
    """
    pieces = _COMMA.split(side)
    is_pair = len(pieces) == _TWO_WORDS and not alone
    parts: list[str] = []
    for piece in pieces:
        if parts and _is_surname(parts[-1], piece, is_pair=is_pair):
            parts[-1] += f", {piece}"
        else:
            parts.append(piece)
    return parts


def _is_surname(text: str, given: str, *, is_pair: bool) -> bool:
    """Return whether a text is a surname, and `given` behind its comma the first names.

    `is_pair`: whether the side has only these two, and the line other sides: then `Martin` may be a
    surname, and any word a first name.
    """
    if "," in text or is_whole_name(text):
        return False
    by_case = text.isupper() and not given.isupper()
    if not _are_first_names(given):
        return (by_case or is_pair) and len(name_tokens(given)) == 1
    may_be = is_pair and text.lower() in SURNAMES_TOO
    return by_case or may_be or text.lower() not in FIRST_NAMES


def _are_first_names(text: str) -> bool:
    words = [piece for word in name_tokens(text.lower()) for piece in word.split("-")]
    return bool(words) and FIRST_NAMES.issuperset(words)


def _by_civility(text: str) -> list[str]:
    """Return a text split before each further civility: `M. Jean Dupont Mme Marie Durand` is two.

    A text that does not begin with a civility is one part. It is not split before a civility that
    follows `et`, or that follows only civilities.
    """
    parts: list[list[str]] = [[]]
    for word in text.split():
        civil = word.strip(".,").lower() in PLAIN_CIVILITIES
        named = civil and WORD.match(without_civility(" ".join(parts[-1])))
        if named and parts[-1][-1].lower() not in AND and _begins_civil(parts[0]):
            parts.append([])
        parts[-1].append(word)
    return [" ".join(part) for part in parts if part]


def _begins_civil(words: list[str]) -> bool:
    return words[0].strip(".,").lower() in PLAIN_CIVILITIES
