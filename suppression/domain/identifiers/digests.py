"""Identifiers that arrive as a digest: as hex digits in either case, or as base64."""

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
_MAX_LENGTH = 2 * max(ALGORITHMS.values()) + 2
_PRIMARY = {
    Kind.EMAIL: MatchKeyLabel.PLAIN,
    Kind.PHONE: MatchKeyLabel.E164,
    Kind.POSTAL: MatchKeyLabel.PERSON,
}


def hashed_identifier(kind: Kind, digest: Digest, *, partner_schemes: bool = False) -> Identifier:
    """Return an identifier with one match key, from a digest; its other match keys are unknown.

    `partner_schemes`: whether to accept schemes other than `plain`, as stops, withdrawals, imports,
    releases and searches do, and checks do not. Raise IdentifierParseError for a scheme that is
    unknown, not for this kind or not accepted, for a malformed digest, and for the digest of the
    empty text.
    """
    scheme = scheme_named(digest.scheme, kind)
    if scheme != PLAIN and not partner_schemes:
        raise IdentifierParseError(
            "scheme_unsupported", "Hash our canonical form (scheme `plain`)."
        )
    match_key = MatchKey(
        label=_label(kind, scheme),
        prehash=raw_digest(digest.text, scheme.algorithm),
        algorithm=scheme.algorithm,
    )
    return Identifier(kind=kind, forms=(match_key,), hashed=True, scheme=str(scheme))


def _label(kind: Kind, scheme: Scheme) -> MatchKeyLabel:
    """Return the label for the match key of a digest: PARTNER for any scheme but `plain`."""
    return _PRIMARY[kind] if scheme == PLAIN else MatchKeyLabel.PARTNER


def raw_digest(text: str, algorithm: str = "sha256") -> bytes:
    """Return the raw bytes of a digest in hex or base64; white space around it is ignored.

    `algorithm` is `sha256`, `md5` or `sha1`. Raise IdentifierParseError for a malformed digest and
    for the hash of the empty text.

    >>> raw_digest("AB" * 32) == raw_digest("ab" * 32)
    True
    >>> raw_digest("q6urq6urq6urq6urq6urqw", "md5") == raw_digest("ab" * 16, "md5")
    True
    """
    text = text.strip() if len(text) <= 2 * _MAX_LENGTH else ""
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
    """Decode `size` bytes; return b'' if the text is neither hex nor base64 of that size.

    Base64 may be the standard or the URL-safe one (RFC 4648), with padding or without; its unused
    bits must be 0.
    """
    if len(text) == 2 * size and _HEX.fullmatch(text):
        return bytes.fromhex(text)
    bare = text.rstrip("=")
    if len(text) - len(bare) > 2 or not _BASE64.fullmatch(bare) or len(bare) != -(-size * 4 // 3):  # noqa: PLR2004
        return b""
    standard = bare.replace("-", "+").replace("_", "/")
    raw = base64.b64decode(standard + "=" * (-len(standard) % 4))
    is_exact = base64.b64encode(raw).decode("ascii").rstrip("=") == standard
    return raw if is_exact else b""
