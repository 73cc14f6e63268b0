"""Rate limits per API key and per client address.

A view that requires an API key is limited by key, or by address if the request has no well-formed
key. Any other view is limited by address. An exempt view is not limited: `exempt_from_rate_limit`
marks one, and so does `page` of the console with `stores_stops`. Each view that stores a stop is
exempt, since a refused stop would be lost. For the same reason a POST to an exempt view may use the
database connection reserved for stops. Reasons: docs/decisions/0011-rate-limits.md.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from flask import Flask, Response, current_app, g, request

from suppression.adapters.runtime.rate_limiter import Limit, RateLimiter, Window
from suppression.domain.controllers.api_keys import looks_like_key
from suppression.domain.errors import RateLimitedError
from suppression.domain.identifiers.keyed_digests import HmacSha256
from suppression.domain.users.networks import network_of
from suppression.settings import Settings
from suppression.usecases.connections import begin_request
from suppression.web.http.api_key_auth import bearer_token

BY_KEY, BY_ADDRESS, UNLIMITED = "key", "address", ""
_EXTENSION = "suppression/rate-limits"
_BUCKET_DIGITS = 32
_MAX_SUSPECTS = 10_000

View = TypeVar("View", bound=Callable[..., object])


def exempt_from_rate_limit(view: View) -> View:
    """Mark a view as exempt from rate limits, and return it. A decorator.

    A POST to the view may use the database connection reserved for stops.
    """
    view.unlimited = True  # type: ignore[attr-defined]
    return view


def limit_kind(app: Flask, endpoint: str) -> str:
    """Return BY_KEY, BY_ADDRESS or UNLIMITED for the route with this endpoint.

    An exempt view, an endpoint that ends with `.static` and a request that no route takes ('') are
    unlimited.
    """
    view = app.view_functions.get(endpoint)
    if view is None or endpoint.endswith(".static") or getattr(view, "unlimited", False):
        return UNLIMITED
    return BY_KEY if hasattr(view, "required_scope") else BY_ADDRESS


def register_rate_limits(app: Flask, settings: Settings) -> None:
    """Register hooks that count requests, refuse those over a limit, and add RateLimit headers."""
    limits = _Limits(
        windows=RateLimiter(settings.rate_limit_storage),
        per_key=Limit.from_text(settings.rate_limit_per_key),
        per_address=Limit.from_text(settings.rate_limit_per_address),
        key=HmacSha256(settings.signing_keys[1]),
    )
    app.extensions[_EXTENSION] = limits
    app.before_request(partial(_begin, app, limits))
    app.after_request(_add_headers)


def count_exempt_request() -> bool:
    """Count this request to an exempt form; return whether its client address is over the limit."""
    limits = _limits()
    return limits.windows.count(f"form/{_bucket_of_address(limits)}", limits.per_address).exceeded


def too_many_wrong_keys() -> bool:
    """Count an invalid API key against its client address; return whether that is over the limit.

    Each well-formed key has a count of its own, valid or not: without this count, somebody who
    invents a new key for each request would never reach a limit. Returns False without counting if
    this request was counted against the address already, and False after counting if the view is
    exempt.
    """
    by, _ = g.get("rate_window", (UNLIMITED, None))
    if by == BY_ADDRESS:  # does not look like a key: counted already
        return False
    limits = _limits()
    window = _count_address(limits)
    if window.exceeded:
        limits.note_suspect(_bucket_of_address(limits), window.ends)
    if by == UNLIMITED:
        return False
    g.rate_window = BY_ADDRESS, window
    return window.exceeded


def is_suspect() -> bool:
    """Return whether the client's address has sent this process too many invalid API keys.

    True until the address's window ends. The body of such a client is not read before its API key
    is authenticated.
    """
    limits = _limits()
    if not limits.suspects:
        return False
    return limits.suspects.get(_bucket_of_address(limits), 0.0) > time.time()


@dataclass(frozen=True, slots=True)
class _Limits:
    """The rate limits of one application, and the counters of requests."""

    windows: RateLimiter
    per_key: Limit
    per_address: Limit
    key: HmacSha256
    ways: dict[str, str] = field(default_factory=dict)
    """The result of `limit_kind` by endpoint, computed at the endpoint's first request."""
    suspects: dict[str, float] = field(default_factory=dict)
    """The Unix time until which an address is suspect, by bucket: it sent too many invalid keys."""
    noting: threading.Lock = field(default_factory=threading.Lock)
    """Held while `suspects` changes: no thread may add to a dict whose oldest key another reads."""

    def note_suspect(self, bucket: str, ends: float) -> None:
        """Record an address as suspect until the Unix time `ends`; of too many, drop the oldest."""
        with self.noting:
            self.suspects.pop(bucket, None)
            self.suspects[bucket] = ends
            if len(self.suspects) > _MAX_SUSPECTS:
                self.suspects.pop(next(iter(self.suspects)))


def _limits() -> _Limits:
    rate_limits = current_app.extensions[_EXTENSION]
    if not isinstance(rate_limits, _Limits):
        raise TypeError("the limits of this application are not set up")
    return rate_limits


def _begin(app: Flask, limits: _Limits) -> None:
    """Count the request if its view is limited; raise RateLimitedError over the limit.

    A request without a well-formed key counts against the client's address. A POST to an exempt
    view is taken to store a stop, and may use the reserved connection.
    """
    rule = request.url_rule
    endpoint = rule.endpoint if rule else ""
    by = limits.ways.get(endpoint)
    if by is None:
        by = limits.ways[endpoint] = limit_kind(app, endpoint)
    unlimited = by == UNLIMITED
    begin_request(storing_a_stop=unlimited and rule is not None and request.method == "POST")
    if unlimited:
        return
    key = bearer_token() if by == BY_KEY else ""
    if looks_like_key(key):
        window = limits.windows.count(f"{BY_KEY}/{_bucket(limits, key)}", limits.per_key)
        g.rate_window = BY_KEY, window
    else:
        window = _count_address(limits)
        g.rate_window = BY_ADDRESS, window
    if window.exceeded:
        raise RateLimitedError


def _count_address(limits: _Limits) -> Window:
    return limits.windows.count(f"{BY_ADDRESS}/{_bucket_of_address(limits)}", limits.per_address)


def _bucket_of_address(limits: _Limits) -> str:
    return _bucket(limits, network_of(request.remote_addr or ""))


def _bucket(limits: _Limits, text: str) -> str:
    """Return the name of a counter: a keyed digest, so that no key or address is stored."""
    return limits.key.digest(f"suppression/rate-limit/{text}".encode()).hex()[:_BUCKET_DIGITS]


def _add_headers(response: Response) -> Response:
    """Add the limit and the remaining requests as RateLimit-Policy and RateLimit headers.

    They are structured fields of draft-ietf-httpapi-ratelimit-headers-10. A 429 for this limit also
    gets Retry-After, the seconds until the window ends. A request that was not counted gets none of
    these headers here.
    """
    name, window = g.get("rate_window", (UNLIMITED, None))
    if window is not None:
        seconds = max(1, math.ceil(window.ends - time.time()))
        limit = window.limit
        remaining = max(0, limit.amount - window.count)
        headers = response.headers
        headers.add("RateLimit-Policy", f'"{name}";q={limit.amount};w={limit.seconds}')
        headers.add("RateLimit", f'"{name}";r={remaining};t={seconds}')
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and window.exceeded:
            response.headers["Retry-After"] = str(seconds)
    return response
