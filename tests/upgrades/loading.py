"""Load what a release has recorded into a database, and migrate it to the newest schema."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
from flask_migrate import upgrade

from suppression.storage.engine.database import disconnect
from suppression.wiring.whole import create_app
from tests.databases import SQLITE, empty_database, migrate, settings_for

RELEASES = sorted(path for path in (Path(__file__).parent / "releases").iterdir())
_TABLE = re.compile(r"^(COPY (\w+) .*?FROM STDIN;)\n(.*?)^\\\.$", re.DOTALL | re.MULTILINE)
_SEQUENCES = """
SELECT format('SELECT setval(%L, coalesce((SELECT max(%I) FROM %I), 1))',
    pg_get_serial_sequence(table_name, column_name), column_name, table_name)
FROM information_schema.columns
WHERE table_schema = 'public' AND pg_get_serial_sequence(table_name, column_name) IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorded answers of a release, and the URL of a database with its migrated tables."""

    url: str
    said: dict[str, Any]

    @property
    def recorded_at(self) -> datetime:
        """Return the time of the release's clock at the end of its history."""
        return datetime.fromisoformat(self.said["recorded_at"])


@contextmanager
def upgraded(release: Path, backend: str, folder: Path) -> Iterator[Recorded]:
    """Yield what a release has recorded on a kind of database, upgraded; remove it at the end."""
    kind = backend.partition("-")[0]
    tables = (release / f"{kind}.sql").read_text()
    with empty_database(backend, folder) as url:
        if backend == SQLITE:
            _load_sqlite(Path(url.removeprefix("sqlite:///")), tables)
        else:
            _load_postgresql(url, tables)
        migrate(url)
        yield Recorded(url=url, said=json.loads((release / f"{kind}.json").read_text()))


def _load_sqlite(path: Path, statements: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(statements)
    connection.close()


def _load_postgresql(url: str, tables: str) -> None:
    """Make the release's schema by its migrations, then replace all rows by the recorded ones."""
    rows = {match[2]: (match[1], match[3]) for match in _TABLE.finditer(tables)}
    app = create_app(settings_for(url))
    with app.app_context():
        upgrade(revision=rows["alembic_version"][1].strip())
        disconnect()
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    with connection, connection.cursor() as run:
        run.execute("SET session_replication_role = replica")  # no foreign key is checked
        run.execute(f"TRUNCATE {', '.join(rows)}")
        for copy, text in rows.values():
            run.copy_expert(copy, io.StringIO(text))
        run.execute(_SEQUENCES)
        for (statement,) in run.fetchall():
            run.execute(statement)
    connection.close()
