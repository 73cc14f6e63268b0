"""One-time codes (TOTP, RFC 6238) by pyotp, and recovery codes for a lost telephone."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime
from hashlib import sha256

import pyotp

from suppression.domain.ledger.entries import REFERENCE_BYTES, reference

_SECONDS = 30
_ISSUER = "Suppression"


def new_secret() -> str:
    """Return a new random secret of 160 bits, in base32."""
    return pyotp.random_base32()


def setup_uri(secret: str, login: str) -> str:
    """Return the `otpauth://` URI that an authenticator app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)


def verify_totp(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """Return the 30 s step, counted since 1970, that a code belongs to; None if it fits none.

    Only the previous, current and next step count, and of them only those later than `after`, the
    last accepted step. Store the result as the next `after`: so each code works once.
    """
    digits = re.sub(r"\s", "", code)
    current = int(now.timestamp()) // _SECONDS
    matching = None
    for step in (current - 1, current, current + 1):
        expected = pyotp.TOTP(secret).generate_otp(step)
        if hmac.compare_digest(expected.encode(), digits.encode()) and step > after:
            matching = step
    return matching


def new_recovery_code() -> str:
    """Return a new recovery code of 60 random bits, for the user to write down."""
    return reference(secrets.token_bytes(REFERENCE_BYTES))


def recovery_digest(code: str, *, user: int) -> bytes:
    """Return the digest (32 bytes) of a recovery code, which is all that is stored of it.

    Case and separators do not matter. The digest differs between users; `user` is a user's number.
    """
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())
    return sha256(f"suppression/recovery/{user}/{plain}".encode()).digest()
