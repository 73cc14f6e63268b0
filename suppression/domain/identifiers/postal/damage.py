"""Text that a wrong encoding, a web page or a lost character damaged, in a postal address."""

from __future__ import annotations

import dataclasses
import re

from suppression.domain.damaged_text import ENTITY, MISREAD, repaired_text
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import PostalAddress

# A character that no encoding could hold: `H?l\u00e8ne`.
_LOST = re.compile(r"[^\W\d_]'?\? ?[^\W\d_]|(?:^|\s)\?[^\W\d_]{2}")


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
    if not (MISREAD.search(text) or ENTITY.search(text) or _LOST.search(text)):
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
    text = repaired_text(text)
    if MISREAD.search(text) or _LOST.search(text):
        detail = "A character was lost on the way: write the text anew."
        raise IdentifierParseError("malformed", detail)
    return text
