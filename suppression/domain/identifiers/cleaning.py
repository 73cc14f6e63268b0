"""What every kind does first: away with what nobody sees, and one shape for each character."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from typing import Protocol

from suppression.domain.errors import IdentifierParseError
from suppression.domain.well_formed import REPLACEMENT

# The joiners U+200C and U+200D carry meaning inside some scripts: they go at the ends only.
_JOINERS = "\u200c\u200d"
# All that Unicode calls format characters: soft hyphens, marks of direction, zero-width spaces. Of
# its seventeen planes three have any: to ask for each of a million costs every start half a second.
_INVISIBLE = {
    code: None
    for code in chain(range(0x20000), range(0xE0000, 0xE1000))
    if unicodedata.category(chr(code)) == "Cf" and chr(code) not in _JOINERS
}
# Every other space that a keyboard or a word processor makes (U+00A0, U+202F and their like).
_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F], 0x20)
# Full-width ASCII (U+FF01 to U+FF5E), as East Asian keyboards write it, and the wide space.
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SEEN = _INVISIBLE | _SPACES | _WIDE
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


class TraceCallback(Protocol):
    """Called after a step with its name and text; `key` where the text becomes the match key."""

    def __call__(self, step: str, text: str, *, key: bool = False) -> None:
        """Take note of one step."""


def silent(step: str, text: str, *, key: bool = False) -> None:
    """Keep nothing: the listener in service, where an identifier is never kept."""


def clean_text(text: str, *, limit: int) -> str:
    r"""NFC, half-width, without invisible characters, trimmed.

    Refuses control characters, and U+FFFD: whoever it names, nobody can tell any more.

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
    return _trimmed(unicodedata.normalize("NFC", text.translate(_SEEN)))


def _trimmed(text: str) -> str:
    """Without white space and joiners at both ends, in whatever order they stand there."""
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or text[start] in _JOINERS):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _JOINERS):
        end -= 1
    return text[start:end]
