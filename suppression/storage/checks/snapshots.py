"""Read several statements of one moment on SQLite, which takes few parameters in a statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from suppression.storage.engine.prepared_statements import Reader, Source, Statement

_BEGIN, _COMMIT = Statement("", "BEGIN"), Statement("", "COMMIT")


@contextmanager
def one_snapshot(source: Source) -> Iterator[None]:
    """Let all statements of the block see what was committed when the first one started.

    Do nothing in a transaction, which has a moment of its own, and on PostgreSQL, where a statement
    takes more fingerprints than a batch has. After an error the caller closes the reader, which
    ends the snapshot.
    """
    if not isinstance(source, Reader) or source.dialect.name != "sqlite":
        yield
        return
    source.fetch_all(_BEGIN, ())
    yield
    source.fetch_all(_COMMIT, ())
