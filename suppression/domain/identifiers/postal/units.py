"""Units (flats, floors, buildings), post boxes and hosts: step 6 of post in docs/identifiers.md.

They are part of the printed line, not of the match key; only a box replaces a missing street. The
residence beside a street is left out in `streets.py` and `delivery_line.py`.
"""

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
_SPOKEN_FLOORS = WORD_SETS["floors_spoken"]
_FLOORS = WORD_SETS["floors"]
_CARE_OF = re.compile(
    r"(?:\bc/o\b|\bchez (?=(?:m|mr|mme|mlle|monsieur|madame)\b)|\ba l'attention\b).*"
)
_MAX_DESIGNATORS = 3


def needs_care(text: str) -> bool:
    """Return whether a folded lower-case line may name a unit, floor, residence, box or host.

    >>> needs_care("12 rue foch"), needs_care("12 rue foch bat b")
    (False, True)
    """
    return not _TRIGGERS.isdisjoint(_TOKEN.findall(text))


_TRIGGERS = (
    UNITS | GROUND_FLOOR | BOXES | _FLOORS | {"chez", "c", "attention", "b", "residence", "res"}
)
_TRIGGERS |= {"postale", "resid"}


def without_units(text: str) -> tuple[str, str]:
    """Return a line without flat, floor, building, box and host; and its first box, '' if none.

    `text` is folded, in lower case. The box is canonical text; one without a number does not count.

    >>> without_units("bat. b esc 2 12 rue foch"), without_units("bp 123")
    (('12 rue foch', ''), ('', 'bp 123'))
    >>> without_units("12 rue de la tour"), without_units("12 rue foch, 3eme etage")
    (('12 rue de la tour', ''), ('12 rue foch', ''))
    """
    tokens = _TOKEN.findall(_CARE_OF.sub("", text))
    remaining: list[str] = []
    box, index = "", 0
    while index < len(tokens):
        size, kind = _unit_at(tokens, index, remaining)
        if kind == "floor":
            _drop_ordinal(remaining)
        if kind == "box" and size > 1:
            box = box or " ".join(_box_words(tokens[index : index + size]))
        if not size:
            remaining.append(tokens[index])
        index += size or 1
    return _rejoin(remaining), box


def _unit_at(tokens: list[str], index: int, remaining: list[str]) -> tuple[int, str]:
    """Return how many tokens from `index` on name a unit, a floor or a box, and which of these.

    If they name none, the number is 0, and the kind then has no meaning. `remaining` are the tokens
    before `index` that were kept.
    """
    word = tokens[index]
    if word in GROUND_FLOOR:
        end = (
            tokens.index("chaussee", index)
            if word == "rez" and "chaussee" in tokens[index:]
            else index
        )
        return end - index + 1 + (tokens[end + 1 : end + 2] in _ONE_SIDE), "unit"
    size = _box_size(tokens, index)
    if size:
        return size, "box"
    if (
        word in _FLOORS
        and remaining
        and (remaining[-1] in ORDINALS | _SPOKEN_FLOORS or remaining[-1].isdigit())
    ):
        return 1 + (tokens[index + 1 : index + 2] in _ONE_SIDE), "floor"
    if word in UNITS and not (remaining and remaining[-1] in _ARTICLES):
        designator_count = _designators(tokens, index + 1)
        return (designator_count + 1 if designator_count else 0), "unit"
    return 0, ""


def _box_size(tokens: list[str], index: int) -> int:
    """Return how many tokens from `index` on are a box: `bp 123`, `cedex 08`, `cedex`; else 0."""
    word, end = tokens[index], index
    if word == "boite" and tokens[index + 1 : index + 2] == ["postale"]:
        end = index + 2
    elif word == "b" and [part for part in tokens[index + 1 : index + 4] if part != "."][:1] == [
        "p"
    ]:
        end = index + tokens[index : index + 4].index("p") + 1
    elif word in BOXES:
        end = index + 1
    if end == index:
        return 0
    end += tokens[end : end + 1] == ["postale"]
    start = end
    while end < len(tokens) and (tokens[end].isdigit() or tokens[end] in _NUMBER_WORDS):
        end += 1
    return end - index if word == "cedex" or end > start else 0


def _box_words(tokens: list[str]) -> list[str]:
    """Return the canonical words of a box, such as `bp` and `123`; [] for one without a number."""
    digits = "".join(token for token in tokens if token.isdigit())
    return ["bp" if tokens[0] in {"b", "bp", "boite"} else tokens[0], digits] if digits else []


def _designators(tokens: list[str], index: int) -> int:
    """Return how many tokens from `index` on are the number or letter of a unit; 0 if none are.

    `index` is after the unit's word, such as `bat`. Examples: `n° 12`, `b`, `b2`, `3 gauche`.
    """
    end = index
    while end < len(tokens) and tokens[end] in _NUMBER_WORDS:
        end += 1
    start = end
    while (
        end < len(tokens) and end - start < _MAX_DESIGNATORS and _is_designator(tokens, end, start)
    ):
        end += 1
    return end - index if end > start else 0


def _is_designator(tokens: list[str], index: int, start: int) -> bool:
    """Return whether a token is part of a unit's name, which begins at the token `start`.

    A side, such as `gauche`, always is. Otherwise the first token is a number or a letter, and a
    further one is of the other sort than the token before it, and no house number.
    """
    word = tokens[index]
    if word in _SIDE_WORDS:
        return True
    is_number_or_letter = word[0].isdigit() or (len(word) == 1 and word.isalpha())
    if index == start:
        return is_number_or_letter
    return (
        is_number_or_letter
        and word[0].isdigit() != tokens[index - 1][0].isdigit()
        and not _begins_street(tokens, index)
    )


def _begins_street(tokens: list[str], index: int) -> bool:
    """Return whether a number is the house number of the following street: `bat b 12 rue foch`."""
    following = next(iter(tokens[index + 1 : index + 2]), "")
    return tokens[index][0].isdigit() and following[1:].isalpha() and following not in _TRIGGERS


def _drop_ordinal(remaining: list[str]) -> None:
    """Remove `3`, `3 eme` or `premier` from the end of the kept tokens, before `etage`."""
    if remaining and remaining[-1] in ORDINALS | _SPOKEN_FLOORS:
        remaining.pop()
    if remaining and remaining[-1].isdigit():
        remaining.pop()


def _rejoin(tokens: list[str]) -> str:
    """Return the tokens as one text without separators at its ends."""
    text = " ".join(tokens)
    return text.replace(" ' ", "'").strip(" ,.;:-/")
