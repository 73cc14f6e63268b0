"""Sandbox identifiers, for trying the API: checks have fixed results and nothing is stored.

See docs/architecture.md#the-sandbox.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum


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
"""Sandbox cases by the SHA-256 of the canonical address or number; no postal address has one."""
