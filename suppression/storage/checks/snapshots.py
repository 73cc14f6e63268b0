"""Give several statements one snapshot on SQLite, where a statement takes few parameters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from suppression.storage.engine.prepared_statements import Reader, Source, Statement

_BEGIN, _COMMIT = Statement("", "BEGIN"), Statement("", "COMMIT")


@contextmanager
def one_snapshot(source: Source) -> Iterator[None]:
    """Let all statements of the block see what was committed when the first one started.

    Only a reader on SQLite needs this: a transaction there has a snapshot already. Do nothing on
    PostgreSQL, where each statement sees what was committed when it started. After an error the
    caller closes the reader, which ends the snapshot.
    """
    if not isinstance(source, Reader) or source.dialect.name != "sqlite":
        yield
        return
    source.fetch_all(_BEGIN, ())
    yield
    source.fetch_all(_COMMIT, ())
