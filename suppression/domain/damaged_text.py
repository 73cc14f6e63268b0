"""Repair of text that a wrong encoding or a web page damaged, where one reading is certain."""

from __future__ import annotations

import html
import re

MISREAD = re.compile(
    "[\u00c2-\u00c5\u00cc\u00e2][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192"
    "\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""UTF-8 that was read as Windows-1252: `\u00c3\u00a9` for `\u00e9`. No word has these pairs."""
ENTITY = re.compile(r"&(?:#[0-9]{2,5}|#x[0-9a-f]{2,4}|[a-z]{2,8});", re.IGNORECASE)
"""A character as a web page writes it: `&eacute;`, `&#39;`."""
_MAX_REPAIRS = 2
# A byte-order mark in UTF-8 that was read as Windows-1252.
_MISREAD_MARK = "\u00ef\u00bb\u00bf"
# Programs let bytes that Windows-1252 leaves out pass as they are; those that read Latin-1 all of
# these.
_PASSED = range(0x80, 0xA0)


def repaired_text(text: str) -> str:
    """Return a text with its HTML entities and misread characters replaced.

    A text that was misread in part, or twice in different ways, stays misread: see `MISREAD`.

    >>> repaired_text("Ren\u00c3\u00a9 &amp; Anne"), repaired_text("ARR\u00c3\u0160T")
    ('Ren\u00e9 & Anne', 'ARR\u00caT')
    """
    if "&" in text and ENTITY.search(text):
        text = html.unescape(text)
    if text.isascii():
        return text
    text = text.removeprefix(_MISREAD_MARK)
    for _ in range(_MAX_REPAIRS):
        if MISREAD.search(text):
            text = _read_again(text)
    return text


def _read_again(text: str) -> str:
    """Return a text that was misread as Windows-1252, read as UTF-8; unchanged if that fails."""
    try:
        content = b"".join(
            bytes([ord(char)]) if ord(char) in _PASSED else char.encode("cp1252") for char in text
        )
        return content.decode("utf-8")
    except UnicodeError:
        return text
