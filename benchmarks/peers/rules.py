"""The work that every peer does in its own framework: fingerprint, decide, answer.

An engineer who knows the database but not our code would write it so. It covers only marketing by
e-mail, but every step that a check needs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

SLUG = "measured"
TTL = timedelta(hours=1)
_GMAIL = ("gmail.com", "googlemail.com")
_WORDS = {"u": "unsubscribe", "o": "objection", "i": "imported", "c": "complaint"}
_LIFTABLE = {"u", "o", "i"}


def _hkdf(key: bytes, info: str) -> bytes:
    return hmac.digest(hmac.digest(bytes(32), key, "sha256"), info.encode() + b"\x01", "sha256")


@cache
def key() -> bytes:
    """Return the controller's fingerprint key, derived as the service derives it.

    Reads MASTER_KEYS from the environment.
    """
    master = base64.urlsafe_b64decode(os.environ["MASTER_KEYS"].partition(":")[2] + "==")
    return _hkdf(master, f"suppression/fingerprint/{SLUG}")


def fingerprints(address: str) -> list[bytes]:
    """Return the fingerprints of an e-mail address: its own, and at Gmail that of the mailbox.

    Gmail's mailbox is the address without dots and without a plus sign and what follows it.
    """
    plain = address.strip().lower()
    forms = [fingerprint(plain)]
    local, _, domain = plain.rpartition("@")
    if domain in _GMAIL:
        mailbox = f"{local.partition('+')[0].replace('.', '')}@gmail.com"
        if mailbox != plain:
            forms.append(fingerprint(mailbox))
    return forms


def fingerprint(text: str) -> bytes:
    """Return the fingerprint of a canonical e-mail address, 16 bytes."""
    message = b"email:sha256:" + hashlib.sha256(text.encode()).digest()
    return hmac.digest(key(), message, "sha256")[:16]


def key_digest(authorization: str) -> bytes:
    """Return the digest under which the database stores the API key of an Authorization header."""
    return hashlib.sha256(authorization.removeprefix("Bearer ").encode()).digest()


def is_opt_out(document: str) -> bool:
    """Return whether a JSON document of policies allows e-mail marketing without a consent."""
    policies = json.loads(document)["policies"]
    return any(
        policy["rule"] == "opt_out"
        for policy in policies
        if policy["channel"] == "email" and policy["purpose"] == "marketing"
    )


def decide(rows: Iterable[Mapping[str, Any]], *, opt_out: bool, now: datetime) -> dict[str, Any]:
    """Return the answer to one check from the stops and consents under its fingerprints.

    Rows have `what` (s or c), `channel`, `purpose`, `reason`, `since`, `last` and `until`.
    """
    stored = list(rows)
    consents = [row for row in stored if row["what"] == "c" and _now(row, now)]
    stops = [
        row
        for row in stored
        if row["what"] == "s"
        and row["channel"] in {"e", ""}
        and row["purpose"] in {"m", ""}
        and _now(row, now)
        and not any(row["reason"] in _LIFTABLE and c["since"] > row["last"] for c in consents)
    ]
    answer: dict[str, Any] = {"decision": "deny" if stops else "allow", "reasons": []}
    since: dict[str, datetime] = {}
    for stop in stops:
        code = _WORDS.get(stop["reason"], stop["reason"])
        since[code] = min(stop["since"], since.get(code, stop["since"]))
    answer["reasons"] = [{"code": code, "since": rfc3339(when)} for code, when in since.items()]
    if not stops and not consents and not opt_out:
        answer |= {"decision": "deny", "reasons": [{"code": "no_consent"}]}
    elif not stops:
        answer["basis"] = "consent" if consents else "no_objection"
    answer["checked_at"] = rfc3339(now)
    answer["valid_until"] = rfc3339(now + TTL)
    return answer


def _now(row: Mapping[str, Any], now: datetime) -> bool:
    return row["until"] is None or row["until"] >= now


def rfc3339(when: datetime) -> str:
    """Return an aware time as RFC 3339 text in UTC, with milliseconds."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
