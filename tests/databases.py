"""A fresh, migrated database for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import io
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import psycopg2
from flask_migrate import upgrade

from suppression.settings import Settings
from suppression.storage.engine.database import disconnect
from suppression.wiring.whole import create_app
from tests.keys import CASE_KEYS, MASTER_KEYS, SIGNING_KEYS
from tests.length import length
from tests.postgres.pool import Pool
from tests.postgres.shared import available, shared_server

SQLITE = "sqlite"
EVERY_BACKEND = (SQLITE, *available())
# Every test runs on SQLite and the newest PostgreSQL, or with `--in-turn` on one of them; older
# versions of PostgreSQL, if installed, run tests/storage only.
BACKENDS = EVERY_BACKEND[:2]


@dataclass(frozen=True, slots=True)
class Database:
    """A test's database: its kind (one of EVERY_BACKEND) and its SQLAlchemy URL."""

    backend: str
    url: str

    def settings(self) -> Settings:
        """Return settings for a service on this database, with a long enough database timeout.

        A slow machine thus makes no test fail with 503.
        """
        patience = timedelta(seconds=length(5, long=20))
        return replace(settings_for(self.url), db_timeout=patience)

    def dump(self) -> str:
        """Return all content of the database as text: files of SQLite, COPY of PostgreSQL."""
        if self.backend == SQLITE:
            path = Path(self.url.removeprefix("sqlite:///"))
            files = sorted(path.parent.glob(f"{path.name}*"))
            return "\n".join(file.read_bytes().decode("latin-1") for file in files)
        return _copied_out(self.url)


def settings_for(url: str) -> Settings:
    """Return settings for a service on a database: the tests' keys, and very high rate limits."""
    return Settings(
        database_url=url,
        master_keys=MASTER_KEYS,
        signing_keys=SIGNING_KEYS,
        case_keys=CASE_KEYS,
        public_url="http://127.0.0.1:8000",
        rate_limit_per_key="1000000/minute",
        rate_limit_per_address="1000000/minute",
    )


@contextmanager
def migrated_database(backend: str, folder: Path) -> Iterator[Database]:
    """Yield a new database with all migrations applied; do not use it after the block."""
    if backend == SQLITE:
        path = folder / "list.db"
        shutil.copy(_sqlite_template(folder.parent), path)
        yield Database(backend, f"sqlite:///{path}")
        return
    with _postgresql_pool(backend).lent() as name:
        yield Database(backend, shared_server(backend).url_for(name))


@contextmanager
def empty_database(backend: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a database without any migration; a PostgreSQL one is dropped at the end."""
    if backend == SQLITE:
        yield f"sqlite:///{folder / 'empty.db'}"
        return
    server, name = shared_server(backend), f"empty_{uuid.uuid4().hex}"
    server.create_database(name)
    try:
        yield server.url_for(name)
    finally:
        server.drop_database(name)


def migrate(url: str) -> None:
    """Run every migration on the database at `url`."""
    app = create_app(settings_for(url))
    with app.app_context():
        upgrade()
        disconnect()


@cache
def _sqlite_template(folder: Path) -> Path:
    path = folder / f"template-{uuid.uuid4().hex}.db"
    migrate(f"sqlite:///{path}")
    return path


@cache
def _postgresql_pool(backend: str) -> Pool:
    return Pool(shared_server(backend), migrate)


def _copied_out(url: str) -> str:
    with psycopg2.connect(url.replace("+psycopg2", "")) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        out = io.StringIO()
        for (table,) in cursor.fetchall():
            cursor.copy_expert(f'COPY public."{table}" TO STDOUT', out)
    connection.close()
    return out.getvalue()
