"""What every kind does first: away with what nobody sees, and one shape for each character."""

from __future__ import annotations

import re
import unicodedata

from suppression.domain.errors import UnreadableIdentifierError

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
# The joiners U+200C and U+200D carry meaning inside some scripts: they go at the ends only.
_ENDS = re.compile(r"^[\s\u200c\u200d]+|[\s\u200c\u200d]+$")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def cleaned(text: str, *, limit: int) -> str:
    r"""NFC, without invisible characters, trimmed. Refuses control characters and long texts.

    >>> cleaned("\ufeff jean@example.fr\u200b ", limit=320)
    'jean@example.fr'
    """
    if len(text) > limit:
        raise UnreadableIdentifierError("too_long", f"Send at most {limit} characters.")
    if _CONTROL.search(text):
        raise UnreadableIdentifierError("malformed", "Remove the control characters.")
    return _ENDS.sub("", unicodedata.normalize("NFC", text.translate(_INVISIBLE)))
