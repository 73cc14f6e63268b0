"""Queries of the start and of /readyz: schema version, check values of keys, a probe write."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import String, column, inspect, select, table, update

from suppression.storage.controllers.policy_tables import DbKeyCheck
from suppression.storage.engine.database import Transaction, insert_if_absent


def newest_migration(directory: Path) -> str:
    """Return the newest migration's number, like `0017`; raise LookupError if there is none.

    It is taken from the names of the files in `directory`/versions; no file is read.
    """
    numbers = [file.name.partition("_")[0] for file in directory.glob("versions/[0-9]*_*.py")]
    if not numbers:
        raise LookupError("there are no migrations")
    return max(numbers)


def schema_version(transaction: Transaction) -> str:
    """Return the number of the newest migration applied to the database; '' if there is none."""
    if not inspect(transaction).has_table("alembic_version"):
        return ""
    statement = select(column("version_num", String)).select_from(table("alembic_version"))
    return transaction.execute(statement).scalar() or ""


def key_checks(transaction: Transaction, kind: str) -> dict[int, bytes]:
    """Return the check values of the keys of a kind (`master`, `signing`, `case`), by version."""
    rows = transaction.execute(select(DbKeyCheck).where(DbKeyCheck.kind == kind))
    return {row.version: row.check_value for row in rows}


def register_key_check(transaction: Transaction, kind: str, version: int, value: bytes) -> None:
    """Insert the check value of a new key; an existing one stays unchanged."""
    row = {"kind": kind, "version": version, "check_value": value}
    insert_if_absent(transaction, DbKeyCheck, row, key=("kind", "version"))


def write_probe(transaction: Transaction) -> None:
    """Update a row to its own value; raise the database's error if it cannot write.

    The database logs and stores this like any other write.
    """
    unchanged = {"check_value": DbKeyCheck.check_value}
    conditions = (DbKeyCheck.kind == "signing", DbKeyCheck.version == 1)
    transaction.execute(update(DbKeyCheck).where(*conditions).values(unchanged))
