"""Do what may be much a piece at a time, each in a transaction of its own.

In one statement it would hold SQLite's one lock for as long as it takes, before every stop. Under
PostgreSQL it would run into the time-out of statements once there is enough of it, each hour anew.
"""

from __future__ import annotations

from collections.abc import Callable

from suppression.storage.engine.database import Transaction, writing

PIECE = 2_000
"""Rows of which one transaction disposes."""


def run_piecewise(work: Callable[[Transaction], int], *, piece: int = PIECE) -> int:
    """Do `work` until it finds less than a piece; how much it was in all."""
    done = 0
    while True:
        with writing() as transaction:
            some = work(transaction)
        done += some
        if some < piece:
            return done
