"""Set up what a run needs: a PostgreSQL server with filled lists, and a temporary folder."""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from benchmarks.lists import SLUG, Rows, Template, fill, make_controller, make_rows, read_template
from benchmarks.serving import FASTAPI, installed, serving
from benchmarks.sizes import Sizes
from tests.databases import migrate
from tests.keys import CASE_KEYS_TEXT, MASTER_KEYS_TEXT, SIGNING_KEYS_TEXT
from tests.launching import NotStartedError
from tests.postgres.installations import installations
from tests.postgres.running import RunningServer, running_server
from tests.postgres.servers import Server

# Settings that an operator would use on a machine of this size; every peer gets the same ones.
POSTGRESQL = {
    "shared_buffers": "2GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "maintenance_work_mem": "512MB",
}
_EMPTY = "ground"
Ports = dict[str, int]


@dataclass(frozen=True, slots=True)
class List:
    """A database with one controller, its suppression list and its API key."""

    size: int
    url: str
    """The address in a form that both libpq and DATABASE_URL accept."""
    key: str


@dataclass(slots=True)
class Ground:
    """The resources of a run: its folder, PostgreSQL server, filled lists and started servers."""

    sizes: Sizes
    folder: Path
    server: Server
    template: Template
    key: str
    servers: ExitStack
    lists: dict[int, List] = field(default_factory=dict)
    _ports: dict[tuple[str, str], int] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def environment(self, url: str) -> dict[str, str]:
        """Return the service's settings for a database, for its server and its commands alike."""
        return {
            "DATABASE_URL": url,
            "CASE_KEYS": CASE_KEYS_TEXT,
            "MASTER_KEYS": MASTER_KEYS_TEXT,
            "SIGNING_KEYS": SIGNING_KEYS_TEXT,
            "PUBLIC_URL": "http://127.0.0.1:8000",
            "ALLOW_HTTP": "1",
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "INFO",
            "RATE_LIMIT_PER_KEY": "9999999/second",  # a load from one key is not abuse here
            "RATE_LIMIT_PER_ADDRESS": "9999999/second",
            "TMPDIR": str(self.folder),
        }

    def port(self, application: str, stop_list: List) -> int:
        """Return the port of an application that works on a list; start it at the first call.

        The application keeps running until the run ends. Raises NotStartedError if it does not
        start.
        """
        wanted = (application, stop_list.url)
        if application == FASTAPI and not installed("fastapi"):
            raise NotStartedError("fastapi is not installed")
        if wanted not in self._ports:
            server = serving(application, self.environment(stop_list.url))
            self._ports[wanted] = self.servers.enter_context(server)
        return self._ports[wanted]

    def ports(
        self, stop_list: List, applications: Mapping[str, str]
    ) -> tuple[Ports, dict[str, str]]:
        """Return the ports of the applications that start, and the errors of those that do not.

        `applications` maps a name in the benchmark to an application; both results are by name.
        """
        ports: Ports = {}
        failures: dict[str, str] = {}
        for name, application in applications.items():
            try:
                ports[name] = self.port(application, stop_list)
            except NotStartedError as error:
                failures[name] = str(error)
        return ports, failures

    def path(self, name: str) -> Path:
        """Return the path of a file in the run's folder, which is removed when the run ends."""
        return self.folder / name

    @contextmanager
    def empty_list(self) -> Iterator[List]:
        """Yield a new PostgreSQL database with the controller and one stop; drop it at the end."""
        name = f"empty_{next(self._numbers)}"
        self.server.create_database(name, template=_EMPTY)
        try:
            yield List(0, self.server.url_for(name, driver="postgresql"), self.key)
        finally:
            self.server.drop_database(name)

    def sqlite_list(self) -> List:
        """Create a SQLite database with the controller and one stop; call this once per run.

        It is removed with the folder of the run.
        """
        url = f"sqlite:///{self.folder / 'list.db'}"
        migrate(url)
        return List(0, url, make_controller(url))


@contextmanager
def ground(sizes: Sizes) -> Iterator[Ground]:
    """Yield a Ground with durable commits and filled lists; remove everything at the end."""
    installation = installations()[0]
    with (
        tempfile.TemporaryDirectory(prefix="suppression-benchmark-") as folder,
        running_server(installation) as running,
        ExitStack() as servers,
    ):
        _set_up(running)
        server = running.server
        server.create_database(_EMPTY)
        url = server.url_for(_EMPTY)
        migrate(url)
        key = make_controller(url)
        template = read_template(server.url_for(_EMPTY, driver="postgresql"))
        made = Ground(sizes, Path(folder), server, template, key, servers)
        _fill_all(made)
        yield made


def _set_up(running: RunningServer) -> None:
    with closing(psycopg2.connect(running.server.url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for name, value in POSTGRESQL.items():
                cursor.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    running.stop("fast")
    running.start()


def _fill_all(made: Ground) -> None:
    """Fill every list; a larger list contains the rows of the smaller ones.

    Only lists up to the size of `single_list` get ledger entries, because no other is measured with
    them.
    """
    done = 0
    parts: list[tuple[Rows, ...]] = []
    for size in made.sizes.lists:
        say(f"filling a list of {size:,}")
        ledger = size <= made.sizes.single_list
        people = range(done, size)
        parts.append(make_rows(made.template, people, made.folder, "list", ledger=ledger))
        done = size
        name = f"list_{size}"
        made.server.create_database(name, template=_EMPTY)
        stop_list = List(size, made.server.url_for(name, driver="postgresql"), made.key)
        rows = [table for part in parts for table in part]
        if not ledger:
            rows = [table for table in rows if table.table != "ledger_entries"]
        fill(stop_list.url, rows)
        made.lists[size] = stop_list
    for path in made.folder.glob("list-*"):
        path.unlink()


def say(text: str) -> None:
    """Print a progress message on stderr."""
    print(f"benchmarks: {text}", file=sys.stderr, flush=True)


__all__ = ["POSTGRESQL", "SLUG", "Ground", "List", "ground", "say"]
