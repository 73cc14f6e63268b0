"""How partners hash: which spelling they hash (the scheme), with which algorithm.

A scheme is written as in a request, `meta-phone`, or with its algorithm, `meta-phone:md5`. MD5 and
SHA-1 are keys of imports only: what is stored is a keyed fingerprint made of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import KeyUse, MatchKey, MatchKeyLabel
from suppression.domain.vocabulary import Kind

ALGORITHMS = {"sha256": 32, "md5": 16, "sha1": 20}
"""The bytes of each digest we know."""

_KINDS = {
    "plain": frozenset(Kind),
    "meta-phone": frozenset({Kind.PHONE}),
    "google-email": frozenset({Kind.EMAIL}),
}
_DOTTED = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """A partner's spelling and algorithm."""

    spelling: str = "plain"
    algorithm: str = "sha256"

    def __str__(self) -> str:
        """As a request writes it.

        >>> str(Scheme(spelling="meta-phone")), str(Scheme(algorithm="md5"))
        ('meta-phone', 'plain:md5')
        """
        return self.spelling if self.algorithm == "sha256" else f"{self.spelling}:{self.algorithm}"


PLAIN = Scheme()


def scheme_named(name: str, kind: Kind) -> Scheme:
    """The scheme of that name; refused where we do not know it, or not for that kind.

    >>> scheme_named("google-email:sha1", Kind.EMAIL)
    Scheme(spelling='google-email', algorithm='sha1')
    """
    spelling, _, algorithm = name.partition(":")
    algorithm = algorithm or "sha256"
    if algorithm not in ALGORITHMS or kind not in _KINDS.get(spelling, ()):
        raise IdentifierParseError(
            "scheme_unsupported",
            "Name a scheme that this kind has: plain, meta-phone (phone) or google-email (email).",
        )
    return Scheme(spelling=spelling, algorithm=algorithm)


def schemes_for(kind: Kind, names: Iterable[str]) -> list[Scheme]:
    """Those of a controller's schemes that this kind has.

    >>> [str(one) for one in schemes_for(Kind.PHONE, ["google-email", "meta-phone"])]
    ['meta-phone']
    """
    return [scheme_named(name, kind) for name in names if kind in _KINDS[name.partition(":")[0]]]


def partner_spelling(spelling: str, canonical: str) -> str:
    """What a partner of that scheme hashes, from our canonical form.

    >>> partner_spelling("meta-phone", "+16505551212")
    '16505551212'
    >>> partner_spelling("google-email", "jean.dupont+pub@googlemail.com")
    'jeandupont@googlemail.com'
    """
    if spelling == "meta-phone":
        return canonical.removeprefix("+")
    if spelling == "google-email":
        local, _, domain = canonical.replace(" ", "").rpartition("@")
        if domain in _DOTTED:
            local = local.partition("+")[0].replace(".", "")
        return f"{local}@{domain}"
    return canonical


def partner_match_keys(
    kind: Kind, canonical: Iterable[str], schemes: Iterable[Scheme]
) -> list[MatchKey]:
    """The forms under which a controller's partner lists would hold any of these spellings."""
    texts = list(canonical)
    wanted = {
        (scheme.algorithm, text): None
        for scheme in schemes
        if scheme != PLAIN and kind in _KINDS[scheme.spelling]
        for one in texts
        for text in _partner_spellings(scheme.spelling, one)
    }
    return [
        MatchKey(
            label=MatchKeyLabel.PARTNER,
            prehash=_digest(algorithm, text),
            use=KeyUse.ASKED,
            algorithm=algorithm,
        )
        for algorithm, text in wanted
    ]


def _partner_spellings(spelling: str, canonical: str) -> list[str]:
    """What partners may have hashed: of a Gmail mailbox, either of its two domains."""
    text = partner_spelling(spelling, canonical)
    local, _, domain = text.rpartition("@")
    if spelling != "google-email" or domain not in _DOTTED:
        return [text]
    return [f"{local}@{one}" for one in sorted(_DOTTED)]


def _digest(algorithm: str, text: str) -> bytes:
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).digest()
