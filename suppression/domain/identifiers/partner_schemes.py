"""Partner schemes: the spelling that a partner hashes, and the algorithm.

A scheme is named by its spelling alone for SHA-256, as `meta-phone`, and with the algorithm for
another, as `meta-phone:md5`. Checks accept only `plain` by SHA-256; imports, stops, withdrawals,
searches and releases accept every scheme.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.email import GMAIL_DOMAINS
from suppression.domain.identifiers.match_keys import (
    DOMAIN_SCHEME,
    CanonicalText,
    KeyUse,
    MatchKey,
    MatchKeyLabel,
)
from suppression.domain.vocabulary import Kind

ALGORITHMS = {"sha256": 32, "md5": 16, "sha1": 20}
"""The size of each supported digest in bytes."""

HASHED_PREFIXES = {
    (kind, algorithm): f"{kind}:{algorithm}:".encode()
    for kind in Kind
    for algorithm in (*ALGORITHMS, DOMAIN_SCHEME)
}
"""The text that a fingerprint is made of begins with one of these, and a prehash follows."""

_KINDS_OF_SPELLING = {
    "plain": frozenset(Kind),
    "meta-phone": frozenset({Kind.PHONE}),
    "google-email": frozenset({Kind.EMAIL}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """The way in which a partner hashes: the spelling that is hashed, and the hash algorithm."""

    spelling: str = "plain"
    algorithm: str = "sha256"

    def __str__(self) -> str:
        """Return the scheme as a request names it.

        >>> str(Scheme(spelling="meta-phone")), str(Scheme(algorithm="md5"))
        ('meta-phone', 'plain:md5')
        """
        return self.spelling if self.algorithm == "sha256" else f"{self.spelling}:{self.algorithm}"


PLAIN = Scheme()


def scheme_named(name: str, kind: Kind) -> Scheme:
    """Return the scheme with this name, for identifiers of this kind.

    Raise IdentifierParseError if the scheme is unknown or not for this kind.

    >>> scheme_named("google-email:sha1", Kind.EMAIL)
    Scheme(spelling='google-email', algorithm='sha1')
    """
    spelling, _, algorithm = name.partition(":")
    algorithm = algorithm or "sha256"
    if algorithm not in ALGORITHMS or kind not in _KINDS_OF_SPELLING.get(spelling, ()):
        raise IdentifierParseError(
            "scheme_unsupported",
            "Name a scheme that this kind has: plain, meta-phone (phone) or google-email (email).",
        )
    return Scheme(spelling=spelling, algorithm=algorithm)


def schemes_for(kind: Kind, names: Iterable[str]) -> list[Scheme]:
    """Return those of the named schemes that exist for this kind; each name must be a known one.

    The scheme of mail domains is no partner's: it is left out.

    >>> [str(scheme) for scheme in schemes_for(Kind.PHONE, ["google-email", "meta-phone"])]
    ['meta-phone']
    """
    return [
        scheme_named(name, kind)
        for name in names
        if name != DOMAIN_SCHEME and kind in _KINDS_OF_SPELLING[name.partition(":")[0]]
    ]


def looks_up_more(kind: Kind, names: Collection[str]) -> bool:
    """Return whether a controller with these schemes looks up more than an identifier's own keys.

    It does for a kind that its partners' lists hold, and for e-mail if a mail domain is stopped.

    >>> looks_up_more(Kind.EMAIL, ["domain"]), looks_up_more(Kind.EMAIL, ["meta-phone"])
    (True, False)
    """
    of_domains = kind is Kind.EMAIL and DOMAIN_SCHEME in names
    return of_domains or bool(schemes_for(kind, names))


def partner_spelling(spelling: str, canonical: str) -> str:
    """Return the text that a partner with this spelling hashes, from our canonical text.

    In the spelling `plain` it is the canonical text itself.

    >>> partner_spelling("meta-phone", "+16505551212")
    '16505551212'
    >>> partner_spelling("google-email", "jean.dupont+pub@googlemail.com")
    'jeandupont@googlemail.com'
    """
    if spelling == "meta-phone":
        return canonical.removeprefix("+")
    if spelling == "google-email":
        local, _, domain = canonical.replace(" ", "").rpartition("@")
        if domain in GMAIL_DOMAINS:
            local = local.partition("+")[0].replace(".", "")
        return f"{local}@{domain}"
    return canonical


def partner_match_keys(
    kind: Kind, canonical: Iterable[CanonicalText], schemes: Iterable[Scheme], *, named: bool
) -> list[MatchKey]:
    """Return the match keys under which partner lists may hold an identifier, for lookup only.

    `canonical` holds the canonical texts of the identifier, `schemes` the schemes of the lists. A
    scheme of another kind adds nothing, nor does `plain` by SHA-256. A match key is an alias if its
    text is certainly the identifier's. The text of a whole address is not if the identifier names
    somebody there (`named`).
    """
    texts = [text for text in canonical if text.use.is_looked_up]
    uses: dict[tuple[str, str], KeyUse] = {}
    for scheme in schemes:
        if scheme == PLAIN or kind not in _KINDS_OF_SPELLING[scheme.spelling]:
            continue
        for canonical_text in texts:
            use = _use_of_partners(canonical_text, named=named)
            for text in _partner_spellings(scheme.spelling, canonical_text.text):
                key = scheme.algorithm, text
                uses[key] = uses.get(key, use) if use is KeyUse.LOOKUP else use
    return [
        MatchKey(
            label=MatchKeyLabel.PARTNER,
            prehash=_digest(algorithm, text),
            use=use,
            algorithm=algorithm,
        )
        for (algorithm, text), use in uses.items()
    ]


def _use_of_partners(text: CanonicalText, *, named: bool) -> KeyUse:
    """Return the use of the match keys that partners' schemes make of a text: ALIAS or LOOKUP."""
    of_others = named and text.label is MatchKeyLabel.WHOLE_ADDRESS
    certain = text.use.is_own and text.label is not MatchKeyLabel.READING
    return KeyUse.ALIAS if certain and not of_others else KeyUse.LOOKUP


def _partner_spellings(spelling: str, canonical: str) -> list[str]:
    """Return the texts that partners may have hashed for a canonical text.

    It is one text; for an address at Gmail in the spelling `google-email`, one per Gmail domain.
    """
    text = partner_spelling(spelling, canonical)
    local, _, domain = text.rpartition("@")
    if spelling != "google-email" or domain not in GMAIL_DOMAINS:
        return [text]
    return [f"{local}@{gmail_domain}" for gmail_domain in sorted(GMAIL_DOMAINS)]


def _digest(algorithm: str, text: str) -> bytes:
    """Return the raw digest of a text."""
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).digest()
