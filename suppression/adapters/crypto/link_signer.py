"""Signing and verification of unsubscribe links by itsdangerous (docs/architecture.md#link-tokens).

The signature is HMAC-SHA-256 cut to 16 bytes. itsdangerous decodes a signature before it compares
it, and 22 base64 characters hold 132 bits: 15 other last characters would pass. So this module
compares the MAC as text, in constant time.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from binascii import b2a_base64
from collections.abc import Mapping
from hashlib import sha256

from itsdangerous import Signer
from itsdangerous.signer import HMACAlgorithm

from suppression.domain.identifiers.keyed_digests import HmacSha256

_MAC_BYTES = 16
_MAC_CHARACTERS = 22
_SALT = b"suppression/link"
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class LinkSignatureError(Exception):
    """Raised for a token that we did not sign. Its text deliberately gives no reason."""


class _CutHmac(HMACAlgorithm):
    """HMAC-SHA-256, cut to its first 16 bytes."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Return the 16-byte MAC of `value`."""
        return super().get_signature(key, value)[:_MAC_BYTES]


class LinkSigner:
    """A signer of link payloads by the newest key; every key verifies, so that old links work."""

    def __init__(self, keys: Mapping[int, bytes], *, salt: bytes = _SALT) -> None:
        """Take 32-byte keys by version, at least one; tokens verify only with an equal `salt`."""
        self._signers = [
            Signer(
                keys[version],
                salt=salt,
                key_derivation="hmac",
                digest_method=sha256,
                algorithm=_CutHmac(sha256),
            )
            for version in sorted(keys, reverse=True)
        ]
        # itsdangerous would derive the key and hash its padding anew for every signature.
        self._digest = HmacSha256(self._signers[0].derive_key()).digest

    def sign(self, payload: bytes) -> str:
        """Return the token of a payload: payload and MAC, each in base64url, joined by a dot."""
        value = b2a_base64(payload, newline=False).translate(_URL_SAFE).rstrip(b"=")
        mac = b2a_base64(self._digest(value)[:_MAC_BYTES], newline=False)
        return (value + b"." + mac.translate(_URL_SAFE)[:_MAC_CHARACTERS]).decode()

    def verify(self, token: str) -> bytes:
        """Return the payload of a token; raise LinkSignatureError if we did not sign the token.

        A token that encodes the signed payload in another way is refused too.
        """
        value, _, mac = token.rpartition(".")
        if not value.isascii() or not mac.isascii():
            raise LinkSignatureError
        sent_mac = mac.encode()
        for signer in self._signers:
            if hmac.compare_digest(signer.get_signature(value.encode()), sent_mac):
                return _decode(value)
        raise LinkSignatureError


def _encode(raw: bytes) -> bytes:
    return b2a_base64(raw, newline=False).translate(_URL_SAFE).rstrip(b"=")


def _decode(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise LinkSignatureError from None
    if _encode(raw) != text.encode():
        raise LinkSignatureError
    return raw
