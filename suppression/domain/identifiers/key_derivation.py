"""Keys derived from a master key, by HKDF-SHA256 (RFC 5869)."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_KEY_BYTES = 32
_CHECK_BYTES = 16


def hkdf_sha256(key: bytes, info: str) -> bytes:
    """Derive 32 bytes from `key` for one use (RFC 5869, no salt, one block).

    >>> hkdf_sha256(bytes(32), "a") == hkdf_sha256(bytes(32), "b")
    False
    """
    return HKDF(SHA256(), MASTER_KEY_BYTES, salt=None, info=info.encode()).derive(key)


def key_check(key: bytes) -> bytes:
    """Return the 16 bytes that identify a key in the database and reveal nothing of it."""
    return hkdf_sha256(key, "suppression/key-check")[:_CHECK_BYTES]
