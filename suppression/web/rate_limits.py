"""Limits per API key and, on public routes, per client address.

A view says by itself what it is: with a scope it is limited by key, without one by address, marked
`unlimited` not at all. Whatever stores a stop is unlimited: a stop that met a limit would be lost.
Why so: docs/decisions/0011-rate-limits.md.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
import math
import time
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from flask import Flask, Response, current_app, request
from flask_limiter import ApplicationLimit, Limiter
from limits import parse

from suppression.domain.api_keys import looks_like_key
from suppression.settings import Settings
from suppression.web.current import services
from suppression.web.keyed import sent_key

log = logging.getLogger(__name__)

BY_KEY, BY_ADDRESS, UNLIMITED = "key", "address", ""
_STORAGE_SECONDS = 1
_BUCKET_DIGITS = 32
_IPV6_NETWORK = 64
_TOO_MANY = 429

View = TypeVar("View", bound=Callable[..., object])


def unlimited(view: View) -> View:
    """Mark a view that no limit may ever refuse."""
    view.unlimited = True  # type: ignore[attr-defined]
    return view


def limited_by(app: Flask, endpoint: str) -> str:
    """How a route is limited: by key, by address, or '' if it is not (assets are not)."""
    view = app.view_functions.get(endpoint)
    if view is None or endpoint.endswith(".static") or getattr(view, "unlimited", False):
        return UNLIMITED
    return BY_KEY if hasattr(view, "required_scope") else BY_ADDRESS


def register_rate_limits(app: Flask, settings: Settings) -> None:
    """Count every request of a limited view, refuse what is too many, and tell what is left.

    With Redis away each process counts for itself until it is back; a limit is never a 500.
    """
    # At INFO it would write a line, with the bucket, for every request that is refused.
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)
    timeouts = {"socket_connect_timeout": _STORAGE_SECONDS, "socket_timeout": _STORAGE_SECONDS}
    in_memory = settings.rate_limit_storage == "memory://"
    limiter = Limiter(
        _bucket_of_address,
        app=app,
        application_limits=[
            ApplicationLimit(
                limit_provider=settings.rate_limit_per_key,
                key_function=_bucket_of_key,
                scope=BY_KEY,
                exempt_when=lambda: _limited_by() != BY_KEY,
            ),
            ApplicationLimit(
                limit_provider=settings.rate_limit_per_address,
                key_function=_bucket_of_address,
                scope=BY_ADDRESS,
                exempt_when=lambda: _limited_by() != BY_ADDRESS,
            ),
        ],
        storage_uri=settings.rate_limit_storage,
        storage_options={} if in_memory else timeouts,  # type: ignore[arg-type]
        strategy="fixed-window",
        in_memory_fallback_enabled=not in_memory,
        swallow_errors=True,
    )
    app.after_request(lambda response: _tell(limiter, response))


def over_limit() -> bool:
    """Count a stop that no limit may refuse, and say whether its address sends too many.

    A storage that does not answer has nothing to say: then it is none too many.
    """
    settings = services().settings
    item = parse(settings.rate_limit_per_address)
    try:
        return not _limiter().limiter.hit(item, "form", _bucket_of_address())
    except Exception as error:  # whatever a storage raises: the stop comes first
        log.warning("rate limit storage did not answer", exc_info=error)
        return False


def _limiter() -> Limiter:
    """The one of this application."""
    (found,) = current_app.extensions["limiter"]
    if not isinstance(found, Limiter):
        raise TypeError("the limits of this application are not set up")
    return found


def _limited_by() -> str:
    """How this very request is limited: what is no key at all counts against its address."""
    found = limited_by(current_app, request.endpoint or "")
    return BY_ADDRESS if found == BY_KEY and not looks_like_key(sent_key()) else found


def _bucket_of_key() -> str:
    return _bucket(sent_key())


def _bucket_of_address() -> str:
    return _bucket(_network(request.remote_addr or ""))


def _bucket(text: str) -> str:
    """A keyed digest: neither a key nor an address ever stands in the storage."""
    secret = services().settings.signing_keys[1]
    message = f"suppression/rate-limit/{text}".encode()
    return hmac.new(secret, message, sha256).hexdigest()[:_BUCKET_DIGITS]


def _network(address: str) -> str:
    """Whom an address stands for: itself; under IPv6 its /64, which one client owns whole."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed.packed, _IPV6_NETWORK), strict=False))


def _tell(limiter: Limiter, response: Response) -> Response:
    """Say what is left (draft-ietf-httpapi-ratelimit-headers-10, structured fields)."""
    for limit in limiter.current_limits:
        try:
            reset_at, remaining = limit.window
        except Exception as error:  # whatever a storage raises: no header is better than a 500
            log.warning("rate limit storage did not answer", exc_info=error)
            continue
        name, seconds = limit.request_args[-1], max(1, math.ceil(reset_at - time.time()))
        policy = f'"{name}";q={limit.limit.amount};w={limit.limit.get_expiry()}'
        response.headers["RateLimit-Policy"] = policy
        response.headers["RateLimit"] = f'"{name}";r={remaining};t={seconds}'
        if response.status_code == _TOO_MANY:
            response.headers["Retry-After"] = str(seconds)
    return response
