"""Distinguish the answer to a state query from the answer to another statement.

An answer without rows means "nothing stops" only if it answers this very question. If a fault lets
two users share a connection, each may receive the answer to the other's statement. So each question
to PostgreSQL has a random mark, which the clock row of its answer repeats.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.checks.statements import CLOCK_ROW
from suppression.storage.engine.prepared_statements import Row

_MARK_BYTES = 8
_TOPIC = 4
"""The index of the clock row's column that holds the mark."""


def new_mark() -> str:
    """Return the mark of a new question: 16 random hexadecimal digits."""
    return secrets.token_hex(_MARK_BYTES)


def require_mark(rows: Iterable[Row], mark: str) -> None:
    """Raise DatabaseUnavailableError unless `rows` have one clock row, with this mark."""
    clock_rows = [row for row in rows if row[:1] == (CLOCK_ROW,)]
    if [row[_TOPIC : _TOPIC + 1] for row in clock_rows] != [(mark,)]:
        raise DatabaseUnavailableError(
            reason="A connection to the database gave the answer to another statement."
        )
