"""Databases that are used again: emptied after a test, and given to the next.

A new one takes a hundred times as long on a busy machine. Whatever cannot be made what it was,
for a test changed the schema or a setting, is dropped, and so is all where the server does not
let us empty.
"""

from __future__ import annotations

import atexit
import contextlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg2

from tests.postgres.contents import (
    Contents,
    NotAsBeforeError,
    connected,
    contents,
    empty,
    may_empty,
)
from tests.postgres.servers import Server


class Pool:
    """Databases on one server, all alike, for one process."""

    def __init__(self, server: Server, build: Callable[[str], None]) -> None:
        """`build` makes what a new database holds, in an empty one at a URL."""
        self._server = server
        self._existing: set[str] = set()
        self._idle: list[str] = []
        self._template = self._created("template")
        build(server.url_for(self._template))
        self._fresh = self._contents(self._template)
        if server.log is None:  # not ours: it stays when we end
            atexit.register(self.close)

    @contextlib.contextmanager
    def lent(self) -> Iterator[str]:
        """The name of a database that nobody else has, and that never was another's."""
        name = self._idle.pop() if self._idle else self._created("test", template=self._template)
        try:
            yield name
        finally:
            self._take_back(name)

    def close(self) -> None:
        """Drop every one that is left, be it lent or not."""
        self._idle.clear()
        for name in tuple(self._existing):
            self._drop(name)

    def _take_back(self, used: str) -> None:
        if self._fresh is None:
            self._drop(used)
            return
        # Whoever still holds on to the old name finds no database there, as if it were dropped.
        name = self._new_name("test")
        try:
            self._server.rename_database(used, name)
            with closing(self._connected(name)) as connection, connection.cursor() as run:
                empty(run, self._fresh)
        except (NotAsBeforeError, psycopg2.Error):
            self._drop(used)
            self._drop(name)
        else:
            self._existing.discard(used)
            self._idle.append(name)

    def _contents(self, name: str) -> Contents | None:
        """What it holds; None if it may not be emptied, so that it matters to nobody."""
        with closing(self._connected(name)) as connection, connection.cursor() as run:
            return contents(run) if may_empty(run) else None

    def _connected(self, name: str) -> psycopg2.extensions.connection:
        return connected(self._server.url_for(name, driver="postgresql"))

    def _created(self, kind: str, *, template: str | None = None) -> str:
        name = self._new_name(kind)
        self._server.create_database(name, template=template)
        return name

    def _drop(self, name: str) -> None:
        self._server.drop_database(name)
        self._existing.discard(name)

    def _new_name(self, kind: str) -> str:
        name = f"{kind}_{uuid.uuid4().hex}"
        self._existing.add(name)
        return name
