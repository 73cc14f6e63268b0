"""How the last write of this process ended: a full disk answers every read, and stores no stop."""

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
        """Seconds since then."""
        return time.monotonic() - self.ended


_last: WeakKeyDictionary[Engine, WriteOutcome] = WeakKeyDictionary()


def last_write() -> WriteOutcome | None:
    """The outcome of the last write of this process; None before the first."""
    return _last.get(db.engine)


@contextmanager
def note_outcome() -> Iterator[None]:
    """Note how a write ends. One that was refused for what it says has no outcome."""
    try:
        yield
    except DatabaseUnavailableError:
        _last[db.engine] = WriteOutcome(ok=False, ended=time.monotonic())
        raise
    _last[db.engine] = WriteOutcome(ok=True, ended=time.monotonic())
