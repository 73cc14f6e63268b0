"""Sandbox identifiers, with which integrators try the API: checks answer them, nothing stores them.

See docs/architecture.md#the-sandbox.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

from suppression.domain.vocabulary import Kind


class SandboxCase(StrEnum):
    """The fixed result of checks of a sandbox identifier."""

    SUPPRESSED = "suppressed"
    ALLOWED = "allowed"
    NO_CONSENT = "no_consent"
    ERROR = "error"


SANDBOX_CASES = {
    hashlib.sha256(text.encode()).digest(): case
    for case, texts in {
        SandboxCase.SUPPRESSED: ("suppressed@example.test", "+33199000001"),
        SandboxCase.ALLOWED: ("allowed@example.test", "+33199000002"),
        SandboxCase.NO_CONSENT: ("noconsent@example.test", "+33199000003"),
        SandboxCase.ERROR: ("error@example.test", "+33199000004"),
    }.items()
    for text in texts
}


def sandbox_case(kind: Kind, prehash: bytes) -> SandboxCase | None:
    """Return the sandbox case of the SHA-256 of a canonical e-mail address or number, or None.

    >>> sandbox_case(Kind.EMAIL, hashlib.sha256(b"allowed@example.test").digest())
    <SandboxCase.ALLOWED: 'allowed'>
    """
    return None if kind is Kind.POSTAL else SANDBOX_CASES.get(prehash)
