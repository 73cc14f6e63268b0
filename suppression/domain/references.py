"""References that people keep, read out and type: short groups, nothing that looks alike."""

from __future__ import annotations

REFERENCE_BYTES = 12
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def reference(random_bytes: bytes) -> str:
    """A reference for 12 random bytes (60 bits count): three groups of four.

    >>> reference(bytes(range(12)))
    '2345-6789-ABCD'
    """
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in random_bytes)
    return "-".join(letters[start : start + 4] for start in range(0, REFERENCE_BYTES, 4))
