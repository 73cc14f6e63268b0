"""Identifiers that arrive as a digest: hex in either case and base64 are the same hash."""

from __future__ import annotations

import base64
import hashlib
import re

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import Digest, Identifier, MatchKey, MatchKeyLabel
from suppression.domain.identifiers.partner_schemes import ALGORITHMS, PLAIN, Scheme, scheme_named
from suppression.domain.vocabulary import Kind

_HEX = re.compile(r"[0-9a-fA-F]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+")
_LONGEST = 2 * max(ALGORITHMS.values()) + 2
_PRIMARY = {
    Kind.EMAIL: MatchKeyLabel.PLAIN,
    Kind.PHONE: MatchKeyLabel.E164,
    Kind.POSTAL: MatchKeyLabel.PERSON,
}


def hashed_identifier(kind: Kind, digest: Digest, *, partner_schemes: bool = False) -> Identifier:
    """The identifier behind a digest of one form; its other forms stay unknown.

    Checks take scheme `plain` only; imports and stops set `partner_schemes`.
    """
    scheme = scheme_named(digest.scheme, kind)
    if scheme != PLAIN and not partner_schemes:
        raise IdentifierParseError(
            "scheme_unsupported", "Hash our canonical form (scheme `plain`)."
        )
    form = MatchKey(
        label=_label(kind, scheme),
        prehash=raw_digest(digest.text, scheme.algorithm),
        algorithm=scheme.algorithm,
    )
    return Identifier(kind=kind, forms=(form,), hashed=True, scheme=str(scheme))


def _label(kind: Kind, scheme: Scheme) -> MatchKeyLabel:
    return _PRIMARY[kind] if scheme == PLAIN else MatchKeyLabel.PARTNER


def raw_digest(text: str, algorithm: str = "sha256") -> bytes:
    """The raw bytes of a digest written as hex or base64; the hash of nothing is refused.

    >>> raw_digest("AB" * 32) == raw_digest("ab" * 32)
    True
    >>> raw_digest("q6urq6urq6urq6urq6urqw", "md5") == raw_digest("ab" * 16, "md5")
    True
    """
    text = text.strip() if len(text) <= 2 * _LONGEST else ""
    raw = _from_hex_or_base64(text, ALGORITHMS[algorithm])
    if len(raw) != ALGORITHMS[algorithm]:
        raise IdentifierParseError(
            "malformed",
            f"Send the {algorithm} as {2 * ALGORITHMS[algorithm]} hex digits or base64.",
        )
    if raw == hashlib.new(algorithm, b"", usedforsecurity=False).digest():
        raise IdentifierParseError("malformed", "This is the hash of an empty text.")
    return raw


def _from_hex_or_base64(text: str, size: int) -> bytes:
    """The bytes, b'' where the text is neither. Base64 with or without padding, either alphabet."""
    if len(text) == 2 * size and _HEX.fullmatch(text):
        return bytes.fromhex(text)
    bare = text.rstrip("=")
    if len(text) - len(bare) > 2 or not _BASE64.fullmatch(bare) or len(bare) != -(-size * 4 // 3):  # noqa: PLR2004
        return b""
    standard = bare.replace("-", "+").replace("_", "/")
    raw = base64.b64decode(standard + "=" * (-len(standard) % 4))
    exact = base64.b64encode(raw).decode("ascii").rstrip("=") == standard
    return raw if exact else b""
