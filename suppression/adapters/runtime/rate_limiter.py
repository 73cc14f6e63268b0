"""Rate limits in fixed windows, counted in Redis for all processes, or in this process alone."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from limits import RateLimitItemPerSecond, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

log = logging.getLogger(__name__)

IN_MEMORY = "memory://"
_STORAGE_SECONDS = 1
_SLOW_SECONDS, _SLOW_TIMES = 0.25, 3
"""The seconds above which an answer of Redis is slow; how many slow ones in a row pause its use."""
_AWAY_SECONDS = 5.0
_MIN_CROWDED = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of `amount` requests in a window of `seconds`."""

    amount: int
    seconds: int

    @classmethod
    def from_text(cls, rate: str) -> Limit:
        """Return the limit of a setting such as `6000/minute`; raise ValueError for other texts.

        >>> Limit.from_text("6000/minute")
        Limit(amount=6000, seconds=60)
        """
        item = parse(rate)
        return cls(item.amount, item.get_expiry())


@dataclass(frozen=True, slots=True)
class Window:
    """A bucket's count after a request, and `ends`, the Unix time at which its window ends.

    If Redis counts, every count over the limit is given as one more than the limit.
    """

    limit: Limit
    count: int
    ends: float

    @property
    def exceeded(self) -> bool:
        """Whether this request exceeds the limit."""
        return self.count > self.limit.amount


class RateLimiter:
    """A counter of requests per bucket, in Redis or in this process alone.

    If Redis is unavailable or slow, it counts in this process for a while. After that, one request
    at a time tries Redis, so that a Redis that is still away does not hold up the others.
    """

    def __init__(self, storage: str) -> None:
        """Count in `storage`: `memory://`, or the URL of a Redis, such as `redis://host:6379/0`."""
        self._shared = None if storage == IN_MEMORY else _count_in_redis(storage)
        self._away_until = 0.0
        self._away = False
        self._slow = 0
        self._trying = threading.Lock()
        self._own: dict[str, tuple[float, int]] = {}
        self._crowded = _MIN_CROWDED
        self._lock = threading.Lock()

    def count(self, bucket: str, limit: Limit) -> Window:
        """Count a request in `bucket`, such as that of one API key; return the bucket's window.

        The window's count includes this request. A failure of Redis raises nothing.
        """
        shared = self._shared
        if shared is None or time.monotonic() < self._away_until:
            return self._own_window(bucket, limit)
        if not self._away:
            return self._counted(shared, bucket, limit)
        if not self._trying.acquire(blocking=False):
            return self._own_window(bucket, limit)
        try:
            window = self._counted(shared, bucket, limit)
            self._away = time.monotonic() < self._away_until
        finally:
            self._trying.release()
        return window

    def _counted(self, shared: FixedWindowRateLimiter, bucket: str, limit: Limit) -> Window:
        """Count the request in Redis, or in this process if Redis fails; return the window.

        If Redis failed, or was slow three times in a row or at the first try after a pause, it is
        not used for the next 5 seconds.
        """
        began = time.monotonic()
        try:
            window = _shared_window(shared, bucket, limit)
        except Exception as error:  # noqa: BLE001 - whatever a storage raises must not become a 500
            self._leave_alone("rate limit storage did not answer", error)
            return self._own_window(bucket, limit)
        self._slow = self._slow + 1 if time.monotonic() - began > _SLOW_SECONDS else 0
        if self._slow and (self._away or self._slow >= _SLOW_TIMES):
            self._leave_alone("rate limit storage is slow")
        return window

    def _leave_alone(self, why: str, error: Exception | None = None) -> None:
        log.warning(why, exc_info=error)
        self._away, self._away_until = True, time.monotonic() + _AWAY_SECONDS

    def _own_window(self, bucket: str, limit: Limit) -> Window:
        now = time.time()
        with self._lock:
            ends, count = self._own.get(bucket, (0.0, 0))
            if ends <= now:
                self._make_room(now)
                ends, count = now + limit.seconds, 0
            self._own[bucket] = ends, count + 1
        return Window(limit, count + 1, ends)

    def _make_room(self, now: float) -> None:
        """Delete ended windows if there are many windows.

        Many means at least 10,000, and at least twice as many as the last deletion left.
        """
        if len(self._own) < self._crowded:
            return
        self._own = {bucket: window for bucket, window in self._own.items() if window[0] > now}
        self._crowded = max(_MIN_CROWDED, 2 * len(self._own))


def _count_in_redis(url: str) -> FixedWindowRateLimiter:
    timeouts = {"socket_connect_timeout": _STORAGE_SECONDS, "socket_timeout": _STORAGE_SECONDS}
    return FixedWindowRateLimiter(storage_from_string(url, **timeouts))


def _shared_window(shared: FixedWindowRateLimiter, bucket: str, limit: Limit) -> Window:
    item = RateLimitItemPerSecond(limit.amount, limit.seconds)
    taken = shared.hit(item, bucket)
    stats = shared.get_window_stats(item, bucket)
    count = limit.amount - stats.remaining if taken else limit.amount + 1
    return Window(limit, count, stats.reset_time)
