"""Keyed fingerprints: what is stored in the place of an identifier (design section 4).

    controller_key(n) = HKDF-SHA256(master_key(n), no salt, "suppression/fingerprint/" + slug, 32)
    fingerprint(1)    = HMAC-SHA-256(controller_key(1), kind + ":sha256:" + prehash)[:16]
    fingerprint(n+1)  = HMAC-SHA-256(controller_key(n+1), fingerprint(n))[:16]

A key per controller: two controllers' lists cannot be joined. Wrapping: a new master key needs no
plaintext, so all master keys are kept for ever.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType

from suppression.domain.identifiers.forms import FormLabel, Identifier
from suppression.domain.sandbox import SANDBOX_CASES, SandboxCase, sandbox_case
from suppression.domain.vocabulary import Kind

Fingerprint = NewType("Fingerprint", bytes)
"""16 bytes. A type of its own, so that nothing else can be passed in its place."""

FINGERPRINT_BYTES = 16
MASTER_KEY_BYTES = 32


def hkdf_sha256(key: bytes, info: str) -> bytes:
    """32 bytes derived from `key` for one use (RFC 5869, no salt, one block).

    >>> hkdf_sha256(bytes(32), "a") == hkdf_sha256(bytes(32), "b")
    False
    """
    pseudorandom_key = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(pseudorandom_key, info.encode() + b"\x01", "sha256")


def key_check(key: bytes) -> bytes:
    """16 bytes that stand in the database to recognise a key, and tell nothing of it."""
    return hkdf_sha256(key, "suppression/key-check")[:FINGERPRINT_BYTES]


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """Whom a question or a stop is about: fingerprints only.

    `forms` pairs each form's label with its fingerprints, one per master-key version, newest last.
    """

    kind: Kind
    forms: tuple[tuple[FormLabel, tuple[Fingerprint, ...]], ...]
    named: bool = True
    hashed: bool = False
    sandbox: SandboxCase | None = None

    @property
    def asked(self) -> tuple[Fingerprint, ...]:
        """Every fingerprint that a check asks for: all forms, under all master keys."""
        return tuple(one for _, versions in self.forms for one in versions)

    def written(self, *, whole_address: bool) -> tuple[Fingerprint, ...]:
        """What a stop is written under, the primary one first.

        A stop on a whole address is that address's own row; the person in it comes second.
        """
        newest = {label: versions[-1] for label, versions in self.forms}
        whole = newest.pop(FormLabel.WHOLE_ADDRESS, None)
        if whole is not None and (whole_address or not newest):
            return (whole, *newest.values())
        return tuple(newest.values())

    @property
    def whole_address(self) -> frozenset[Fingerprint]:
        """The fingerprints of the whole address, empty for other kinds."""
        return frozenset(
            one
            for label, versions in self.forms
            if label is FormLabel.WHOLE_ADDRESS
            for one in versions
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ControllerKeys:
    """One controller's derived keys: the only thing that can make its fingerprints."""

    fingerprint_keys: tuple[bytes, ...] = field(repr=False)
    idempotency_key: bytes = field(repr=False)

    def subject(self, identifier: Identifier) -> Subject:
        """The fingerprints of a canonical identifier."""
        forms = tuple(
            (form.label, self._versions(identifier.kind, form.prehash)) for form in identifier.forms
        )
        return Subject(
            kind=identifier.kind,
            forms=forms,
            named=identifier.named,
            hashed=identifier.hashed,
            sandbox=sandbox_case(identifier.forms[0].prehash),
        )

    @property
    def version(self) -> int:
        """The newest master-key version: what new fingerprints are made with."""
        return len(self.fingerprint_keys)

    def rewrapped(self, fingerprint: Fingerprint, version: int) -> Fingerprint:
        """A fingerprint of an older master-key version, wrapped up to the newest."""
        for key in self.fingerprint_keys[version:]:
            fingerprint = Fingerprint(hmac.digest(key, fingerprint, "sha256")[:FINGERPRINT_BYTES])
        return fingerprint

    def sandbox_case_of(self, fingerprint: Fingerprint) -> SandboxCase | None:
        """The sandbox case behind a fingerprint of the newest version, if it is one."""
        for prehash, case in SANDBOX_CASES.items():
            if fingerprint == self._versions(Kind.EMAIL, prehash)[-1]:
                return case
        return None

    def digest(self, *parts: bytes) -> bytes:
        """A keyed digest (32 bytes) of request parts, for idempotency; never a plain hash."""
        framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(self.idempotency_key, framed, "sha256")

    def _versions(self, kind: Kind, prehash: bytes) -> tuple[Fingerprint, ...]:
        message = f"{kind}:sha256:".encode() + prehash
        versions = []
        for key in self.fingerprint_keys:
            message = hmac.digest(key, message, "sha256")[:FINGERPRINT_BYTES]
            versions.append(Fingerprint(message))
        return tuple(versions)


def controller_keys(slug: str, master_keys: Mapping[int, bytes]) -> ControllerKeys:
    """Derive one controller's keys from all master keys, by version from 1 up."""
    ordered = [master_keys[version] for version in sorted(master_keys)]
    return ControllerKeys(
        fingerprint_keys=tuple(
            hkdf_sha256(key, f"suppression/fingerprint/{slug}") for key in ordered
        ),
        idempotency_key=hkdf_sha256(ordered[0], f"suppression/idempotency/{slug}"),
    )
