"""Fill a list under test: a controller with an API key, and rows that checks match.

The rows are the product's own: one stop goes through its use case, and every further row is a copy
with another person's fingerprints, which the product's code computes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import psycopg2

from benchmarks.people import STOPPING, address
from suppression.domain.identifiers.fingerprints import Fingerprint, controller_keys
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.ledger.entries import commitment
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import ApiScope, Channel, Evidence, Kind, Preset, Reason
from suppression.storage.engine.database import disconnect
from suppression.usecases.controllers.api_keys import create_api_key
from suppression.usecases.controllers.create import create_controller
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.suppressions.record import StopAnswer, StopRequest
from suppression.usecases.suppressions.suppress import suppress
from suppression.wiring.whole import create_app
from tests.databases import settings_for
from tests.keys import MASTER_KEYS

SLUG = "measured"
TABLES = ("suppressions", "suppression_forms", "ledger_entries")
_CHUNK = 100_000
_FIRST_STOP = STOPPING - 5  # has a dot in its address, so two forms


@dataclass(frozen=True, slots=True)
class Rows:
    """Files with the rows of one table, in the text format of COPY."""

    table: str
    columns: tuple[str, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One row of each table as the product wrote it: columns, and values in COPY's text format."""

    columns: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The people whose rows one process writes in one call, and where it writes them."""

    template: Template
    people: range
    stem: Path
    ledger: bool


def make_controller(database_url: str) -> str:
    """Create the controller with one stop in a migrated database; return its API key."""
    app = create_app(settings_for(database_url))
    services, now = app.extensions["suppression"], datetime.now(UTC)
    with app.app_context():
        preset = Preset.OBJECTION_ONLY
        controller = create_controller(SLUG, name="Measured", country="FR", preset=preset, now=now)
        stop = StopRequest(
            subjects=(services.subject(controller, Kind.EMAIL, address(_FIRST_STOP)),),
            coverage=RequestedScope(channels=(Channel.EMAIL,)),
            reason=Reason.UNSUBSCRIBE,
            evidence=Evidence.ONE_CLICK,
            occurred_at=now - timedelta(days=30),
        )
        suppress(controller, stop, _unread, actor="benchmark", now=now)
        key = create_api_key(controller, name="benchmark", scopes=list(ApiScope), now=now)
        disconnect()
    return key


def _unread(answer: StopAnswer) -> StoredResponse:
    return StoredResponse(status=0, body=answer.reference)


def read_template(dsn: str) -> Template:
    """Return the rows of the one stop that `make_controller` stored, one of each table.

    Raises LookupError if a table has no row.
    """
    columns: dict[str, tuple[str, ...]] = {}
    values: dict[str, dict[str, str]] = {}
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        for table in TABLES:
            where = "WHERE record_id IS NOT NULL" if table == "ledger_entries" else ""
            cursor.execute(f"SELECT * FROM {table} {where} LIMIT 0")
            columns[table] = tuple(column.name for column in cursor.description or ())
            casts = ", ".join(f'"{name}"::text' for name in columns[table])
            cursor.execute(f"SELECT {casts} FROM {table} {where} LIMIT 1")
            row = cursor.fetchone()
            if row is None:
                raise LookupError(f"the product wrote no row into {table}")
            texts = [r"\N" if cell is None else str(cell).replace("\\", "\\\\") for cell in row]
            values[table] = dict(zip(columns[table], texts, strict=True))
    return Template(columns, values)


def make_rows(
    template: Template, numbers: range, folder: Path, name: str, *, ledger: bool = True
) -> tuple[Rows, ...]:
    """Write files with the rows of the people `numbers`, for COPY; return a Rows for each table.

    Two processes write them. With `ledger=False` the files of `ledger_entries` are empty.
    """
    starts = range(numbers.start, numbers.stop, _CHUNK)
    work = [
        _Chunk(
            template,
            range(start, min(start + _CHUNK, numbers.stop)),
            folder / f"{name}-{start}",
            ledger,
        )
        for start in starts
    ]
    if len(work) == 1:
        done = [_write_chunk(work[0])]
    else:
        with get_context("spawn").Pool(2) as pool:
            done = pool.map(_write_chunk, work)
    return tuple(
        Rows(table, template.columns[table], tuple(files[place] for files in done))
        for place, table in enumerate(TABLES)
    )


def fingerprints(numbers: Sequence[int]) -> Iterator[tuple[Fingerprint, ...]]:
    """Yield the fingerprints under which each person's stop is stored, the primary one first."""
    keys = controller_keys(SLUG, MASTER_KEYS)
    for number in numbers:
        identifier = parse_identifier(Kind.EMAIL, address(number), region="FR")
        yield keys.subject(identifier).stored_rows(whole_address=False)[0]


def _write_chunk(chunk: _Chunk) -> tuple[Path, Path, Path]:
    row, form, entry = (_line(chunk.template, table) for table in TABLES)
    paths = [Path(f"{chunk.stem}-{table}") for table in TABLES]
    with paths[0].open("w") as rows, paths[1].open("w") as forms, paths[2].open("w") as entries:
        for primary, *further in fingerprints(chunk.people):
            random = os.urandom(48)
            fields = {
                "fingerprint": primary.hex(),
                "record_id": random[:16].hex(),
                "entry_id": random[16:32].hex(),
                "salt": rf"\\x{random[32:].hex()}",
                "commitment": rf"\\x{commitment(random[32:], [primary, *further]).hex()}",
            }
            rows.write(row.format_map(fields))
            if chunk.ledger:
                entries.write(entry.format_map(fields))
            for fingerprint in further:
                forms.write(
                    form.format(fingerprint=fingerprint.hex(), primary_fingerprint=primary.hex())
                )
    return paths[0], paths[1], paths[2]


_OWN = {"fingerprint", "primary_fingerprint", "record_id", "salt", "entry_id", "commitment"}


def _line(template: Template, table: str) -> str:
    fields = (
        f"{{{name}}}" if name in _OWN else value.replace("{", "{{").replace("}", "}}")
        for name, value in template.values[table].items()
    )
    return "\t".join(fields) + "\n"


def copy_rows(dsn: str, rows: Rows, *, checked: bool = True) -> None:
    """COPY the rows of one table in one transaction.

    With `checked=False` no trigger runs and no foreign key is checked.
    """
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        if not checked:
            cursor.execute("SET LOCAL session_replication_role = replica")
        names = ", ".join(f'"{name}"' for name in rows.columns)
        for path in rows.files:
            with path.open() as file:
                cursor.copy_expert(f"COPY {rows.table} ({names}) FROM STDIN", file)


def fill(dsn: str, rows: Sequence[Rows]) -> None:
    """COPY rows into a list, two files at a time and unchecked, then run VACUUM (ANALYZE)."""
    single = [Rows(row.table, row.columns, (path,)) for row in rows for path in row.files]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda chunk: copy_rows(dsn, chunk, checked=False), single))
    with closing(psycopg2.connect(dsn)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
