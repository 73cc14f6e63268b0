"""The outcome of this process's last write.

A database with a full disk still answers every read, but stores no stop.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.base import db


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteOutcome:
    """Whether a write was committed, and at which second of the monotonic clock it ended."""

    ok: bool
    ended: float

    @property
    def age(self) -> float:
        """Seconds since the write ended."""
        return time.monotonic() - self.ended


_last: WeakKeyDictionary[Engine, WriteOutcome] = WeakKeyDictionary()


def last_write() -> WriteOutcome | None:
    """Return the outcome of this process's last write; None before the first write."""
    return _last.get(db.engine)


@contextmanager
def note_outcome() -> Iterator[None]:
    """Record whether the block's write succeeded; for an outage, record a failure and raise it.

    After any other error the previous outcome stays.
    """
    try:
        yield
    except DatabaseUnavailableError:
        _last[db.engine] = WriteOutcome(ok=False, ended=time.monotonic())
        raise
    _last[db.engine] = WriteOutcome(ok=True, ended=time.monotonic())
