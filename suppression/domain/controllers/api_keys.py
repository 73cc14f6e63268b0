"""API keys: `sup_`, the controller's number, `_`, 160 random bits, a checksum.

Keys that earlier releases made have no number. Only the SHA-256 and the hint of a key are stored.
"""

from __future__ import annotations

import base64
import hashlib
import re

KEY_BYTES = 20
_SHAPE = re.compile(r"sup_((?:([1-9][0-9]{0,4})_)?([a-z2-7]{32}))([a-z2-7]{6})")
_SIGNED, _NUMBER, _SECRET, _CHECKSUM = 1, 2, 3, 4
_MAX_NUMBER = 32_767
"""The largest number of a controller: it fits two bytes."""
_SHOWN_LETTERS = 6
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]  # ten bits each
_TEN_BITS = 0x3FF


def format_key(controller_number: int, random_bytes: bytes) -> str:
    """Return the key of a controller for 20 random bytes: 44 to 48 characters.

    >>> format_key(7, bytes(20))
    'sup_7_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaanwnnz'
    """
    secret = base64.b32encode(random_bytes).decode("ascii").lower()
    signed = f"{controller_number}_{secret}"
    return f"sup_{signed}{_checksum(signed)}"


def looks_like_key(text: str) -> bool:
    """Return whether a text has a key's shape and checksum, so that a typo costs no query.

    >>> looks_like_key(format_key(7, bytes(20))), looks_like_key("sup_7_" + "a" * 38)
    (True, False)
    """
    parts = _SHAPE.fullmatch(text)
    if parts is None or int(parts[_NUMBER] or 0) > _MAX_NUMBER:
        return False
    return parts[_CHECKSUM] == _checksum(parts[_SIGNED])


def controller_number(key: str) -> int | None:
    """Return the controller's number in a key; None for a key without one, and for any other text.

    >>> controller_number(format_key(7, bytes(20)))
    7
    """
    parts = _SHAPE.fullmatch(key)
    return int(parts[_NUMBER]) if parts and parts[_NUMBER] else None


def key_digest(key: str) -> bytes:
    """Return a key's SHA-256 (32 bytes), as it is stored; 160 random bits need no slow hash."""
    return hashlib.sha256(key.encode()).digest()


def key_hint(key: str) -> str:
    """Return a key up to the sixth letter of its secret, so that people can tell keys apart.

    Raise ValueError for a text that has no key's shape.

    >>> key_hint(format_key(7, bytes(20)))
    'sup_7_aaaaaa'
    """
    parts = _SHAPE.fullmatch(key)
    if parts is None:
        raise ValueError("this is no API key")
    return key[: parts.start(_SECRET) + _SHOWN_LETTERS]


def _checksum(signed: str) -> str:
    """Return a checksum of six letters: 30 bits of the SHA-256 of `sup_` and the text `signed`."""
    bits = int.from_bytes(hashlib.sha256(b"sup_" + signed.encode()).digest()[:4], "big") >> 2
    return _PAIRS[bits >> 20] + _PAIRS[bits >> 10 & _TEN_BITS] + _PAIRS[bits & _TEN_BITS]
