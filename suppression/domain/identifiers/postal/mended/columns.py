"""French street lines that a program joined of columns: number, suffix, type and name.

`tidied_lines.py` reads `12, b, rue, victor hugo` and `12.0 rue victor hugo` by them as
`12 b rue victor hugo` and `12 rue victor hugo`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.house_numbers import is_ordinal
from suppression.domain.identifiers.postal.mended.mended_lines import LABEL
from suppression.domain.identifiers.postal.plain_streets import GROUNDS, is_type
from suppression.domain.identifiers.postal.tables import LATER_WORDS, MONTHS, STREETS, UNITS
from suppression.domain.identifiers.postal.units import needs_care

_SIGNS = r",;|\t\n:*_+=~^/&!?\"<>(){}\[\]"
_BETWEEN = rf" ?(?:[{_SIGNS}]|(?<= )-|-(?= ))[\s{_SIGNS}-]*"
_LONG_SUFFIX = r"(?:bis|ter|quater|quinquies)"
_LONG_SUFFIXES = frozenset({"bis", "ter", "quater", "quinquies"})
_SUFFIX = rf"(?:{_LONG_SUFFIX}|[a-z])"
# A number that a spreadsheet keeps as a decimal one: `12.0`, `12,00`.
_ALONE = r"(?<![^\W_])(?<!\.)(?<!\d,)(\d{1,5})"
_DECIMALS = re.compile(rf"{_ALONE}[.,]0{{1,2}}(?={_SUFFIX}\b|(?![^\W_]|[.,]\d))")
_SIGNS_BEHIND = re.compile(rf"{_ALONE} ?[?!*\u00b0\"=~^#.:'_]+(?=[\s{_SIGNS}-]|$)", re.MULTILINE)
_SUFFIX_APART = re.compile(rf"{_ALONE}(?:{_BETWEEN})({_LONG_SUFFIX})\b")
_AT_FRONT = rf"(?:^|(?<=[{_SIGNS}])|(?<=[{_SIGNS}] )|(?<= - ))"
_SIGNS_BEFORE = re.compile(
    rf"(?:{_AT_FRONT}|(?<= ))[*\"=~^'_]{{1,3}} ?(?=\d{{1,5}}(?!\d))", re.MULTILINE
)
_LABEL = re.compile(
    rf"{_AT_FRONT}(?:{LABEL}|n ?[:=])[ :=]{{0,2}}(?=\d{{1,5}}(?!\d))",
    re.MULTILINE,
)
_SIGN_IN_LABEL = re.compile(r"(?<=[a-z] )(?:(?:n\u00b0|no|num|numero)\.? ?[:=] ?|# ?)(?=\d)")
_COLUMNS = re.compile(rf"({_BETWEEN})")
_NUMBER_AT_FRONT = re.compile(rf"(\d{{1,5}})(?: |$|(?={_SUFFIX}(?:[ .-]|$)))")
_NUMBER_AT_END = re.compile(rf" (?:{LABEL})?(\d{{1,5}}) ?({_SUFFIX}|)$")
_FIGURES = re.compile(r"\d{1,4}(?!\d)")
_SUFFIX_AT_FRONT = re.compile(rf"({_SUFFIX})(?:[ .-]+|$)")
_KINDS = STREETS["fr"].types.keys() | LATER_WORDS["type"].keys() | (GROUNDS - UNITS)
_ARTICLES_OF_PLACES = frozenset({"le", "la", "les", "l", "lieu", "lieudit"})
_TYPE_AND_NAME = "(?P<type>t)(?P<name>[md])"
# By the letters of `Part.kind`: streets with the number in front, with it behind, without one.
_ORDERS = (
    re.compile(
        f"(?P<number>n)(?P<suffix>[ls])?(?:{_TYPE_AND_NAME}"
        "|(?P<before>m)(?P<after>t)(?![mdw])|(?P<street>w))"
    ),
    re.compile(
        f"(?:{_TYPE_AND_NAME}|(?P<before>m)(?P<after>t)|(?P<street>w))"
        "(?P<number>n)(?P<suffix>l)?(?![tw]|mt)"
    ),
    re.compile(f"{_TYPE_AND_NAME}|(?P<before>m)(?P<after>t)(?![mdw])"),
)
_A_SIGN = rf" ?(?:[{_SIGNS}]|(?<= )-|-(?= ))[\s{_SIGNS}-]{{0,9}}"
# What `joined_columns` may change in the lines of France.
MAY_BE_COLUMNS = (
    rf"\d[.,]0|\d ?[;|\t\n:*_=~^!?\"<>{{}}\[\]\u00b0#]|\d ?[/&+-](?! ?\d)|\d\.[. ,;]|\d, ?,"
    r"|[?!*\"=~^:'_]\d"
    rf"|(?:[{_SIGNS}]|-|[a-z]) ?(?:{LABEL}|n ?[:=] ?)[:= ]{{0,2}}\d"
    rf"|(?:^|{_A_SIGN})[a-z]{{1,15}}\.?(?:{_A_SIGN}|$)"
    rf"|^\W*(?:{LABEL})?\d{{1,5}} ?(?:{_SUFFIX} )?[a-z]+\.?{_A_SIGN}"
)


class Part(NamedTuple):
    """A part of a street line, the text that parts it from the one before, and its kind.

    The kind is n for a number, l for its suffix, s for a letter in a column, t for a type alone, w
    for a type with a name, m for a name, d for one that begins with a number, x for anything else.
    """

    kind: str
    text: str
    gap: str


def joined_columns(lines: list[str]) -> list[str]:
    """Return folded lower-case lines of a French address, their columns joined; most are unchanged.

    >>> joined_columns(["12;b;rue;victor hugo;bat c"]), joined_columns(["rue victor hugo, 12.0"])
    (['12 b rue victor hugo;bat c'], ['12 rue victor hugo'])
    >>> joined_columns(["victor hugo, rue, 12"]), joined_columns(["12 rue foch", "bat b"])
    (['12 rue victor hugo'], ['12 rue foch', 'bat b'])
    """
    text = "\n".join(lines)
    clean = _SIGNS_BEHIND.sub(r"\1", _DECIMALS.sub(r"\1", text))
    clean = _SIGN_IN_LABEL.sub("n\u00b0 ", _SIGNS_BEFORE.sub("", clean))
    clean = _SUFFIX_APART.sub(r"\1 \2", clean)
    joined = _joined(_parts(_LABEL.sub("", clean))) or clean
    return lines if joined == text else joined.split("\n")


def _joined(parts: list[Part]) -> str:
    """Return the text of these parts, those of a street in their usual order; '' without one."""
    kinds = "".join(part.kind for part in parts)
    match = next(filter(None, (order.search(kinds) for order in _ORDERS)), None)
    # Words in the column of a number behind the street say what it is: `rue foch, 12 b studio`.
    if not match or (match.end() < len(parts) and parts[match.end()].gap == " "):
        return ""
    at = {name: match.start(name) for name, value in match.groupdict().items() if value}
    # `12 r, chemin vert` is read by `tidied_lines`.
    if "street" in at and "suffix" in at and parts[at["suffix"]].text == "r":
        return ""
    order = ("number", "suffix", "street", "type", "after", "name", "before")
    street = " ".join(parts[at[name]].text for name in order if name in at)
    before = "".join(part.gap + part.text for part in parts[: match.start()])
    behind = "".join(part.gap + part.text for part in parts[match.end() :])
    gap = parts[match.start()].gap if before else ""
    return f"{before}{', ' if gap == ' ' else gap}{street}{behind}"


def _parts(text: str) -> list[Part]:
    """Return the parts of a text: its columns, a number apart from the street beside it."""
    parts: list[Part] = []
    cells = ["", *_COLUMNS.split(text)]
    for gap, cell in zip(cells[::2], cells[1::2], strict=True):
        parts += _cell_parts(cell, gap, parts[-1].kind if parts else "")
    parts[1:] = [part._replace(kind="x") if _is_in_bracket(part) else part for part in parts[1:]]
    following = [*(part.kind for part in parts[1:]), ""]
    return [
        part._replace(kind="t") if part.text == "r" and kind in {"m", "d"} else part
        for part, kind in zip(parts, following, strict=False)
    ]


def _cell_parts(cell: str, gap: str, last: str) -> list[Part]:
    """Return the parts of one column; `last` is the kind of the part before it."""
    parts: list[Part] = []
    rest = cell
    is_name = last == "t" and _begins_name(cell)
    front = None if is_name else _NUMBER_AT_FRONT.match(cell)
    if front and not is_ordinal(cell[front.end(1) :]):
        parts.append(Part("n", front[1], gap))
        last, rest = "n", cell[front.end() :]
    suffix = _SUFFIX_AT_FRONT.match(rest) if last == "n" else None
    if suffix and _is_suffix(suffix[1], rest[suffix.end() :]):
        is_own_column = not parts and len(suffix[1]) == 1
        parts.append(Part("s" if is_own_column else "l", suffix[1], " " if parts else gap))
        rest = rest[suffix.end() :]
    if rest:
        parts += _street_parts(rest, " " if parts else gap, last, is_name=is_name)
    return parts


def _is_in_bracket(part: Part) -> bool:
    """Return whether a name or a number follows an opening bracket: `rue foch (rennes)`."""
    return part.kind in {"m", "d", "n"} and not {"(", "["}.isdisjoint(part.gap)


def _is_suffix(suffix: str, behind: str) -> bool:
    """Return whether what may be a number's suffix is one, by the text behind it in its column."""
    following = words(behind)[:1]
    return len(suffix) > 1 or not following or following[0] in _KINDS


def _street_parts(text: str, gap: str, last: str, *, is_name: bool) -> list[Part]:
    """Return the parts of a text without a number at its front; `last` is the kind before it."""
    end = _NUMBER_AT_END.search(text)
    if end and not MONTHS.isdisjoint(words(text[: end.start()])[-1:]):
        end = None
    street = text[: end.start()] if end else text
    kind = "d" if is_name else _kind(street)
    if not end or kind == "x" or not (last == "t" or kind == "t"):
        return [Part("d" if is_name else _kind(text), text, gap)]
    suffix = [Part("l", end[2], " ")] if end[2] else []
    return [Part(kind, street, gap), Part("n", end[1], " "), *suffix]


def _begins_name(cell: str) -> bool:
    """Return whether a column behind a type alone is a name that begins with a number."""
    figures = _FIGURES.match(cell)
    if not figures or needs_care(cell):
        return False
    behind = cell[figures.end() :]
    first = next(iter(words(behind)), "")
    is_word = len(first) > 1 and first not in _KINDS and first not in _LONG_SUFFIXES
    return is_word or is_ordinal(behind)


def _kind(text: str) -> str:
    """Return the kind of a part that is no number: t, w, m or x."""
    parts = words(text)
    if not parts or not text[0].isalpha():
        return "x"
    if parts[0] in _KINDS and not parts[1:]:
        return "t"
    if needs_care(text):
        return "x"
    if is_type(parts[0], "fr") or parts[0] in LATER_WORDS["type"]:
        end = _NUMBER_AT_END.search(text)
        return "x" if end and words(text[: end.start()])[-1] not in MONTHS else "w"
    if parts[0] in GROUNDS:
        return "x"
    return "d" if any(part.isdigit() for part in parts) else "m"
