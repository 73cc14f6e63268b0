"""Queries for the start and for /readyz: schema version, check values of keys, a probe write."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import String, column, delete, func, insert, inspect, select, table, update

from suppression.domain.vocabulary import Evidence, Reason
from suppression.storage.controllers.policy_tables import DbKeyCheck
from suppression.storage.engine.database import Transaction, insert_if_absent
from suppression.storage.engine.deadlines import timed_connection
from suppression.storage.operations.tables import DbSchemaFloor
from suppression.storage.suppressions.tables import DbSuppression

_FIRST_WITH_FLOOR = "0018"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PROBE = "#probe"
"""The source of the row that a probe inserts; no stop has it (docs/architecture.md)."""
_PROBE_BYTES = {"sqlite": 32 * 1024, "postgresql": 16 * 1024}
"""How many random bytes a probe writes: incompressible, and more pages than a stop needs."""


def newest_migration(directory: Path) -> str:
    """Return the newest migration's number, like `0017`; raise LookupError if there is none.

    It is taken from the names of the files in `directory`/versions; no file is read.
    """
    numbers = [file.name.partition("_")[0] for file in directory.glob("versions/[0-9]*_*.py")]
    if not numbers:
        raise LookupError("there are no migrations")
    return max(numbers)


def schema_versions(transaction: Transaction) -> tuple[str, str]:
    """Return the newest migration of the database, and of the oldest code that may run on it.

    Both are numbers, like `0018` and `0015`: code whose newest migration is older than the second
    may not run on the schema. The first is '' before any migration, the second before 0018.
    """
    if not inspect(transaction).has_table("alembic_version"):
        return "", ""
    statement = select(column("version_num", String)).select_from(table("alembic_version"))
    newest = transaction.execute(statement).scalar() or ""
    if newest < _FIRST_WITH_FLOOR:
        return newest, ""
    return newest, transaction.execute(select(DbSchemaFloor.oldest_code)).scalar() or ""


def save_oldest_code(transaction: Transaction, number: str) -> None:
    """Replace the oldest code that may run on the schema: `number` is its newest migration's."""
    transaction.execute(delete(DbSchemaFloor))
    transaction.execute(insert(DbSchemaFloor).values(oldest_code=number))


def raise_oldest_code(transaction: Transaction, number: str) -> None:
    """Store that code whose newest migration is older than `number` may run no more on the schema.

    A number that is stored already, and is as high, stays.
    """
    if transaction.execute(select(DbSchemaFloor.oldest_code)).scalar() is None:
        save_oldest_code(transaction, number)
        return
    # One statement, so that two transactions at once both succeed.
    is_older = DbSchemaFloor.oldest_code < number
    transaction.execute(update(DbSchemaFloor).where(is_older).values(oldest_code=number))


def key_checks(transaction: Transaction, kind: str) -> dict[int, bytes]:
    """Return the check values of the keys of a kind (`master`, `signing`, `case`), by version."""
    rows = transaction.execute(select(DbKeyCheck).where(DbKeyCheck.kind == kind))
    return {row.version: row.check_value for row in rows}


def register_key_check(transaction: Transaction, kind: str, version: int, value: bytes) -> None:
    """Insert the check value of a new key; an existing one stays unchanged."""
    row = {"kind": kind, "version": version, "check_value": value}
    insert_if_absent(transaction, DbKeyCheck, row, key=("kind", "version"))


def write_probe(transaction: Transaction) -> None:
    """Insert a row among the stops and delete it; raise the database's error if it cannot write.

    No other transaction sees the row, or waits for it. It is so large that it needs free pages, as
    a stop does: on a full disk an update in place can succeed where no stop is stored.
    """
    fingerprint = secrets.token_bytes(16)
    row = {
        "fingerprint": fingerprint,
        "record_id": fingerprint,
        "occurred_at": _EPOCH,
        "last_occurred_at": _EPOCH,
        "controller_number": 0,
        "channel": None,
        "purpose": None,
        "topic": "",
        "reason": Reason.IMPORTED,
        "source": _PROBE,
        "evidence": Evidence.IMPORT,
        "salt": secrets.token_bytes(_PROBE_BYTES[transaction.dialect.name]),
    }
    transaction.execute(insert(DbSuppression).values(row))
    is_probe = (DbSuppression.fingerprint == fingerprint, DbSuppression.source == _PROBE)
    transaction.execute(delete(DbSuppression).where(*is_probe))


def list_risks(transaction: Transaction) -> list[str]:
    """Return the risks that a PostgreSQL database loses a stored stop; [] on SQLite.

    Each risk is a text for the operator. A pooler, known by the process numbers that it gives
    its clients, is one: in transaction mode it loses time-outs and prepared statements.
    """
    if transaction.dialect.name != "postgresql":
        return []
    fsync, commit, process = transaction.execute(
        select(
            func.current_setting("fsync"),
            func.current_setting("synchronous_commit"),
            func.pg_backend_pid(),
        )
    ).one()
    risks = []
    if fsync == "off":
        risks.append("fsync is off: a crash of its machine may lose stored stops or all of it")
    if commit == "off":
        risks.append("synchronous_commit is off: a crash may lose the last stored stops")
    if timed_connection(transaction).get_backend_pid() != process:
        risks.append("a pooler stands before it: it must be in session mode")
    return risks
