"""Databases that are emptied after a test and given to the next test.

Making a new one takes a hundred times as long on a busy machine. A database that cannot be
restored, because a test changed the schema or a setting, is dropped. So is every database if the
server does not let us empty it.
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
    """Equal databases on one server, for the tests of one process."""

    def __init__(self, server: Server, build: Callable[[str], None]) -> None:
        """Make the template; `build` creates the contents of a new database at a URL."""
        self._server = server
        self._existing: set[str] = set()
        self._idle: list[str] = []
        self._template = self._created("template")
        build(server.url_for(self._template))
        self._fresh = self._contents(self._template)
        if server.log is None:  # a server that we did not start keeps running after us
            atexit.register(self.close)

    @contextlib.contextmanager
    def lent(self) -> Iterator[str]:
        """Yield the name of a database that no other test uses, and that never had this name."""
        name = self._idle.pop() if self._idle else self._created("test", template=self._template)
        try:
            yield name
        finally:
            self._take_back(name)

    def close(self) -> None:
        """Drop every remaining database, lent or not."""
        self._idle.clear()
        for name in tuple(self._existing):
            self._drop(name)

    def _take_back(self, used: str) -> None:
        if self._fresh is None:
            self._drop(used)
            return
        # A process that still uses the old name finds no database, as if it were dropped.
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
        """Return the contents of a database; None if the server does not let us empty it."""
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
