"""The canonical text of a street: step 4 of post in docs/identifiers.md.

Its type, titles and the initials of famous people are written out; articles, and the spaces inside
its name, are removed.
"""

from __future__ import annotations

from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.tables import (
    FAMOUS,
    FAMOUS_SURNAMES,
    FIGURES,
    MONTHS,
    ORDINALS,
    PLAIN_STREETS,
    STREETS,
    WORD_SETS,
    StreetTable,
)

_ARTICLES = WORD_SETS["articles"]
_OTHER_ARTICLES = {
    "es": WORD_SETS["articles_es"],
    "it": WORD_SETS["articles_it"],
    "be": _ARTICLES,
    "ch": _ARTICLES,
    "lu": _ARTICLES,
    "fr": _ARTICLES,
}
_GERMAN = frozenset({"de", "at", "ch", "li", "lu"})
_ROAD_NUMBERS = {"n": "rn", "rn": "rn", "nationale": "rn", "d": "rd", "rd": "rd", "cd": "rd"}
_ROAD_NUMBERS |= {"departementale": "rd", "vc": "vc", "cr": "cr"}
_SPOKEN_NUMBERS = FIGURES["spoken"]
# `neuf` is new as often as nine, and `un` an article.
_FIGURES_OF_WORDS = FIGURES["roman"] | {
    word: figure for word, figure in _SPOKEN_NUMBERS.items() if word not in {"un", "neuf"}
}
_MAX_PHRASE_LENGTH = 4
_NEAR = 4


def street_name(text: str, plan: str) -> str:
    """Return the canonical text of a street; '' if nothing is left of it, as of `lieu-dit` alone.

    `text` is folded, in lower case, without the house number. `plan` is the code of the country, in
    lower case, whose street words apply.

    >>> street_name("bd. du gal de gaulle", "fr"), street_name("av v. hugo", "fr")
    ('boulevard generalgaulle', 'avenue victorhugo')
    >>> street_name("lieu-dit le bourg", "fr"), street_name("r.n. 7", "fr")
    ('bourg', 'rn 7')
    """
    table = STREETS.get(plan, PLAIN_STREETS)
    parts = _replace_phrases(words(text), table)
    if not parts:
        return ""
    street_type, name = _split_type(parts, table)
    name = _without_estate(name, table) if street_type in table.types else name
    joined = "".join(_meanings(name, table, plan))
    if plan in _GERMAN:
        joined = joined.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return f"{street_type} {joined}".strip()


def is_street_type(word: str, plan: str) -> bool:
    """Return whether a word is a street type, such as `rue`, in the country with code `plan`.

    `word` is folded, in lower case; `plan` is in lower case too.
    """
    return word in STREETS.get(plan, PLAIN_STREETS).types


def _replace_phrases(parts: list[str], table: StreetTable) -> list[str]:
    """Return the words with each known phrase replaced by its meaning: `lieu dit`, `rond point`.

    If one of the words may begin a phrase, every `de` after the first word is left out.
    """
    if table.phrase_words.isdisjoint(parts):
        return parts
    significant = parts[:1] + [part for part in parts[1:] if part != "de"]
    meanings: list[str] = []
    index = 0
    while index < len(significant):
        size = _phrase_size(significant, index, table)
        meanings += (
            table.phrases[tuple(significant[index : index + size])].split()
            if size
            else [significant[index]]
        )
        index += size or 1
    return meanings


def _phrase_size(parts: list[str], index: int, table: StreetTable) -> int:
    """Return the number of words in the longest phrase at an index; 0 without one."""
    if parts[index] not in table.phrase_words:
        return 0
    sizes = range(min(_MAX_PHRASE_LENGTH, len(parts) - index), 0, -1)
    return next((size for size in sizes if tuple(parts[index : index + size]) in table.phrases), 0)


def _split_type(parts: list[str], table: StreetTable) -> tuple[str, list[str]]:
    """Return the street's type in full ('' without one) and the other words."""
    first, rest = parts[0], parts[1:]
    if rest and first in _ROAD_NUMBERS and table.phrases:
        rest = rest[1:] if rest[0] in {"n", "no"} and len(rest) > 1 else rest
        if rest[0].isdigit():
            return f"{_ROAD_NUMBERS[first]} {rest[0].lstrip('0')}", rest[1:]
    for type_table in (table.types, table.estates, table.places):
        if first in type_table:
            return type_table[first], rest
    if table.ends and rest and parts[-1] in table.ends:
        return table.ends[parts[-1]], parts[:-1]
    return "", parts


def _without_estate(name: list[str], table: StreetTable) -> list[str]:
    """Return a street's name without the residence behind it: `rue foch residence les pins`."""
    for index in range(1, len(name)):
        if name[index] in table.estates and name[index - 1] not in _ARTICLES:
            return name[:index]
    return name


def _meanings(name: list[str], table: StreetTable, plan: str) -> list[str]:
    """Return the words of a street's name in canonical text, without articles if others remain."""
    articles = _OTHER_ARTICLES.get(plan, frozenset())
    meanings = []
    for index, word in enumerate(name):
        if len(word) == 1 and (first := _first_name(name, index)):
            meanings.append(first)
        elif word not in articles:
            meanings.append(_expand_suffix(table.words.get(word, word), table))
    meanings = _normalize_dates(meanings or name)
    return [
        _FIGURES_OF_WORDS.get(word, word) if index or len(meanings) > 1 else word
        for index, word in enumerate(meanings)
    ]


def _first_name(name: list[str], index: int) -> str:
    """Return the first name for an initial before a famous surname, as in `v hugo`; else ''."""
    following = next(
        (word for word in name[index + 1 : index + _NEAR] if word not in _ARTICLES), ""
    )
    if following not in FAMOUS_SURNAMES or (index and name[index - 1] == "de"):
        return ""
    return FAMOUS.get((name[index], following), "")


def _expand_suffix(word: str, table: StreetTable) -> str:
    """Return a word with its suffix in full: `hauptstr` is `hauptstrasse`, `str` is `strasse`."""
    for written, meant in table.suffixes.items():
        if word == written or (len(written) > len("pl") and word.endswith(written)):
            return word.removesuffix(written) + meant
    return word


def _normalize_dates(meanings: list[str]) -> list[str]:
    """Return the words with a date in figures and without its year: `8 mai` for `8 mai 1945`.

    If there is no date, ordinals lose their ending: `10` for `10 eme`.
    """
    months = [index for index, word in enumerate(meanings) if index and word in MONTHS]
    if months:
        index = months[0]
        day = meanings[index - 1]
        if day in ORDINALS and index > 1:
            day = meanings[index - 2]
        day = _SPOKEN_NUMBERS.get(day, day)
        if day.isdigit():
            year = meanings[index + 1 : index + 2]
            after = meanings[index + 2 :] if year and year[0].isdigit() else meanings[index + 1 :]
            start = index - 2 if meanings[index - 1] in ORDINALS and index > 1 else index - 1
            return [*meanings[:start], str(int(day)), meanings[index], *after]
    return [
        word
        for index, word in enumerate(meanings)
        if not (index and word in ORDINALS and meanings[index - 1].isdigit())
    ]
