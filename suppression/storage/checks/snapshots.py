"""Give several statements of a reader one snapshot of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from suppression.storage.engine.prepared_statements import Reader, Source, Statement

_BEGIN = {
    "sqlite": Statement("", "BEGIN"),
    "postgresql": Statement("", "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"),
}
_COMMIT = Statement("", "COMMIT")


@contextmanager
def one_snapshot(source: Source) -> Iterator[None]:
    """Let all statements of the block see what was committed when the first one started.

    Without it, each statement of a reader sees what was committed when that statement started: a
    stop that moves from one row to another meanwhile may be in neither. Do nothing for a
    transaction, which on SQLite has a snapshot already. In the block a reader's lost connection is
    not replaced (`Reader.fetch_all`). After an error the caller closes the reader, which ends the
    snapshot.
    """
    if not isinstance(source, Reader):
        yield
        return
    source.fetch_all(_BEGIN[source.dialect.name], ())
    source.in_snapshot = True
    yield
    source.fetch_all(_COMMIT, ())
    source.in_snapshot = False
