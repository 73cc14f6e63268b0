"""Tidying of French street lines, in front of the house number and behind the street.

`address_keys.py` reads the tidied line, and beside it the line as `mended_lines.py` alone makes it,
whose readings are the older ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.house_numbers import is_ordinal
from suppression.domain.identifiers.postal.mended.columns import MAY_BE_COLUMNS, joined_columns
from suppression.domain.identifiers.postal.mended.mended_lines import (
    HOUSE,
    KINGS,
    LABEL,
    is_front,
    mended_lines,
)
from suppression.domain.identifiers.postal.plain_lines import has_number_and_name, owns_number
from suppression.domain.identifiers.postal.plain_streets import (
    GROUNDS,
    NUMBER,
    TYPE,
    is_street,
    is_type,
    is_whole_street,
)
from suppression.domain.identifiers.postal.tables import BOXES, STREETS, WORD_SETS

_FRENCH = STREETS["fr"]
_PLACES = _FRENCH.types.keys() | _FRENCH.estates.keys() | _FRENCH.places.keys()
_TYPES_BEHIND_LETTERS = WORD_SETS["types_behind_letters"]
_LABELS = frozenset({"n", "no", "num", "numero"})
_NUMBERED_THINGS = WORD_SETS["later_units"] | WORD_SETS["numbered_things"]
_BETWEEN = r"(?:a|au|et|ou)"
_OTHERS = rf"(?: ?(?:[-/+&,]|{_BETWEEN}) ?{NUMBER}){{1,5}}"
_NUMBERS = rf"(?:{NUMBER}|\d{{1,5}} ?[-/] ?(?:bis|ter|[a-qs-z])(?![^\W_]))(?:{_OTHERS})?"
_HOUSE = rf"{_NUMBERS} ?,? ?{TYPE}"
_SIGNS = re.compile(r"^(?:[^\w#(\[]|_)+(?=[^\W_]|[#(\[])")
_QUOTE_BEHIND_NUMBER = re.compile(rf"^({_NUMBERS},? ?)[\"'\u00ab\u201c-\u201f] ?(?=[a-z]{{2}})")
# `(12 rue foch)`, `(12) rue foch`.
_BRACKET_AT_FRONT = re.compile(
    rf"^[(\[] ?((?={_HOUSE})[^()\[\]]*|{_NUMBERS}(?=[)\]] ?,? ?{TYPE}\D*$))(?:[)\]]|$)"
)
# `au 12 rue foch`, `j'habite au n° 12, rue foch`.
_AT = re.compile(rf"(?:^(?:a|du)|(?:^|(?<= ))au) (?:{LABEL})?(?={_HOUSE})")
_AT_PLACE = re.compile(rf"^au (?:{LABEL})?(?=({_NUMBERS}) ?,? ?[a-z]{{2}})")
_NUMBER_AT_END = re.compile(r"\d ?(?:bis|ter|quater|quinquies|[a-z])?$")
# `n.p.a.i. 12 rue foch`, and `n. 12 rue foch`, which is no road.
_INITIALS = re.compile(rf"^((?:[a-z]\. ?){{3,}}|n\. ?)[ :,;/-]*(?={_HOUSE})")
_SUFFIX_BEHIND_BAR = re.compile(
    r"(?:^|(?<=[ ,;]))(\d{1,5}) ?/ ?(bis|ter|quater|quinquies|[a-qs-z])(?=[ ,])"
)
_RANGE_AND_COMMA = re.compile(
    rf"(?:^|(?<=[ ,;/-]))({NUMBER}) ?{_BETWEEN} ?({NUMBER}) ?, ?(?={TYPE})"
)
# `r` for `rue`: `12-14 r foch`, `12 r chemin vert`. `r n 7` is a road, `r pt` a roundabout.
_R = re.compile(
    rf"(?:^|(?<=[ ,;/-]))(\d{{1,5}}|{NUMBER}(?P<others>{_OTHERS}))"
    r"(?P<gap>,? ?)r(?:\. ?| )(?![nd]\b[. ]*\d|pt\b)(?P<elided>d (?=[a-z]{2}))?"
    r"(?P<kind>[a-z]+)(?=(?P<behind>[^,;]*))"
)
_R_AT_FRONT = re.compile(r"^r(?:\. ?| )(?=([a-z]+) [^\W\d])")
_LETTER_R = re.compile(
    r"(?:^|(?<=[ ,;/-]))(\d{1,5})(?:r,? |[ -]r, )(?P<kind>[a-z]+)(?=(?P<behind>[^,;]*))"
)
# The rue du Pas-de-Calais and the rue Che-Guevara: what stands behind `r` abbreviates no type.
_NO_TYPE = re.compile(r"pas\b|che guevara\b")
_BRACKET = re.compile(r" ?[(\[]([^()\[\]]*)(?:[)\]],?|$)")
_UNITS = "|".join(sorted(WORD_SETS["later_units"]))
_FLOOR = r"\d{1,2} ?(?:er|ere|e|eme|ieme)"
_SIDE = "(?:et|g|d|f|gche|dte|dt)"
_UNIT = re.compile(
    rf"(?<=[a-z\d])(?: /)? (?=(?:{_UNITS})\b[. ]*(?:n[o\u00b0]? ?)?(?:\d|[a-z](?:\d|[,;]|$))"
    rf"|{_FLOOR} ?{_SIDE}\b\.?(?: |[,;]|$))"
)
_FLOOR_ALONE = re.compile(rf"(?:^|[,;] ?| - ){_FLOOR} ?{_SIDE}\.?(?=[,;]| - |$)")
_LONE_FLOOR = re.compile(rf"(?: ?(?P<parted>[,;]| [-/]))? {_FLOOR}(?= ?(?:[,;]| - |$))")
# `rue louis 2e` is a king's; `1er` ends the names of others too.
_RANKED = re.compile(rf"\b(?:{KINGS}) \d+ ?[a-z]+$|\b1 ?ere?$")
# What `tidied_lines` and `lines_without_letter` may change in the lines of France.
MAY_BE_TIDIED = re.compile(
    r"^[\W_]|[(\[]|^\d[^a-z]*[\"'\u00ab\u201c-\u201f]|^(?:[a-z]\. ?){3}|^n\. ?\d"
    r"|^r[. ]|\d[ -]?r[, ]"
    rf"|\b(?:au|a|du) (?:\d|{LABEL}\d)"
    rf"|\d ?/ ?[a-z]|\d ?{_BETWEEN} ?\d|\d ?(?:bis|ter|[a-qs-z])?,? ?r[. ]|\b(?:{_UNITS})\b"
    rf"|{_FLOOR}(?:$|[ ,;])|{MAY_BE_COLUMNS}",
    re.MULTILINE,
)


def tidied_lines(lines: list[str], plan: str) -> list[str]:
    """Return folded lower-case lines, which may have line breaks, mended and tidied.

    `plan` is the code of the country, in lower case.

    >>> tidied_lines(["'12 rue foch (rennes)", "au n\u00b0 12-14 r foch", "12 r chemin vert"], "fr")
    ['12 rue foch', '12-14 rue foch', '12 rue chemin vert']
    """
    bare = _by_line_of_print(joined_columns(lines), plan, _without_front)
    return _by_line_of_print(mended_lines(bare, plan), plan, _tidied)


def lines_without_letter(lines: list[str]) -> list[str]:
    """Return lines with the letter `r` of a house number before a street's type read as `rue`.

    The letter stays before a type such as `rue`, which then begins the street.

    >>> lines_without_letter(["12r chemin vert", "12r rue foch"])
    ['12 rue chemin vert', '12r rue foch']
    """
    return [_LETTER_R.sub(_with_rue_for_letter, line) for line in lines]


def _by_line_of_print(lines: list[str], plan: str, change: Callable[[str, str], str]) -> list[str]:
    """Return the lines with each printed line replaced by `change(line, plan)`."""
    return ["\n".join(change(part.strip(), plan) for part in line.split("\n")) for line in lines]


def _without_front(line: str, plan: str) -> str:
    """Return a line without signs and words before its house number, and without lone floors."""
    line = _FLOOR_ALONE.sub("", line) or line
    line = _SIGNS.sub("", line)
    bracket = _BRACKET_AT_FRONT.match(line)
    if bracket and _is_type_or_grounds(bracket[3] or bracket[5], plan):
        line = f"{bracket[1]}, {line[bracket.end() :].strip(' ,')}".rstrip(" ,")
    line = _QUOTE_BEHIND_NUMBER.sub(r"\1", line)
    initials = _INITIALS.match(line)
    if initials and _is_type_or_grounds(initials[3], plan) and _mean_nothing(initials[1]):
        return line[initials.end() :]
    for match in _AT.finditer(line):
        front = line[: match.start()].rstrip(" ,;:/-")
        is_range = _NUMBER_AT_END.search(front)
        is_house = _is_type_or_grounds(match[2], plan) and not is_range
        if is_house and (not front or is_front(front, plan)):
            return line[match.end() :]
    place = _AT_PLACE.match(line)
    if place and not is_ordinal(line[place.end(1) :]):
        return line[place.end() :]
    return line


def _is_type_or_grounds(word: str, plan: str) -> bool:
    """Return whether a word is a street's type or one for grounds."""
    return is_type(word, plan) or word in GROUNDS


def _mean_nothing(initials: str) -> bool:
    """Return whether letters with dots name no box and no place, unlike `t.s.a.` and `z.a.c.`."""
    return "".join(words(initials)) not in BOXES | _PLACES


def _tidied(line: str, plan: str) -> str:
    """Return one mended line with its numbers, its `r` and the text behind its street tidied."""
    line = _SUFFIX_BEHIND_BAR.sub(_without_bar, line)
    line = _RANGE_AND_COMMA.sub(lambda match: _without_comma(match, plan), line)
    line = _R.sub(_with_rue, _R_AT_FRONT.sub(_with_rue_at_front, line))
    house = next((house for house in HOUSE.finditer(line) if is_type(house[2], plan)), None)
    if not house:
        return _without_bracket(line, 0, plan)
    line = _without_bracket(line, house.start(), plan)
    return _without_floor(_parted(line, house.start(), plan), house.start(), plan)


def _without_bar(match: re.Match[str]) -> str:
    """Return a matched `8/b` as `8 b`; unchanged if it is a unit's, as in `bat 8/b`."""
    is_owned = owns_number(match.string[: match.start()])
    return match[0] if is_owned else f"{match[1]} {match[2]}"


def _without_comma(match: re.Match[str], plan: str) -> str:
    """Return a matched `12 et 14, ` as `12-14 `.

    Behind other text it is unchanged, unless a street's type follows and that text neither is a
    street nor owns the numbers.
    """
    front = match.string[: match.start()]
    is_house = not front or (
        is_type(match[4], plan) and not is_street(front, plan) and not owns_number(front)
    )
    return f"{match[1]}-{match[2]} " if is_house else match[0]


def _with_rue(match: re.Match[str]) -> str:
    """Return matched house numbers with `r` as `rue`; unchanged if `r` is the number's letter.

    Also unchanged behind a single number if no street's type follows, as `house_numbers.py` then
    reads `rue`, and behind a word such as `casier`, whose number is no house number.
    """
    is_single = not match["others"]
    if is_single and (match["kind"] not in _FRENCH.types or match["elided"]):
        return match[0]
    front = [word for word in words(match.string[: match.start()]) if word not in _LABELS]
    if not _NUMBERED_THINGS.isdisjoint(front[-1:]):
        return match[0]
    if _is_letter(match) or (not match["gap"] and match["kind"] in _FRENCH.types):
        return match[0]
    article = "d'" if match["elided"] else ""
    return f"{match[1]} rue {article}{_kind_in_full(match)}"


def _with_rue_at_front(match: re.Match[str]) -> str:
    """Return `rue` for a matched `r` if a street's type follows: `r chemin vert`."""
    return "rue " if match[1] in _FRENCH.types else match[0]


def _with_rue_for_letter(match: re.Match[str]) -> str:
    """Return a matched `12r chemin` as `12 rue chemin`.

    It is unchanged if no street's type follows, or if `r` is the number's letter.
    """
    is_letter = match["kind"] not in _FRENCH.types or _is_letter(match)
    return match[0] if is_letter else f"{match[1]} rue {_kind_in_full(match)}"


def _kind_in_full(match: re.Match[str]) -> str:
    """Return the word behind a matched `r`, written out if it is a street's type."""
    kind = match["kind"]
    return kind if _NO_TYPE.match(kind + match["behind"]) else _FRENCH.types.get(kind, kind)


def _is_letter(match: re.Match[str]) -> bool:
    """Return whether a matched `r` is the number's letter, since the street begins behind it.

    There is a `rue du Chemin Vert` and a `rue de l'Avenue`, but no `rue de l'Avenue Foch`: in
    `12 r avenue foch` the street is the avenue.
    """
    return match["kind"] in _TYPES_BEHIND_LETTERS and bool(words(match["behind"]))


def _without_bracket(line: str, start: int, plan: str) -> str:
    """Return a line without a bracket behind its street, which begins at `start`.

    A bracket with a number stays unless the street has a house number, since the number may be the
    house's or a road's.
    """
    for match in _BRACKET.finditer(line, start):
        street = line[start : match.start()].rstrip(" ,")
        if is_whole_street(street, plan) and (
            has_number_and_name(street) or not any(map(str.isdigit, match[1]))
        ):
            behind = line[match.end() :].strip(" ,/-")
            before = line[: match.start()].rstrip(" ,/-")
            return f"{before}, {behind}" if behind else before
    return line


def _parted(line: str, start: int, plan: str) -> str:
    """Return a line with a comma between its street, which begins at `start`, and a unit."""
    for match in _UNIT.finditer(line, start):
        if _is_numbered_street(line[start : match.start()], plan):
            return f"{line[: match.start()]}, {line[match.end() :]}"
    return line


def _without_floor(line: str, start: int, plan: str) -> str:
    """Return a line without a floor's lone ordinal behind its street, which begins at `start`."""
    for match in _LONE_FLOOR.finditer(line, start):
        is_rank = not match["parted"] and _RANKED.search(line[: match.end()])
        if not is_rank and _is_numbered_street(line[start : match.start()], plan):
            return line[: match.start()] + line[match.end() :]
    return line


def _is_numbered_street(text: str, plan: str) -> bool:
    """Return whether a text is a street with its name and a house number in front."""
    street = text.rstrip(" ,")
    return is_whole_street(street, plan) and has_number_and_name(street)
