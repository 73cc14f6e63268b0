"""Do work on many rows in pieces, each in a transaction of its own.

One statement over all rows would hold SQLite's only write lock until it ends, and every stop would
wait. On PostgreSQL, a statement over enough rows exceeds the statement time-out, however often it
is repeated.
"""

from __future__ import annotations

from collections.abc import Callable

from suppression.storage.engine.database import Transaction, writing

PIECE = 2_000
"""The most rows that one transaction handles, unless the caller names another number."""


def run_piecewise(work: Callable[[Transaction], int], *, piece: int = PIECE) -> int:
    """Repeat `work` until it handles fewer rows than `piece`; return the total number of rows.

    Each call of `work` has its own transaction, handles at most `piece` rows and returns how many.
    """
    done = 0
    while True:
        with writing() as transaction:
            some = work(transaction)
        done += some
        if some < piece:
            return done
