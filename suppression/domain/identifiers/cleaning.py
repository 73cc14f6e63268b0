"""Cleaning of received text: invisible characters removed, one shape for each character.

In docs/identifiers.md this is step 2 of e-mail, except for white space around the @, and the
cleaning in step 1 of phone. A postal address is only checked for what `clean_text` refuses;
`postal/folding.py` gives its characters one shape.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from typing import Protocol

from suppression.domain.errors import IdentifierParseError
from suppression.domain.well_formed import REPLACEMENT

# The joiners U+200C and U+200D carry meaning inside some scripts: only those at the ends go.
_JOINERS = "\u200c\u200d"
# All format characters of Unicode: soft hyphens, marks of direction, zero-width spaces. Only three
# of its seventeen planes have any: a look at all million characters costs each start half a second.
_INVISIBLE = {
    code: None
    for code in chain(range(0x20000), range(0xE0000, 0xE1000))
    if unicodedata.category(chr(code)) == "Cf" and chr(code) not in _JOINERS
}
# Every other space that a keyboard or a word processor makes (U+00A0, U+202F and their like).
_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F], 0x20)
# Full-width ASCII (U+FF01 to U+FF5E), as East Asian keyboards write it, and the wide space.
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_REPLACEMENTS = _INVISIBLE | _SPACES | _WIDE
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


class TraceCallback(Protocol):
    """A function that canonicalisation calls after a step.

    It receives the step's name, the text after the step, and whether match keys are made of it.
    """

    def __call__(self, step: str, text: str, *, key: bool = False) -> None:
        """Receive a step's name and the text after it; `key`: whether match keys are made of it."""


def silent(step: str, text: str, *, key: bool = False) -> None:
    """Do nothing: the default trace callback, which keeps no text of an identifier."""


def clean_text(text: str, *, limit: int) -> str:
    r"""Return the text in NFC, without outer white space and without invisible format characters.

    Of the format characters, such as zero-width spaces, only the joiners U+200C and U+200D inside
    the text stay. Special spaces, such as U+00A0, and full-width letters, digits and signs become
    plain ASCII. Raise IdentifierParseError for a text over `limit` characters, for control
    characters other than tabs and line breaks, for lone surrogates, and for U+FFFD: a character was
    lost, so nobody can tell whom the text names.

    >>> clean_text("\ufeff jean\uff20example.fr\u200b ", limit=320)
    'jean@example.fr'
    """
    if len(text) > limit:
        raise IdentifierParseError("too_long", f"Send at most {limit} characters.")
    if _CONTROL.search(text):
        raise IdentifierParseError("malformed", "Remove the control characters.")
    if REPLACEMENT in text:
        detail = "A character was lost on the way (U+FFFD): write the text anew."
        raise IdentifierParseError("malformed", detail)
    if text.isascii():
        return text.strip()
    return _trim(unicodedata.normalize("NFC", text.translate(_REPLACEMENTS)))


def _trim(text: str) -> str:
    """Return the text without any white space and joiners at its two ends."""
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or text[start] in _JOINERS):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _JOINERS):
        end -= 1
    return text[start:end]
