"""Text that a wrong encoding, a web page or a lost character damaged, in a postal address."""

from __future__ import annotations

import dataclasses
import html
import re

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import PostalAddress

# UTF-8 that was read as Windows-1252: `\u00c3\u00a9` for \u00e9. No word has these pairs.
_MISREAD = re.compile(
    "[\u00c2-\u00c5\u00cc\u00e2][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192"
    "\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_ENTITY = re.compile(r"&(?:#[0-9]{2,5}|#x[0-9a-f]{2,4}|[a-z]{2,8});", re.IGNORECASE)
# A character that no encoding could hold: `H?l\u00e8ne`.
_LOST = re.compile(r"[^\W\d_]'?\? ?[^\W\d_]|(?:^|\s)\?[^\W\d_]{2}")
_MAX_REPAIRS = 2
# Windows-1252 leaves these bytes out; programs let them pass as they are.
_UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}


def repaired_address(address: PostalAddress) -> PostalAddress:
    """Return an address with damaged characters repaired.

    Return `address` itself if its name, street and lines have none; damage in the city alone is
    left as it is. Raise IdentifierParseError if a character is lost or cannot be recovered.

    >>> repaired_address(PostalAddress(name="Ren\u00c3\u00a9 &amp; Anne")).name
    'Ren\u00e9 & Anne'
    """
    text = f"{address.name}{address.street}{address.line1}{address.line2}{''.join(address.lines)}"
    if text.isascii() and "&" not in text and "?" not in text:
        return address
    if not (_MISREAD.search(text) or _ENTITY.search(text) or _LOST.search(text)):
        return address
    return dataclasses.replace(
        address,
        name=_repaired(address.name),
        street=_repaired(address.street),
        line1=_repaired(address.line1),
        line2=_repaired(address.line2),
        city=_repaired(address.city),
        lines=tuple(_repaired(line) for line in address.lines),
    )


def _repaired(text: str) -> str:
    """Return a text with its HTML entities and misread characters replaced.

    Raise IdentifierParseError if a character is lost or cannot be recovered.
    """
    text = html.unescape(text) if _ENTITY.search(text) else text
    for _ in range(_MAX_REPAIRS):
        if _MISREAD.search(text):
            text = _read_again(text)
    if _MISREAD.search(text) or _LOST.search(text):
        detail = "A character was lost on the way: write the text anew."
        raise IdentifierParseError("malformed", detail)
    return text


def _read_again(text: str) -> str:
    """Return a text that was misread as Windows-1252, read as UTF-8; unchanged if that fails."""
    try:
        content = b"".join(
            bytes([ord(char)]) if ord(char) in _UNDEFINED else char.encode("cp1252")
            for char in text
        )
        return content.decode("utf-8")
    except UnicodeError:
        return text
