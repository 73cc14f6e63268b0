"""Words of a French street that are written out since 0.9.0: abbreviations, numbers, first names.

`plain_lines.py` uses them for today's reading of a street, beside that of 0.9.0. The words are in
later_words.csv and later_famous_names.csv.
"""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.plain_abroad import roman_value
from suppression.domain.identifiers.postal.tables import (
    FIRST_NAMES,
    LATER_FAMOUS,
    LATER_WORDS,
    STREETS,
)

_TYPES = LATER_WORDS["type"]
_MONTHS = LATER_WORDS["month"]
_SPELLED = LATER_WORDS["word"] | LATER_WORDS["phrase"] | LATER_WORDS["ordinal"]
_PLACES = STREETS["fr"].types.keys() | STREETS["fr"].places.keys() | STREETS["fr"].estates.keys()


def _alternatives(written: dict[str, str]) -> str:
    """Return a pattern of these texts, the longest first; a space also matches dots and hyphens."""
    escaped = (re.escape(word) for word in sorted(written, key=len, reverse=True))
    return "|".join(word.replace("\\ ", "[ .-]{1,2}") for word in escaped)


_NUMBER = r"(?:(?:n[o\u00b0.]{1,2} ?)?\d{1,5} ?(?:bis|ter|quater|[a-qs-z](?= ))?,? ?)?"
_AT_TYPE = re.compile(rf"^{_NUMBER}$")
_TYPE = re.compile(rf"^({_NUMBER})({_alternatives(_TYPES)})(?:\. ?| )(?=([a-z]+))")
_INITIALS_OF_TYPE = re.compile(rf"^({_NUMBER})([a-z])\. ?([a-z])\.(?: ?([a-z])\.)?(?=[ a-z])")
_RUE_D = re.compile(rf"^({_NUMBER})r\.? d (?=[a-z]{{2}})")
_ARTICLE = re.compile(rf"^({_NUMBER})(?:la |le |les |l')([a-z]+)(?= )")
_WORDS = re.compile(rf"\b({_alternatives(_SPELLED)})\b\.?(?!')")
_BETWEEN = re.compile(r"[ .-]+")
_MONTH = re.compile(rf"(?<=\d )({_alternatives(_MONTHS)})\b\.?(?= |$)")
# `vie` is a word, unless an article of the other gender stands before it: `rue du VIe RI`.
_ROMAN_ORDINAL = re.compile(
    r"\b(?!(?<!\bdu )(?<!\ble )(?<!\bau )vie\b)"
    r"(x{0,2}(?:i{1,3}|iv|vi{0,3}|ix)|x{1,2})(?:e|eme|ieme)\b"
)
_RANK_OF_KING = re.compile(r"\b([a-z]{4,}) ([ivx])$")
_OVER = re.compile(r"\bs/ ?(s(?:/ ?| ))?(?=[a-z'])")
_INITIAL = re.compile(
    r"\b([a-z])(?:\. ?| )(?=((?:de la |de |du |des |d'|l'|la |le )?([a-z]{3,}))\b)"
)
_NOTHING = re.compile(r"^(?:# ?|n[o\u00b0]? ?#|s ?/ ?n\b,? ?|sans (?:numero|n[o\u00b0]),? )")
_RANKS = {"i": "premier", "v": "cinq", "x": "dix"}


_ROMAN_ORDINALS = frozenset(
    f"{tens}{ones}{end}"
    for tens in ("", "x", "xx")
    for ones in ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    for end in ("e", "eme", "ieme")
)
_FIRST_WORDS = {written.split()[0] for written in (*_SPELLED, *_MONTHS)}
# Lines with none of these words, and without a letter alone, are unchanged.
LATER_STREET_WORDS = frozenset(
    {word for word in _FIRST_WORDS if len(word) > 1 and word not in FIRST_NAMES}
    | _TYPES.keys()
    | _ROMAN_ORDINALS - {"e", "eme", "ieme"}
    | {"s", "sans"}
)


def plain_words(line: str) -> str:
    """Return a folded lower-case line, abbreviations and numbers in one spelling; most stay as is.

    >>> plain_words("12 pro des lilas"), plain_words("12 rue j. d'arc")
    ('12 promenade des lilas', "12 rue jeanne d'arc")
    >>> plain_words("12 rue du xixe siecle"), plain_words("place du 11 nov. 1918")
    ('12 rue du 19e siecle', 'place du 11 novembre 1918')
    >>> plain_words("12 z.a. des pres"), plain_words("12 r d alsace")
    ('12 za des pres', "12 rue d'alsace")
    """
    line = _NOTHING.sub("", line)
    line = _INITIALS_OF_TYPE.sub(_with_initials, line)
    line = _RUE_D.sub(r"\1rue d'", line.replace("  ", " "))
    line = _TYPE.sub(_with_type, line)
    line = _ARTICLE.sub(_without_article, line)
    line = _OVER.sub(lambda match: "sous " if match[1] else "sur ", line)
    line = _WORDS.sub(lambda match: _SPELLED[_BETWEEN.sub(" ", match[1])], line)
    line = _MONTH.sub(lambda match: _MONTHS[match[1]], line)
    line = _ROMAN_ORDINAL.sub(lambda match: f"{roman_value(match[1])}e", line)
    line = _RANK_OF_KING.sub(_with_rank, line)
    return _INITIAL.sub(_with_first_name, line)


def _with_initials(match: re.Match[str]) -> str:
    """Return matched `z.a.` without its dots, if that is a type or an abbreviation of one."""
    letters = "".join(match.groups("")[1:])
    return f"{match[1]}{letters} " if letters in _PLACES | _TYPES.keys() else match[0]


def _with_type(match: re.Match[str]) -> str:
    """Return a matched abbreviation of a type written out, unless a street's type follows it.

    In `12 q rue foch` the letter belongs to the number.
    """
    if match[3] in STREETS["fr"].types:
        return match[0]
    return f"{match[1]}{_TYPES[match[2]]} "


def _without_article(match: re.Match[str]) -> str:
    """Return a matched `la ferme` without the article if the word names grounds or a street."""
    return f"{match[1]}{match[2]}" if match[2] in _PLACES else match[0]


def _with_rank(match: re.Match[str]) -> str:
    """Return a matched `charles v` as `charles cinq`; unchanged if it has no first name."""
    if match[1] not in FIRST_NAMES:
        return match[0]
    return f"{match[1]} {_RANKS[match[2]]}"


def _with_first_name(match: re.Match[str]) -> str:
    """Return a matched initial written out if it and the name after it are a famous person's.

    Any other initial is unchanged, and so is one in the place of the street type, because it
    abbreviates that type: `12 r luxembourg`.
    """
    first = LATER_FAMOUS.get((match[1], match[3]))
    is_type = _AT_TYPE.match(match.string[: match.start()])
    return f"{first} " if first and not is_type else match[0]
