"""API keys: `sup_`, 160 random bits, a checksum.

Of a key only its SHA-256 and its first ten characters are stored.
"""

from __future__ import annotations

import base64
import hashlib
import re

KEY_BYTES = 20
_SHAPE = re.compile(r"sup_[a-z2-7]{38}")
_BODY = slice(4, 36)
_CHECKSUM = slice(36, 42)
_HINT = slice(0, 10)
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]  # ten bits each
_TEN_BITS = 0x3FF


def format_key(random_bytes: bytes) -> str:
    """Return the key for 20 random bytes: 42 characters.

    >>> format_key(bytes(20))
    'sup_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaiipphg'
    """
    body = base64.b32encode(random_bytes).decode("ascii").lower()
    return f"sup_{body}{_checksum(body)}"


def looks_like_key(text: str) -> bool:
    """Return whether a text has a key's shape and checksum, so that a typo costs no query.

    >>> looks_like_key(format_key(bytes(20))), looks_like_key("sup_" + "a" * 38)
    (True, False)
    """
    return bool(_SHAPE.fullmatch(text)) and text[_CHECKSUM] == _checksum(text[_BODY])


def key_digest(key: str) -> bytes:
    """Return a key's SHA-256 (32 bytes), as it is stored; 160 random bits need no slow hash."""
    return hashlib.sha256(key.encode()).digest()


def key_hint(key: str) -> str:
    """Return the first ten characters of a key, by which people distinguish keys."""
    return key[_HINT]


def _checksum(body: str) -> str:
    """Return a key body's checksum, six characters: 30 bits of the SHA-256 of `sup_` and body."""
    bits = int.from_bytes(hashlib.sha256(b"sup_" + body.encode()).digest()[:4], "big") >> 2
    return _PAIRS[bits >> 20] + _PAIRS[bits >> 10 & _TEN_BITS] + _PAIRS[bits & _TEN_BITS]
