"""Keyed fingerprints: what is stored in the place of an identifier.

See docs/architecture.md#fingerprints-and-forms.

    controller_key(n) = HKDF-SHA256(master_key(n), no salt, "suppression/fingerprint/" + slug, 32)
    fingerprint(1)    = HMAC-SHA-256(controller_key(1), kind + ":sha256:" + prehash)[:16]
    fingerprint(n+1)  = HMAC-SHA-256(controller_key(n+1), fingerprint(n))[:16]

A key per controller: two controllers' lists cannot be joined. Wrapping: a new master key needs no
plaintext, so all master keys are kept for ever.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from suppression.domain.calendar.locations import UNKNOWN_LOCATION, Location
from suppression.domain.identifiers.email import EMAIL_LABELS, clean_texts
from suppression.domain.identifiers.fast_hmac import HmacSha256
from suppression.domain.identifiers.match_keys import Identifier, KeyUse, MatchKey, MatchKeyLabel
from suppression.domain.identifiers.partner_schemes import ALGORITHMS
from suppression.domain.identifiers.sandbox import SANDBOX_CASES, SandboxCase, sandbox_case
from suppression.domain.identifiers.versions import OLDER, OLDEST, VERSION
from suppression.domain.vocabulary import Kind

Fingerprint = NewType("Fingerprint", bytes)
"""16 bytes. A type of its own, so that nothing else can be passed in its place."""

FINGERPRINT_BYTES = 16
MASTER_KEY_BYTES = 32


def hkdf_sha256(key: bytes, info: str) -> bytes:
    """Return 32 bytes derived from `key` for one use (RFC 5869, without salt).

    >>> hkdf_sha256(bytes(32), "a") == hkdf_sha256(bytes(32), "b")
    False
    """
    return HKDF(SHA256(), MASTER_KEY_BYTES, salt=None, info=info.encode()).derive(key)


def key_check(key: bytes) -> bytes:
    """16 bytes that stand in the database to recognise a key, and tell nothing of it."""
    return hkdf_sha256(key, "suppression/key-check")[:FINGERPRINT_BYTES]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyedMatchKey:
    """A form under one controller's keys: a fingerprint per master-key version, newest last."""

    label: MatchKeyLabel
    use: KeyUse
    versions: tuple[Fingerprint, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """Whom a question or a stop is about: fingerprints only.

    `canonicalisation` is the version of the rules that made the forms; a suppression records it.
    `scheme` is the partner scheme of an identifier that came hashed. `partners_unasked`: it came
    hashed, and the controller has lists in schemes that cannot be asked with that hash. `place` is
    where a telephone number is.
    """

    kind: Kind
    forms: tuple[KeyedMatchKey, ...]
    named: bool = True
    hashed: bool = False
    partners_unasked: bool = False
    sandbox: SandboxCase | None = None
    scheme: str = "plain"
    canonicalisation: int = VERSION
    place: Location = UNKNOWN_LOCATION

    @property
    def lookup_fingerprints(self) -> tuple[Fingerprint, ...]:
        """Every fingerprint that a check asks for: all asked forms, under all master keys."""
        fingerprints: tuple[Fingerprint, ...] = ()
        for form in self.forms:
            if form.use.asked:
                fingerprints += form.versions
        return fingerprints

    @property
    def all_fingerprints(self) -> frozenset[Fingerprint]:
        """Every fingerprint of the identifier, written or asked, under all master keys."""
        return frozenset(fingerprint for form in self.forms for fingerprint in form.versions)

    @property
    def consent_fingerprints(self) -> tuple[Fingerprint, ...]:
        """What a consent is kept under and asked by: the plain form; the whole first name."""
        labels = _CONSENT_LABELS[self.kind]
        return tuple(
            fingerprint
            for form in self.forms
            if form.label in labels
            for fingerprint in form.versions
        )

    @property
    def consent_key(self) -> Fingerprint | None:
        """What a new consent is kept under; None without a whole first name at an address."""
        labels = _CONSENT_LABELS[self.kind]
        fingerprints = (form.versions[-1] for form in self.forms if form.label in labels)
        return next(fingerprints, None)

    def stored_fingerprints(self, *, whole_address: bool) -> tuple[Fingerprint, ...]:
        """What a stop is written under, the primary one first.

        A stop on a whole address is that address's own row; the person in it comes second.
        """
        newest = [(form.label, form.versions[-1]) for form in self.forms if form.use.written]
        whole = tuple(one for label, one in newest if label is MatchKeyLabel.WHOLE_ADDRESS)
        others = tuple(one for label, one in newest if label is not MatchKeyLabel.WHOLE_ADDRESS)
        return whole + others if whole_address or not others else others

    @property
    def household_fingerprints(self) -> frozenset[Fingerprint]:
        """What a check asks but a release leaves: a household's stop, to a person, and back."""
        households = [
            form
            for form in self.forms
            if form.label in {MatchKeyLabel.SURNAME, MatchKeyLabel.SOMEONE}
        ]
        asked = {
            fingerprint
            for form in households
            if form.use is KeyUse.ASKED
            for fingerprint in form.versions
        }
        return frozenset(asked) - {
            fingerprint for form in households if form.use.written for fingerprint in form.versions
        }

    @property
    def own_fingerprints(self) -> frozenset[Fingerprint]:
        """What is this identifier's alone: every form but a household's or a whole address's."""
        return self.all_fingerprints - self.household_fingerprints - self.whole_address

    @property
    def whole_address(self) -> frozenset[Fingerprint]:
        """The fingerprints of the whole address, empty for other kinds."""
        return frozenset(
            fingerprint
            for form in self.forms
            if form.label is MatchKeyLabel.WHOLE_ADDRESS
            for fingerprint in form.versions
        )


_HEADS = {
    (kind, algorithm): f"{kind}:{algorithm}:".encode() for kind in Kind for algorithm in ALGORITHMS
}
_CLEAN_EMAIL = _HEADS[Kind.EMAIL, "sha256"]
_CONSENT_LABELS = {
    Kind.EMAIL: frozenset({MatchKeyLabel.PLAIN}),
    Kind.PHONE: frozenset({MatchKeyLabel.E164}),
    Kind.POSTAL: frozenset({MatchKeyLabel.PERSON_FULL}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ControllerKeys:
    """One controller's derived keys: the only thing that can make its fingerprints."""

    fingerprint_keys: tuple[HmacSha256, ...] = field(repr=False)
    idempotency_key: bytes = field(repr=False)
    _sandbox_cases: Mapping[Fingerprint, SandboxCase] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the fingerprints of the sandbox once, so that a click on a link makes none."""
        cases: dict[Fingerprint, SandboxCase] = {}
        for prehash, case in SANDBOX_CASES.items():
            key = MatchKey(label=MatchKeyLabel.PLAIN, prehash=prehash)
            cases[self.versions(Kind.EMAIL, key)[-1]] = case
        object.__setattr__(self, "_sandbox_cases", cases)

    def subject(self, identifier: Identifier) -> Subject:
        """The fingerprints of a canonical identifier."""
        return Subject(
            kind=identifier.kind,
            forms=tuple(
                [
                    KeyedMatchKey(
                        label=form.label,
                        use=form.use,
                        versions=self.versions(identifier.kind, form),
                    )
                    for form in identifier.forms
                ]
            ),
            named=identifier.named,
            hashed=identifier.hashed,
            sandbox=sandbox_case(identifier.kind, identifier.forms[0].prehash),
            scheme=identifier.scheme,
            # A digest tells not by which version's rules its text was made.
            canonicalisation=OLDEST if identifier.hashed else VERSION,
            place=identifier.place,
        )

    def clean_email(self, text: str) -> tuple[Fingerprint, ...]:
        """All that a check of a clean e-mail address asks, the plain form first; () for any other.

        Such subjects differ in nothing else, and these are most of a campaign's. Beside older
        rules, whose forms a check asks as well, none is clean.
        """
        if OLDER:
            return ()
        fingerprints = []
        for one in clean_texts(text):
            prehash = hashlib.sha256(one.encode()).digest()
            if prehash in SANDBOX_CASES:
                return ()
            message = _CLEAN_EMAIL + prehash
            for key in self.fingerprint_keys:
                message = key.digest(message)[:FINGERPRINT_BYTES]
                fingerprints.append(Fingerprint(message))
        return tuple(fingerprints)

    def clean_subject(self, asked: tuple[Fingerprint, ...]) -> Subject:
        """The subject of an address of which `clean_email` made these."""
        size = self.version
        versions = [asked[start : start + size] for start in range(0, len(asked), size)]
        return Subject(
            kind=Kind.EMAIL,
            forms=tuple(
                [
                    KeyedMatchKey(label=label, use=KeyUse.BOTH, versions=one)
                    for label, one in zip(EMAIL_LABELS, versions, strict=False)
                ]
            ),
        )

    @property
    def version(self) -> int:
        """The newest master-key version: what new fingerprints are made with."""
        return len(self.fingerprint_keys)

    def reencrypt_fingerprint(self, fingerprint: Fingerprint, version: int) -> Fingerprint:
        """A fingerprint of an older master-key version, wrapped up to the newest."""
        for key in self.fingerprint_keys[version:]:
            fingerprint = Fingerprint(key.digest(fingerprint)[:FINGERPRINT_BYTES])
        return fingerprint

    def sandbox_case_of(self, fingerprint: Fingerprint) -> SandboxCase | None:
        """Return the sandbox case of an e-mail address by its newest fingerprint, if it has one."""
        return self._sandbox_cases.get(fingerprint)

    def digest(self, *parts: bytes) -> bytes:
        """A keyed digest (32 bytes) of request parts, for idempotency; never a plain hash."""
        framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(self.idempotency_key, framed, "sha256")

    def versions(self, kind: Kind, form: MatchKey) -> tuple[Fingerprint, ...]:
        """One form's fingerprints, a key version each, newest last."""
        message = _HEADS[kind, form.algorithm] + form.prehash
        made = []
        for key in self.fingerprint_keys:
            message = key.digest(message)[:FINGERPRINT_BYTES]
            made.append(Fingerprint(message))
        return tuple(made)


def controller_keys(slug: str, master_keys: Mapping[int, bytes]) -> ControllerKeys:
    """Derive one controller's keys from all master keys, by version from 1 up."""
    ordered = [master_keys[version] for version in sorted(master_keys)]
    return ControllerKeys(
        fingerprint_keys=tuple(
            HmacSha256(hkdf_sha256(key, f"suppression/fingerprint/{slug}")) for key in ordered
        ),
        idempotency_key=hkdf_sha256(ordered[0], f"suppression/idempotency/{slug}"),
    )
