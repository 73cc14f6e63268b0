"""Folding: one shape for all spellings of a letter, so that words can be compared.

This is step 1 of post in docs/identifiers.md; the callers apply its lower case.
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")
_SHAPES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O"}
    | {
        "đ": "d",
        "Đ": "D",
        "ł": "l",
        "Ł": "L",
        "\u0131": "i",
        "\u00ad": "",
        "\u200b": "",
        "\ufeff": "",
    }
    | dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\u2032", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_APOSTROPHE = re.compile(r" [dl]'|'")
_WORD = re.compile(r"\d+|[^\W\d_]+")


def fold(text: str) -> str:
    r"""Return the text with plain letters, apostrophes and dashes; its case remains.

    Accents are removed, ligatures are written out; soft hyphens, zero-width spaces and byte-order
    marks are dropped. ASCII text is returned unchanged.

    >>> fold("Œuvre de l'Abbé"), fold("N\u00ba 12")
    ("OEuvre de l'Abbe", 'No 12')
    """
    if text.isascii():
        return text
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_SHAPES)))


def words(text: str) -> list[str]:
    """Return the words of a folded lower-case text.

    A run of digits is a word, and so is a run of letters; elided articles (d', l') are left out.

    >>> words("rue de l'eglise"), words("12bis, grand'rue")
    (['rue', 'de', 'eglise'], ['12', 'bis', 'grand', 'rue'])
    """
    if "'" in text:
        text = _APOSTROPHE.sub(" ", f" {text}")
    return _WORD.findall(text)
