"""Names in cases: whether two requests name the same person."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from suppression.domain.identifiers.postal.folding import fold, words
from suppression.domain.identifiers.postal.name_lines import without_civility, without_label
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, WORD_SETS

_MAN, _WOMAN = "man", "woman"
_TITLES = {
    **dict.fromkeys(("herr", "m", "monsieur", "mr", "senor", "signor", "sir"), _MAN),
    **dict.fromkeys(("frau", "lady", "madame", "mademoiselle", "melle", "miss"), _WOMAN),
    **dict.fromkeys(("mle", "mlle", "mme", "mrs", "ms", "senora", "signora"), _WOMAN),
    **dict.fromkeys(("sra", "veuve", "vve"), _WOMAN),
    "docteur": "dr",
    "maitre": "me",
    "professeur": "pr",
    "prof": "pr",
}
_WIDOWS = {"veuve", "vve"}
_GENERATIONS = {"jr": "junior", "junior": "junior", "senior": "senior"}


class _Name(NamedTuple):
    """The sorted words of a name and its civilities; `whole`: whether it has a known first name.

    `is_widow` is compared too, because a widow may bear her husband's first name.
    """

    words: tuple[str, ...]
    titles: frozenset[str]
    whole: bool
    is_widow: bool


def is_same_name(name: str, other: str) -> bool | None:
    """Return whether two names are the same; None if one of them is empty or a civility alone.

    Accents, case, and the order of the words do not count. A man's and a woman's civility make two
    persons, and so does `veuve` on one side: a widow may bear her husband's first name. Any other
    civility counts only where no known first name is beside the surname: `Dupont` may be M. Dupont
    or Mme Dupont, so it is the same as neither.

    >>> is_same_name("Mme DUPONT Marie", "Marie Dupont"), is_same_name("M. Dupont", "Mme Dupont")
    (True, False)
    >>> is_same_name("M. Dupont", "Dupont"), is_same_name("", "Dupont")
    (False, None)
    """
    first, second = _read(name), _read(other)
    if not (first.words and second.words):
        return None
    if first.words != second.words or first.is_widow is not second.is_widow:
        return False
    if first.whole and second.whole:
        return len((first.titles | second.titles) & {_MAN, _WOMAN}) <= 1
    return first.titles == second.titles


def _read(name: str) -> _Name:
    text = without_label(fold(name)).casefold()
    rest = without_civility(text)
    dropped = (Counter(words(text)) - Counter(words(rest))).elements()
    titles = {_TITLES.get(word, word) for word in dropped}
    is_widow = not _WIDOWS.isdisjoint(words(text))
    generations = {_GENERATIONS[word] for word in titles & _GENERATIONS.keys()}
    own_words = [word for word in words(rest) if word not in WORD_SETS["particles"]]
    parts = [part for part in rest.split() if not WORD_SETS["particles"].issuperset(words(part))]
    return _Name(
        words=tuple(sorted([*words(rest), *generations])),
        titles=frozenset(titles - _GENERATIONS.keys()),
        whole=len(parts) > 1 and not FIRST_NAMES.isdisjoint(own_words),
        is_widow=is_widow,
    )
