"""The street: its type written out, titles and first names too, articles and spaces gone."""

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
_ROADS = {"n": "rn", "rn": "rn", "nationale": "rn", "d": "rd", "rd": "rd", "cd": "rd"}
_ROADS |= {"departementale": "rd", "vc": "vc", "cr": "cr"}
_SPOKEN_NUMBERS = FIGURES["spoken"]
# `neuf` is new as often as nine, and `un` an article.
_IN_FIGURES = FIGURES["roman"] | {
    word: figure for word, figure in _SPOKEN_NUMBERS.items() if word not in {"un", "neuf"}
}
_LONGEST_PHRASE = 4
_NEAR = 4


def street_name(text: str, plan: str) -> str:
    """The one spelling of a street without its number, from folded lower-case text.

    >>> street_name("bd. du gal de gaulle", "fr"), street_name("av v. hugo", "fr")
    ('boulevard generalgaulle', 'avenue victorhugo')
    >>> street_name("lieu-dit le bourg", "fr"), street_name("r.n. 7", "fr")
    ('bourg', 'rn 7')
    """
    table = STREETS.get(plan, PLAIN_STREETS)
    parts = _phrases(words(text), table)
    if not parts:
        return ""
    kind, name = _typed(parts, table)
    name = _without_estate(name, table) if kind in table.types else name
    joined = "".join(_meanings(name, table, plan))
    if plan in _GERMAN:
        joined = joined.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return f"{kind} {joined}".strip()


def is_street_type(word: str, plan: str) -> bool:
    """Whether a word begins a street line, as `rue` does."""
    return word in STREETS.get(plan, PLAIN_STREETS).types


def _phrases(parts: list[str], table: StreetTable) -> list[str]:
    """Words that mean something together: `lieu dit`, `rond point`, `J. F. Kennedy`."""
    if table.phrase_words.isdisjoint(parts):
        return parts
    kept = parts[:1] + [part for part in parts[1:] if part != "de"]
    made: list[str] = []
    at = 0
    while at < len(kept):
        size = _phrase_size(kept, at, table)
        made += table.phrases[tuple(kept[at : at + size])].split() if size else [kept[at]]
        at += size or 1
    return made


def _phrase_size(parts: list[str], at: int, table: StreetTable) -> int:
    if parts[at] not in table.phrase_words:
        return 0
    sizes = range(min(_LONGEST_PHRASE, len(parts) - at), 0, -1)
    return next((size for size in sizes if tuple(parts[at : at + size]) in table.phrases), 0)


def _typed(parts: list[str], table: StreetTable) -> tuple[str, list[str]]:
    """The street's type in full ('' without one) and the words after it."""
    first, rest = parts[0], parts[1:]
    if rest and first in _ROADS and table.phrases:
        rest = rest[1:] if rest[0] in {"n", "no"} and len(rest) > 1 else rest
        if rest[0].isdigit():
            return f"{_ROADS[first]} {rest[0].lstrip('0')}", rest[1:]
    for known in (table.types, table.estates, table.places):
        if first in known:
            return known[first], rest
    if table.ends and rest and parts[-1] in table.ends:
        return table.ends[parts[-1]], parts[:-1]
    return "", parts


def _without_estate(name: list[str], table: StreetTable) -> list[str]:
    """Without a residence named behind the street: `rue foch residence les pins`."""
    for at in range(1, len(name)):
        if name[at] in table.estates and name[at - 1] not in _ARTICLES:
            return name[:at]
    return name


def _meanings(name: list[str], table: StreetTable, plan: str) -> list[str]:
    """Each word as it is meant; articles go, unless nothing else stands there."""
    articles = _OTHER_ARTICLES.get(plan, frozenset())
    made = []
    for at, word in enumerate(name):
        if len(word) == 1 and (first := _first_name(name, at)):
            made.append(first)
        elif word not in articles:
            made.append(_suffixed(table.words.get(word, word), table))
    made = _dated(made or name)
    return [
        _IN_FIGURES.get(word, word) if at or len(made) > 1 else word for at, word in enumerate(made)
    ]


def _first_name(name: list[str], at: int) -> str:
    """The first name that an initial stands for before a famous surname: `v hugo`."""
    following = next((word for word in name[at + 1 : at + _NEAR] if word not in _ARTICLES), "")
    if following not in FAMOUS_SURNAMES or (at and name[at - 1] == "de"):
        return ""
    return FAMOUS.get((name[at], following), "")


def _suffixed(word: str, table: StreetTable) -> str:
    """`hauptstr` is `hauptstrasse`, and `str` alone `strasse`."""
    for written, meant in table.suffixes.items():
        if word == written or (len(written) > len("pl") and word.endswith(written)):
            return word.removesuffix(written) + meant
    return word


def _dated(made: list[str]) -> list[str]:
    """Dates in figures and without their year; ordinals without their ending."""
    months = [at for at, word in enumerate(made) if at and word in MONTHS]
    if months:
        at = months[0]
        day = made[at - 1]
        if day in ORDINALS and at > 1:
            day = made[at - 2]
        day = _SPOKEN_NUMBERS.get(day, day)
        if day.isdigit():
            year = made[at + 1 : at + 2]
            after = made[at + 2 :] if year and year[0].isdigit() else made[at + 1 :]
            start = at - 2 if made[at - 1] in ORDINALS and at > 1 else at - 1
            return [*made[:start], str(int(day)), made[at], *after]
    return [
        word
        for at, word in enumerate(made)
        if not (at and word in ORDINALS and made[at - 1].isdigit())
    ]
