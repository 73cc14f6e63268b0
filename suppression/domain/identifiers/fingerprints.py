"""Keyed fingerprints: the stored replacement of an identifier.

See docs/architecture.md#fingerprints-and-forms.

    controller_key(n) = HKDF-SHA256(master_key(n), no salt, "suppression/fingerprint/" + slug, 32)
    fingerprint(1)    = HMAC-SHA-256(controller_key(1), kind + ":" + algorithm + ":" + prehash)[:16]
    fingerprint(n+1)  = HMAC-SHA-256(controller_key(n+1), fingerprint(n))[:16]

`prehash` is the digest of a match key's text by `algorithm`: sha256; for partners' lists also md5
or sha1. For a mail domain `algorithm` is `domain`, which no caller's digest can have, and `prehash`
the SHA-256 of the domain.

Each controller has a key of its own: two controllers' lists cannot be joined. A new master key
wraps older fingerprints and needs no plaintext, so all master keys are kept for ever.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NewType

from suppression.domain.calendar.locations import UNKNOWN_LOCATION, Location
from suppression.domain.identifiers.email import EMAIL_LABELS, clean_texts
from suppression.domain.identifiers.keyed_digests import HmacSha256, hkdf_sha256
from suppression.domain.identifiers.match_keys import Identifier, KeyUse, MatchKey, MatchKeyLabel
from suppression.domain.identifiers.partner_schemes import HASHED_PREFIXES
from suppression.domain.identifiers.sandbox import SANDBOX_CASES, SandboxCase
from suppression.domain.identifiers.versions import OLDER, OLDEST, VERSION
from suppression.domain.vocabulary import Kind

Fingerprint = NewType("Fingerprint", bytes)
"""The 16 bytes of a fingerprint: a type of its own, so that no other bytes can replace it."""

FINGERPRINT_BYTES = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyedMatchKey:
    """A match key under one controller's keys: a fingerprint per master key, the newest last.

    A match key that came in a link has only the newest fingerprint.
    """

    label: MatchKeyLabel
    use: KeyUse
    versions: tuple[Fingerprint, ...] = field(repr=False)
    people: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """The subject of a check or a stop: an identifier, with fingerprints in the place of its texts.

    `named`: false for a postal address without a name; `hashed`: whether only a digest came, in the
    `scheme`; `partners_unasked`: whether a digest came and the controller has lists in schemes in
    which it cannot be looked up; `domains_unasked`: whether the digest of an e-mail address came,
    and the controller has stops of mail domains; `sandbox`: None unless the identifier is one of
    the sandbox; `canonicalisation`: the version of the rules that made the match keys, which a
    suppression records; `place`: the location of a telephone number, unknown for other kinds.
    """

    kind: Kind
    forms: tuple[KeyedMatchKey, ...]
    named: bool = True
    hashed: bool = False
    partners_unasked: bool = False
    domains_unasked: bool = False
    sandbox: SandboxCase | None = None
    scheme: str = "plain"
    canonicalisation: int = VERSION
    place: Location = UNKNOWN_LOCATION

    @property
    def lookup_fingerprints(self) -> tuple[Fingerprint, ...]:
        """Every fingerprint, of any master key, by which a check looks up stops."""
        fingerprints: tuple[Fingerprint, ...] = ()
        for match_key in self.forms:
            if match_key.use.is_looked_up:
                fingerprints += match_key.versions
        return fingerprints

    @property
    def all_fingerprints(self) -> frozenset[Fingerprint]:
        """Every fingerprint of the identifier, of any use and any master key."""
        return frozenset(chain.from_iterable(match_key.versions for match_key in self.forms))

    @property
    def consent_fingerprints(self) -> tuple[Fingerprint, ...]:
        """The fingerprints that consents are looked up by.

        They are made of the plain e-mail address, of the number, or of the postal match key with
        the whole first name; () for an identifier without such a match key, and for digits that may
        be two numbers.
        """
        if any(match_key.label is MatchKeyLabel.EITHER for match_key in self.forms):
            return ()
        label = _CONSENT_LABELS[self.kind]
        keys = (key for key in self.forms if key.label is label and key.use is not KeyUse.LOOKUP)
        return tuple(chain.from_iterable(key.versions for key in keys))

    @property
    def consent_key(self) -> Fingerprint | None:
        """The fingerprint under which a new consent is stored; None without a match key for it."""
        looked_up = self.consent_fingerprints
        keys = (key.versions[-1] for key in self.forms if key.versions[-1] in looked_up)
        return next(keys, None)

    @property
    def agreed_time_fingerprints(self) -> frozenset[Fingerprint]:
        """The fingerprints under which agreed call times allow a call: those of this number alone.

        Empty for digits that may be two numbers.
        """
        if self.either_fingerprints:
            return frozenset()
        return self.own_fingerprints.intersection(self.lookup_fingerprints)

    @property
    def either_fingerprints(self) -> frozenset[Fingerprint]:
        """The fingerprints of the text of both numbers, for digits that may be two numbers.

        A stop of such digits is released only by the same digits. Empty for any other identifier.
        """
        return self.labelled(MatchKeyLabel.EITHER)

    def stored_rows(self, *, whole_address: bool) -> tuple[tuple[Fingerprint, ...], ...]:
        """Return the rows that a stop is stored as: the fingerprints of each, the primary first.

        For digits that may be two numbers the primary is that of both together, so that the row
        stays apart from those of each. `whole_address`: whether the stop is for everybody at a
        postal address; a stop of an address without a name always is. Each row then begins with the
        whole address, and two house numbers make two rows, as each is released by its own number.
        If such an address may still name a person (`VILLA Jean`), that person has a row as
        well. Any other stop, or one of a hash or of another kind, is one row without the whole
        address.
        """
        newest = [(key.label, key.versions[-1]) for key in self.forms if key.use.is_stored]
        whole, either = MatchKeyLabel.WHOLE_ADDRESS, MatchKeyLabel.EITHER
        houses = [fingerprint for label, fingerprint in newest if label is whole]
        others = (
            *(fingerprint for label, fingerprint in newest if label is either),
            *(fingerprint for label, fingerprint in newest if label not in {whole, either}),
        )
        if others and not whole_address:
            return (others,) if self.named else (*((house,) for house in houses), others)
        return tuple((house, *others) for house in houses) or (others,)

    @property
    def own_fingerprints(self) -> frozenset[Fingerprint]:
        """The fingerprints that are certainly of this identifier, without `whole_address`.

        A household's are not a person's own, nor a person's a household's. Persons of one surname
        at one address share the one labelled SOMEONE.
        """
        own = [match_key.versions for match_key in self.forms if match_key.use.is_own]
        return frozenset(chain.from_iterable(own)) - self.whole_address

    @property
    def whole_address(self) -> frozenset[Fingerprint]:
        """The fingerprints of the whole postal address, those that are only looked up included."""
        whole = [key.versions for key in self.forms if key.label is MatchKeyLabel.WHOLE_ADDRESS]
        return frozenset(chain.from_iterable(whole))

    @property
    def own_whole_address(self) -> frozenset[Fingerprint]:
        """The fingerprints in `whole_address` that are certainly of this address."""
        return self.labelled(MatchKeyLabel.WHOLE_ADDRESS, own=True)

    def labelled(self, label: MatchKeyLabel, *, own: bool = False) -> frozenset[Fingerprint]:
        """Return the fingerprints with this label; with `own`, only those certain (`is_own`)."""
        keys = (key for key in self.forms if key.label is label and (key.use.is_own or not own))
        return frozenset(chain.from_iterable(key.versions for key in keys))


_EMAIL_PREFIX = HASHED_PREFIXES[Kind.EMAIL, "sha256"]
_CONSENT_LABELS = {
    Kind.EMAIL: MatchKeyLabel.PLAIN,
    Kind.PHONE: MatchKeyLabel.E164,
    Kind.POSTAL: MatchKeyLabel.PERSON_FULL,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ControllerKeys:
    """One controller's derived keys: the only source of its fingerprints."""

    fingerprint_keys: tuple[HmacSha256, ...] = field(repr=False)
    idempotency_key: bytes = field(repr=False)
    sandbox_cases: Mapping[Fingerprint, SandboxCase] = field(init=False, repr=False, compare=False)
    """The sandbox cases of e-mail by fingerprint under the newest master key, as a link has it."""

    def __post_init__(self) -> None:
        """Compute the sandbox's fingerprints once, so that a click on a link computes none."""
        cases: dict[Fingerprint, SandboxCase] = {}
        for prehash, case in SANDBOX_CASES.items():
            key = MatchKey(label=MatchKeyLabel.PLAIN, prehash=prehash)
            cases[self.versions(Kind.EMAIL, key)[-1]] = case
        object.__setattr__(self, "sandbox_cases", cases)

    def subject(self, identifier: Identifier) -> Subject:
        """Return an identifier as a subject, with fingerprints in the place of its match keys."""
        sandbox = SANDBOX_CASES.get(identifier.forms[0].prehash)
        return Subject(
            kind=identifier.kind,
            forms=tuple(
                [
                    KeyedMatchKey(
                        label=match_key.label,
                        use=match_key.use,
                        versions=self.versions(identifier.kind, match_key),
                        people=match_key.people,
                    )
                    for match_key in identifier.forms
                ]
            ),
            named=identifier.named,
            hashed=identifier.hashed,
            sandbox=None if identifier.kind is Kind.POSTAL else sandbox,
            scheme=identifier.scheme,
            # A digest does not tell which version's rules made its text.
            canonicalisation=OLDEST if identifier.hashed else VERSION,
            place=identifier.place,
        )

    def clean_email(self, text: str) -> tuple[Fingerprint, ...]:
        """Return the fingerprints by which a check looks up a clean address; () for any other text.

        A clean address needs only lower case and is not the sandbox's. The fingerprints of its
        plain match key come first; those in partners' schemes are not included. Subjects of clean
        addresses differ in their fingerprints alone. No address is clean while older rules exist.
        """
        if OLDER:
            return ()
        fingerprints = []
        for canonical in clean_texts(text):
            prehash = hashlib.sha256(canonical.encode()).digest()
            if prehash in SANDBOX_CASES:
                return ()
            message = _EMAIL_PREFIX + prehash
            for key in self.fingerprint_keys:
                message = key.digest(message)[:FINGERPRINT_BYTES]
                fingerprints.append(Fingerprint(message))
        return tuple(fingerprints)

    def clean_subject(self, fingerprints: tuple[Fingerprint, ...]) -> Subject:
        """Return the subject of a clean address, from a result of `clean_email` that is not ()."""
        size = self.version
        versions = [
            fingerprints[start : start + size] for start in range(0, len(fingerprints), size)
        ]
        return Subject(
            kind=Kind.EMAIL,
            forms=tuple(
                [
                    KeyedMatchKey(label=label, use=KeyUse.BOTH, versions=key_versions)
                    for label, key_versions in zip(EMAIL_LABELS, versions, strict=False)
                ]
            ),
        )

    @property
    def version(self) -> int:
        """The newest master-key version, which makes new fingerprints."""
        return len(self.fingerprint_keys)

    def reencrypt_fingerprint(self, fingerprint: Fingerprint, version: int) -> Fingerprint:
        """Return a fingerprint of master key `version`, wrapped with each later master key."""
        for key in self.fingerprint_keys[version:]:
            fingerprint = Fingerprint(key.digest(fingerprint)[:FINGERPRINT_BYTES])
        return fingerprint

    def digest(self, *parts: bytes) -> bytes:
        """Return a keyed digest (32 bytes) of the parts of a request, to recognise a repeat."""
        message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(self.idempotency_key, message, "sha256")

    def versions(self, kind: Kind, match_key: MatchKey) -> tuple[Fingerprint, ...]:
        """Return a match key's fingerprints, one per master-key version, newest last."""
        message = HASHED_PREFIXES[kind, match_key.algorithm] + match_key.prehash
        fingerprints = []
        for key in self.fingerprint_keys:
            message = key.digest(message)[:FINGERPRINT_BYTES]
            fingerprints.append(Fingerprint(message))
        return tuple(fingerprints)


def controller_keys(slug: str, master_keys: Mapping[int, bytes]) -> ControllerKeys:
    """Derive a controller's keys from its slug and all master keys, by version from 1."""
    ordered_keys = [master_keys[version] for version in sorted(master_keys)]
    return ControllerKeys(
        fingerprint_keys=tuple(
            HmacSha256(hkdf_sha256(key, f"suppression/fingerprint/{slug}")) for key in ordered_keys
        ),
        idempotency_key=hkdf_sha256(ordered_keys[0], f"suppression/idempotency/{slug}"),
    )
