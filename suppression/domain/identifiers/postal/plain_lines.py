"""Street lines as they are read today, beside the reading that version 0.9.0 gave them.

`plain_lines` puts texts that 0.9.0 misread into a spelling that `delivery_line.py` reads well: text
before the house number or behind the street's name, and numbers in unusual spellings. Suppressions
of older spellings remain under their older match keys, which `match_keys.py` looks up too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.plain_abroad import plain_abroad
from suppression.domain.identifiers.postal.plain_streets import (
    AT_FRONT,
    GROUNDS,
    NUMBER,
    TYPE,
    is_street,
    is_type,
    is_whole_street,
    with_range,
    without_city,
)
from suppression.domain.identifiers.postal.plain_words import LATER_STREET_WORDS, plain_words
from suppression.domain.identifiers.postal.tables import BOXES, UNITS, WORD_SETS
from suppression.domain.identifiers.postal.units import needs_care

# A number, or two ends of a range, and what may be a street's type behind it: ` 12 bis, rue`.
_NUMBERED = re.compile(rf"(?<=[ ,;/-]){NUMBER}(?: ?[-/&] ?{NUMBER})? ?,? ?{TYPE}")
_ORDINAL = re.compile(r"\d{1,5} ?e\b")
_LONE = re.compile(rf"(?:n[o\u00b0.]{{0,2}} ?)?{NUMBER}[.,]?")
_GLUED_SUFFIX = re.compile(
    r"(?<![\d/-])(\d{1,5}) ?(?:-|\((?=[a-z]+\)))(bis|ter|quater|quinquies|[a-z])\)?(?=[ ,]|$)"
)
_THOUSANDS = re.compile(r"(\d) (\d{3})(?= [^\W\d_])")
_NUMBER_AT_END = re.compile(rf"(?:^|[ ,;/-]){NUMBER}$")
_LABEL_AT_END = re.compile(r"\b(?:n[o\u00b0]?|num|numero)[ .\u00b0]*$")
# These are parts of house numbers, not words in front of one: `12 et 14`, `12 bis`.
_NUMBER_WORDS = frozenset({"au", "et", "ou", "no", "num", "bis", "ter", "quater", "quinquies"})
_ARTICLES = WORD_SETS["articles"]
# A number behind these is their own, or part of a name: `bat 12 rue foch`, `rue des 4 chemins`.
_OWNERS = UNITS | BOXES | _ARTICLES | WORD_SETS["roads_with_numbers"] | WORD_SETS["floors"]
_NEAR = 40
_BEHIND = re.compile(
    r"(?<=[a-z]{2}) (?=(?:lieu(?:x)?[ -]?dits?|ld|hameau|ham|quartier|qrt|domaine"
    r"|residence|res)[ :.])"
)
# What `plain_lines` may change, and a number inside a name: nearly all lines have neither.
_MAY_BE_PLAINER = re.compile(
    r" - |[ ,;/]\d|[a-z]-\d|\d ?[-(]|^[^\w\n]{0,3}(?:n[o\u00b0.]{0,2} ?)?\d{1,5}[ a-z]{0,7}[.,]?$"
    r"|\b(?:lieu|ld|ham|qrt|quartier|domaine|res)|[a-z]\d{5}$|#"
    r"|\bno\d|(?:^|[^\w'])[a-z](?![\w'])|^(?:\d{1,5},? )?(?:la|le|les|l)[ ']",
    re.MULTILINE,
)
# What is behind a street without a comma, up to the line's end.
COMPLEMENTS = WORD_SETS["complements"]
_WAY = (
    rf"(?:(?:{'|'.join(sorted(COMPLEMENTS - {'sol'}))}|sous[ -]sol)\b"
    r"|\d{1,2} ?(?:er|ere|e|eme|ieme) ?(?:et|etg|gauche|droite|face|fond)\b|face (?:a|au|aux)\b)"
)
_COMPLEMENT = re.compile(
    rf"(?<=[a-z]{{2}}),? (?:{_WAY}"
    r"|(?P<number>\d{1,2} ?(?:et|etg|gauche|droite|face|fond)\b"
    r"|(?:rn|rd|cd|n[o\u00b0]?) ?\d{1,5}$))"
)
# A labelled house number behind its street, perhaps with more behind it: ` n° 12 studio`.
_LABELLED = re.compile(
    r"(?:(?<=[a-z])[ ,]+(?:n[o\u00b0.]{1,2}|num|numero)"
    r"|(?:(?<=\brue nationale)|(?<=\br nationale)|(?<=\br\. nationale)),?"
    rf"|(?<=[a-z])(?=, ?{NUMBER} {_WAY}),) ?({NUMBER})(?:$|[ ,;]+(?:- )?"
    r"(?=\d{1,2} ?(?:er|ere|e|eme|ieme)\b|(?!(?:et|ou|au|bis|ter|quater|quinquies)\b)[a-z]{2}))"
)
# Words of roads that have a number in the place of a name: `chemin rural n° 5`.
_ROADS = WORD_SETS["roads"] | WORD_SETS["numbered_roads"]
_GLUED_POSTCODE = re.compile(r"(?<=[a-z])\d{5}$")
_TRIGGERS = COMPLEMENTS | LATER_STREET_WORDS | {"et", "etg", "rn", "rd", "cd", "face"}
PLACES_BEHIND = frozenset({"hameau", "ham", "quartier", "qrt", "domaine", "residence", "res"})


def may_be_plainer(line: str) -> bool:
    """Return whether a folded lower-case line may be read otherwise since 0.9.0.

    The line may have line breaks.

    >>> may_be_plainer("12 rue foch"), may_be_plainer("bat a 12, rue foch")
    (False, True)
    """
    return bool(_MAY_BE_PLAINER.search(line)) or not _TRIGGERS.isdisjoint(words(line))


def printed_lines(lines: Sequence[str]) -> list[str]:
    """Return the printed lines of folded lines: split at line breaks, without empty ones."""
    return [piece for line in lines for part in line.split("\n") if (piece := part.strip())]


def plain_lines(printed: Sequence[str], plan: str, city: str = "") -> list[str]:
    """Return folded lower-case lines in the spelling that is read best; most are unchanged.

    No line of `printed` has a line break. `plan` is the code of the country, in lower case, whose
    street words apply. `city` is folded, in lower case; behind a street it is left out.

    >>> plain_lines(["residence les pins 12, rue foch"], "fr")
    ['12, rue foch']
    >>> plain_lines(["12-bis rue foch lieu-dit le bourg"], "fr")
    ['12 bis rue foch, lieu-dit le bourg']
    """
    if plan != "fr":
        return [plain_abroad(line, plan) for line in printed]
    return _with_lone_number([_plain(line, plan, city) for line in printed], plan)


def has_number_in_name(line: str, plan: str) -> bool:
    """Return whether a number in a line is part of a street's name: `rue des 4 chemins`."""
    return any(
        is_type(match[2], plan) and _last_word(line[: match.start()]) in _ARTICLES
        for match in _NUMBERED.finditer(line)
    )


def _with_lone_number(lines: list[str], plan: str) -> list[str]:
    """Return the lines, a number alone in its line put before the street if that has none.

    The street is the first line with a street's type, else the first that names no unit.
    """
    lone = [line for line in lines if _LONE.fullmatch(line)]
    others = [line for line in lines if not _LONE.fullmatch(line)]
    streets = [line for line in others if not needs_care(line)]
    if len(lone) != 1 or not streets or any(map(_has_digit, streets)):
        return lines
    street = next((line for line in streets if is_type(_next_word(line), plan)), streets[0])
    return [f"{lone[0]} {street}", *(line for line in others if line != street)]


def _plain(line: str, plan: str, city: str) -> str:
    """Return one line in its plain spelling."""
    line = plain_words(_GLUED_POSTCODE.sub("", line))
    line = with_range(_GLUED_SUFFIX.sub(r"\1 \2", line), plan)
    thousands = _THOUSANDS.match(line)
    if thousands and is_type(_next_word(line[thousands.end() :]), plan):
        line = f"{thousands[1]}{line[thousands.start(2) :]}"
    line = _parted_from_place(_without_front(line, plan).replace(" - ", ", "), plan)
    line = _without_complement(_with_number_in_front(line, plan), plan)
    return without_city(line, city, plan) if city else line


def _with_number_in_front(line: str, plan: str) -> str:
    """Return a line with its labelled house number before the street: `rue foch n° 12 studio`."""
    if line[:1].isdigit():
        return line
    for match in _LABELLED.finditer(line):
        street = line[: match.start()]
        if not _owns_any_number(street) and is_whole_street(street, plan):
            return f"{match[1]} {street}, {line[match.end() :]}".rstrip(" ,")
    return line


def _without_complement(line: str, plan: str) -> str:
    """Return a line without a studio, a floor, a road or another complement behind its street.

    A complement that is a number (`2 et`, `rn 7`) stays unless the street has a house number in
    front, because it may be that number or the street's own.
    """
    for match in _COMPLEMENT.finditer(line):
        street = line[: match.start()]
        if match["number"] and not has_number_and_name(street):
            continue
        if is_whole_street(street, plan):
            return street
    return line


def has_number_and_name(street: str) -> bool:
    """Return whether a street has a house number in front, and a name that is no road's number.

    `grande rue` has a name; `ancienne route` has none.
    """
    match = AT_FRONT.match(street)
    if not match or not street[0].isdigit() or _owns_any_number(street):
        return False
    return bool(words(street[match.end() :])) or match[2] == "rue"


def _owns_any_number(street: str) -> bool:
    """Return whether a number behind a street is a road's, as in `chemin rural`, or a unit's.

    `rue nationale` is no road: its name is that of many streets in towns.
    """
    parts = words(street)
    if parts[-2:] in (["rue", "nationale"], ["r", "nationale"]):
        return False
    return parts[-1] in _OWNERS or not _ROADS.isdisjoint(parts)


def _without_front(line: str, plan: str) -> str:
    """Return a line from its house number on, without the building or the box in front of it.

    The number must stand before a street's type or grounds. One that belongs to a unit, a box, a
    road or an article in front of it is no house number. A line that begins with a street is
    unchanged.
    """
    for match in _NUMBERED.finditer(line):
        front = line[: match.start()].rstrip(" ,;:/-")
        if not is_type(match[2], plan) and not _are_grounds(match, front):
            continue
        if _ends_in_house_number(front) and not _is_numbered(match, line, plan):
            continue
        if is_street(front, plan):
            return line
        if _has_words(front) and not owns_number(front):
            return line[match.start() :]
    return line


def _ends_in_house_number(front: str) -> bool:
    """Return whether a text ends in a number that belongs to nothing in front of it."""
    match = _NUMBER_AT_END.search(front)
    return match is not None and not owns_number(front[: match.start()])


def _is_numbered(match: re.Match[str], line: str, plan: str) -> bool:
    """Return whether a matched number begins a numbered street, unlike `3e avenue`, `4 chemins`."""
    if _ORDINAL.match(match[0]):
        return False
    is_named = match[2] in GROUNDS and bool(words(line[match.end() :]))
    return is_named or is_whole_street(f"1 {line[match.start(1 if match[1] else 2) :]}", plan)


def _are_grounds(match: re.Match[str], front: str) -> bool:
    """Return whether a matched number is that of grounds behind it, not of the text in front.

    In `hameau du bas n° 12, residence les pins` it is the hamlet's, which has no other number.
    """
    if match[2] not in GROUNDS:
        return False
    is_parted = "," in match[0] or _LABEL_AT_END.search(front)
    begin = _next_word(front)
    return not is_parted or begin not in GROUNDS or begin in UNITS | BOXES or _has_digit(front)


def behind_hamlet(line: str) -> str:
    """Return a line from the number on that its hamlet or the grounds behind it may have.

    >>> behind_hamlet("hameau du bas n° 12, residence les pins")
    '12, residence les pins'
    """
    if _next_word(line) in GROUNDS:
        for match in _NUMBERED.finditer(line):
            if match[2] in GROUNDS and not _are_grounds(match, line[: match.start()].rstrip(" ,")):
                return line[match.start() :]
    return line


def owns_number(front: str) -> bool:
    """Return whether a number behind a text belongs to it, as behind `bat`, `bp`, `rue des`.

    None belongs to the letter of a unit, as in `bat d`, nor to the floor `et.`.
    """
    if front.endswith("et."):
        return False
    near = words(_LABEL_AT_END.sub("", front[-_NEAR:]))
    if len(near) > 1 and len(near[-1]) == 1 and near[-2] in UNITS:
        return False
    return bool(near) and near[-1] in _OWNERS


def _parted_from_place(line: str, plan: str) -> str:
    """Return a line with a comma between a street and the lieu-dit or hamlet behind it."""
    for match in _BEHIND.finditer(line):
        street = line[: match.start()]
        if is_whole_street(street, plan):
            return f"{street}, {line[match.end() :]}"
    return line


def _has_words(text: str) -> bool:
    """Return whether a text has a word that is no part of a house number."""
    near = words(text[:_NEAR])
    return any(len(word) > 1 and word.isalpha() and word not in _NUMBER_WORDS for word in near)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _last_word(text: str) -> str:
    """Return the last word of a text, or ''."""
    return next(iter(words(text[-_NEAR:])[-1:]), "")


def _next_word(text: str) -> str:
    """Return the first word of a text, or ''."""
    return next(iter(words(text[:_NEAR])), "")
