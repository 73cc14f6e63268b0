"""References that people store, read out and type: short groups without similar characters."""

from __future__ import annotations

import re

REFERENCE_BYTES = 12
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SHAPE = re.compile(rf"[{_ALPHABET}]{{4}}(?:-[{_ALPHABET}]{{4}}){{2}}")


def reference(random_bytes: bytes) -> str:
    """Return a reference for 12 random bytes (60 bits count): three groups of four.

    >>> reference(bytes(range(12)))
    '2345-6789-ABCD'
    """
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in random_bytes)
    return "-".join(letters[start : start + 4] for start in range(0, REFERENCE_BYTES, 4))


def is_reference(text: str) -> bool:
    """Return whether a text has the shape of a reference: no other text may reach a statement.

    >>> is_reference("2345-6789-ABCD"), is_reference("2345-6789-abcd"), is_reference("2345-6789")
    (True, False, False)
    """
    return bool(_SHAPE.fullmatch(text))
