"""Compute the keys under which sign-in attempts are counted, and the cookie of known browsers."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from suppression.domain.identifiers.keyed_digests import hkdf_sha256
from suppression.domain.retention import DEVICES_KEPT_FOR
from suppression.domain.users.sign_in_delays import (
    FREE_FAILURES_IN_ALL,
    MOST_DEVICES,
    AttemptCount,
    SignInClient,
)
from suppression.usecases.services import Services

_BETWEEN, _PARTS = "~", "."
_NAME_BYTES, _MAC_DIGITS = 16, 32
_DAY = timedelta(days=1)
_LONGEST_COOKIE = 1000


def login_digest(services: Services, login: str) -> bytes:
    """Return a keyed digest of a login as typed.

    The login itself must not be stored: somebody may have typed a password into its field.
    """
    return _digest(services, "login", login)


def attempt_counts(
    services: Services, login: str, client: SignInClient, *, now: datetime
) -> tuple[AttemptCount, ...]:
    """Return the counts to which a sign-in attempt is added, the sender's own first.

    A browser in which this login signed in completely has its own count, so that nobody else's
    failures delay it. Any other browser adds to two counts of the login: that of its network, and
    that of all networks together.
    """
    device = _known_device(services, login, client.device, now=now)
    if device:
        return (AttemptCount(digest=_digest(services, "device", login, device)),)
    network = _digest(services, "network", login, client.network)
    in_all = login_digest(services, login)
    return (
        AttemptCount(digest=network),
        AttemptCount(digest=in_all, free=FREE_FAILURES_IN_ALL),
    )


def remember_device(services: Services, login: str, cookie: str, *, now: datetime) -> str:
    """Return the new cookie of a browser in which a login has just signed in completely.

    It holds a new random name that is signed for this login, and what the old `cookie` holds for
    other logins, for five logins in all at most. It reveals no login and grants no access.
    """
    others = [
        part
        for part in cookie[:_LONGEST_COOKIE].split(_BETWEEN)
        if part and not _name_in(services, login, part, now=now)
    ]
    name = f"{_days(now)}{_PARTS}{secrets.token_hex(_NAME_BYTES)}"
    own = f"{name}{_PARTS}{_mac(services, login, name)}"
    return _BETWEEN.join([own, *others][:MOST_DEVICES])


def _known_device(services: Services, login: str, cookie: str, *, now: datetime) -> str:
    """Return the name of a browser that signed in as this login before, else ''."""
    names: Iterator[str] = (
        _name_in(services, login, part, now=now)
        for part in cookie[:_LONGEST_COOKIE].split(_BETWEEN)[:MOST_DEVICES]
    )
    return next(filter(None, names), "")


def _name_in(services: Services, login: str, part: str, *, now: datetime) -> str:
    """Return the name in a part of the cookie if it is signed for this login and valid, else ''."""
    name, _, mac = part.rpartition(_PARTS)
    if not hmac.compare_digest(mac.encode(), _mac(services, login, name).encode()):
        return ""
    age = timedelta(days=_days(now) - int(name.partition(_PARTS)[0]))
    return name if age <= DEVICES_KEPT_FOR else ""


def _days(now: datetime) -> int:
    return int(now.timestamp() // _DAY.total_seconds())


def _mac(services: Services, login: str, name: str) -> str:
    return _digest(services, "device name", login, name).hex()[:_MAC_DIGITS]


def _digest(services: Services, *parts: str) -> bytes:
    """Return a keyed digest of the parts joined by NUL; NULs in the parts are removed."""
    key = hkdf_sha256(services.settings.signing_keys[1], "suppression/console/attempts")
    return hmac.digest(key, "\0".join(part.replace("\0", "") for part in parts).encode(), "sha256")
