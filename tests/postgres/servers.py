"""A PostgreSQL server as tests use it: its address, and its databases."""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor

_CUT: Final = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = %s AND backend_type = 'client backend'
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A running server; `url` is that of its maintenance database, in libpq's spelling.

    `programs` is the folder of pg_dump; `log` is the server's log file, None for a server that
    we did not start.
    """

    name: str
    url: str
    programs: Path | None = None
    log: Path | None = None

    def url_for(self, database: str, *, driver: str = "postgresql+psycopg2") -> str:
        """Return the URL of a database; `driver="postgresql"` gives libpq's spelling."""
        parts = urlsplit(self.url)
        address = f"{parts.netloc}/{database}"
        return f"{driver}://{address}" + (f"?{parts.query}" if parts.query else "")

    def create_database(self, name: str, *, template: str | None = None) -> None:
        """Create a database, optionally as a copy of `template`, which must have no connection."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self._maintenance() as run:
            run.execute(statement)

    def rename_database(self, name: str, new: str) -> None:
        """Rename a database and end the connections to it."""
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        with self._maintenance() as run:
            run.execute(_CUT, (name,))
            run.execute(statement.format(sql.Identifier(name), sql.Identifier(new)))

    def drop_database(self, name: str) -> None:
        """Drop a database, if it exists, and end the connections to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with self._maintenance() as run:
            run.execute(statement.format(sql.Identifier(name)))

    def dump(self, database: str) -> str:
        """Return the output of pg_dump for a database. Raises CalledProcessError if it fails."""
        program = self.programs / "pg_dump" if self.programs else "pg_dump"
        url = self.url_for(database, driver="postgresql")
        command = [program, "--no-password", "--dbname", url]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    @contextlib.contextmanager
    def _maintenance(self) -> Iterator[cursor]:
        """Yield a cursor outside any transaction, which CREATE DATABASE needs."""
        with contextlib.closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as run:
                yield run
