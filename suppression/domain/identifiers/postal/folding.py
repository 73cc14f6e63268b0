"""Folding: one shape for all spellings of a letter, so that words can be compared.

This is step 1 of post in docs/identifiers.md, without its lower case, which the callers apply.
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
UMLAUTS = {
    "\u00e4": "ae",
    "\u00f6": "oe",
    "\u00fc": "ue",
    "\u00c4": "Ae",
    "\u00d6": "Oe",
    "\u00dc": "Ue",
}
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


def spellings(name: str) -> list[str]:
    r"""Return a received name and, if it has umlauts, the name with each as two letters too.

    >>> spellings("Jean M\u00fcller"), spellings("Jean Roux")
    (['Jean Müller', 'Jean Mueller'], ['Jean Roux'])
    """
    composed = unicodedata.normalize("NFC", name)
    if UMLAUTS.keys().isdisjoint(composed):
        return [name]
    for mark, letters in UMLAUTS.items():
        composed = composed.replace(mark, letters)
    return [name, composed]


def words(text: str) -> list[str]:
    """Return the words of a folded lower-case text.

    A run of digits is a word, and so is a run of letters; elided articles (d', l') are left out.

    >>> words("rue de l'eglise"), words("12bis, grand'rue")
    (['rue', 'de', 'eglise'], ['12', 'bis', 'grand', 'rue'])
    """
    if "'" in text:
        text = _APOSTROPHE.sub(" ", f" {text}")
    return _WORD.findall(text)
