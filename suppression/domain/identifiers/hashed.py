"""Identifiers that arrive as a SHA-256: hex in either case and base64 are the same hash."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.forms import Digest, Form, FormLabel, Identifier
from suppression.domain.vocabulary import Kind

_HEX = re.compile(r"[0-9a-fA-F]{64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{43}=?|[A-Za-z0-9_-]{43}=?")
_EMPTY = hashlib.sha256(b"").digest()
_PRIMARY = {
    Kind.EMAIL: FormLabel.PLAIN,
    Kind.PHONE: FormLabel.E164,
    Kind.POSTAL: FormLabel.PERSON,
}


def hashed(kind: Kind, digest: Digest) -> Identifier:
    """The identifier behind a digest of its primary form; other forms stay unknown."""
    if digest.scheme != "plain":
        raise UnreadableIdentifierError(
            "scheme_unsupported", "Hash our canonical form (scheme `plain`)."
        )
    form = Form(label=_PRIMARY[kind], prehash=raw_sha256(digest.sha256))
    return Identifier(kind=kind, forms=(form,), hashed=True)


def raw_sha256(text: str) -> bytes:
    """The 32 bytes of a SHA-256 written as hex or base64; the hash of nothing is refused.

    >>> raw_sha256("AB" * 32) == raw_sha256("ab" * 32)
    True
    """
    text = text.strip()
    if _HEX.fullmatch(text):
        raw = bytes.fromhex(text)
    elif _BASE64.fullmatch(text):
        raw = _from_base64(text)
    else:
        raise UnreadableIdentifierError("malformed", "Send a SHA-256 as 64 hex digits or base64.")
    if raw == _EMPTY:
        raise UnreadableIdentifierError("malformed", "This is the SHA-256 of an empty text.")
    return raw


def _from_base64(text: str) -> bytes:
    padded = text.rstrip("=").replace("-", "+").replace("_", "/") + "="
    try:
        return base64.b64decode(padded, validate=True)
    except binascii.Error as error:  # pragma: no cover - the pattern admits only what decodes
        raise UnreadableIdentifierError("malformed", "Send valid base64.") from error
