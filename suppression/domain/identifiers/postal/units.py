"""What leads to a flat behind the door, and boxes: part of the printed line, not of the key."""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.tables import (
    BOXES,
    GROUND_FLOOR,
    ORDINALS,
    UNITS,
    WORD_SETS,
)

_TOKEN = re.compile(r"\d+(?:[-/]\d+)*|[^\W\d_]+|[^\w\s]")
_ARTICLES = WORD_SETS["articles_before_units"]
_SIDE_WORDS = WORD_SETS["sides"]
_ONE_SIDE = [[word] for word in _SIDE_WORDS]
_NUMBER_WORDS = frozenset({"n", "no", "num", "numero", ".", ":", "\u00b0", "#"})
_SPOKEN = WORD_SETS["floors_spoken"]
_FLOORS = WORD_SETS["floors"]
_CARE_OF = re.compile(
    r"(?:\bc/o\b|\bchez (?=(?:m|mr|mme|mlle|monsieur|madame)\b)|\ba l'attention\b).*"
)
_MANY = 3


def needs_care(text: str) -> bool:
    """Whether a folded lower-case line names a flat, a floor, a box or a host at all.

    >>> needs_care("12 rue foch"), needs_care("12 rue foch bat b")
    (False, True)
    """
    return not _TRIGGERS.isdisjoint(_TOKEN.findall(text))


_TRIGGERS = (
    UNITS | GROUND_FLOOR | BOXES | _FLOORS | {"chez", "c", "attention", "b", "residence", "res"}
)
_TRIGGERS |= {"postale", "resid"}


def without_units(text: str) -> tuple[str, str]:
    """The line without its flat, floor, building and box; and the box, '' when none is named.

    >>> without_units("bat. b esc 2 12 rue foch"), without_units("bp 123")
    (('12 rue foch', ''), ('', 'bp 123'))
    >>> without_units("12 rue de la tour"), without_units("12 rue foch, 3eme etage")
    (('12 rue de la tour', ''), ('12 rue foch', ''))
    """
    tokens = _TOKEN.findall(_CARE_OF.sub("", text))
    kept: list[str] = []
    box, at = "", 0
    while at < len(tokens):
        size, kind = _phrase(tokens, at, kept)
        if kind == "floor":
            _drop_ordinal(kept)
        if kind == "box" and size > 1:
            box = box or " ".join(_box_words(tokens[at : at + size]))
        if not size:
            kept.append(tokens[at])
        at += size or 1
    return _rejoined(kept), box


def _phrase(tokens: list[str], at: int, kept: list[str]) -> tuple[int, str]:
    """How many tokens from `at` lead to a flat or a box, and which of these; 0 if they do not."""
    word = tokens[at]
    if word in GROUND_FLOOR:
        end = tokens.index("chaussee", at) if word == "rez" and "chaussee" in tokens[at:] else at
        return end - at + 1 + (tokens[end + 1 : end + 2] in _ONE_SIDE), "unit"
    size = _box_size(tokens, at)
    if size:
        return size, "box"
    if word in _FLOORS and kept and (kept[-1] in ORDINALS | _SPOKEN or kept[-1].isdigit()):
        return 1 + (tokens[at + 1 : at + 2] in _ONE_SIDE), "floor"
    if word in UNITS and not (kept and kept[-1] in _ARTICLES):
        taken = _designators(tokens, at + 1)
        return (taken + 1 if taken else 0), "unit"
    return 0, ""


def _box_size(tokens: list[str], at: int) -> int:
    """The tokens of `bp 123`, `b.p. 123`, `boite postale 123`, `cedex 08`."""
    word, end = tokens[at], at
    if word == "boite" and tokens[at + 1 : at + 2] == ["postale"]:
        end = at + 2
    elif word == "b" and [part for part in tokens[at + 1 : at + 4] if part != "."][:1] == ["p"]:
        end = at + tokens[at : at + 4].index("p") + 1
    elif word in BOXES:
        end = at + 1
    if end == at:
        return 0
    end += tokens[end : end + 1] == ["postale"]
    start = end
    while end < len(tokens) and (tokens[end].isdigit() or tokens[end] in _NUMBER_WORDS):
        end += 1
    return end - at if word == "cedex" or end > start else 0


def _box_words(tokens: list[str]) -> list[str]:
    digits = "".join(token for token in tokens if token.isdigit())
    return ["bp" if tokens[0] in {"b", "bp", "boite"} else tokens[0], digits] if digits else []


def _designators(tokens: list[str], at: int) -> int:
    """How many tokens name which flat: `n° 12`, `B`, `B2`, `3 gauche`. 0 when none does."""
    end = at
    while end < len(tokens) and tokens[end] in _NUMBER_WORDS:
        end += 1
    start = end
    while end < len(tokens) and end - start < _MANY and _is_designator(tokens, end, start):
        end += 1
    return end - at if end > start else 0


def _is_designator(tokens: list[str], at: int, start: int) -> bool:
    """A number or a letter first; then one of the other sort glued to it, or a side."""
    word = tokens[at]
    if word in _SIDE_WORDS:
        return True
    simple = word[0].isdigit() or (len(word) == 1 and word.isalpha())
    if at == start:
        return simple
    return (
        simple
        and word[0].isdigit() != tokens[at - 1][0].isdigit()
        and not _begins_street(tokens, at)
    )


def _begins_street(tokens: list[str], at: int) -> bool:
    """Whether a number is the door of the street that follows: `bat b 12 rue foch`."""
    following = next(iter(tokens[at + 1 : at + 2]), "")
    return tokens[at][0].isdigit() and following[1:].isalpha() and following not in _TRIGGERS


def _drop_ordinal(kept: list[str]) -> None:
    """Remove `3`, `3 eme` or `premier` from the end, once `etage` has followed."""
    if kept and kept[-1] in ORDINALS | _SPOKEN:
        kept.pop()
    if kept and kept[-1].isdigit():
        kept.pop()


def _rejoined(tokens: list[str]) -> str:
    text = " ".join(tokens)
    return text.replace(" ' ", "'").strip(" ,.;:-/")
