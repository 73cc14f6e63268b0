"""What a start and /readyz look at: whether the schema is current, and the keys the right ones."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import String, column, inspect, select, table, update

from suppression.storage.controllers.policy_tables import DbKeyCheck
from suppression.storage.engine.database import Transaction, insert_if_absent


def newest_migration(directory: Path) -> str:
    """The number of the newest migration that this code brings."""
    config = Config()
    config.set_main_option("script_location", str(directory))
    head = ScriptDirectory.from_config(config).get_current_head()
    if head is None:
        raise LookupError("there are no migrations")
    return head


def schema_version(transaction: Transaction) -> str:
    """The number of the newest migration that the database has seen; '' if it has seen none."""
    if not inspect(transaction).has_table("alembic_version"):
        return ""
    statement = select(column("version_num", String)).select_from(table("alembic_version"))
    return transaction.execute(statement).scalar() or ""


def key_checks(transaction: Transaction, kind: str) -> dict[int, bytes]:
    """The check values of the keys of one kind (`master`, `signing`) in use, by version."""
    rows = transaction.execute(select(DbKeyCheck).where(DbKeyCheck.kind == kind))
    return {row.version: row.check_value for row in rows}


def register_key_check(transaction: Transaction, kind: str, version: int, value: bytes) -> None:
    """Write the check value of a key that is new; one that is there stays as it is."""
    row = {"kind": kind, "version": version, "check_value": value}
    insert_if_absent(transaction, DbKeyCheck, row, key=("kind", "version"))


def write_probe(transaction: Transaction) -> None:
    """Write a row as it is: the database has to log and keep it as it does any other."""
    same = {"check_value": DbKeyCheck.check_value}
    mine = (DbKeyCheck.kind == "signing", DbKeyCheck.version == 1)
    transaction.execute(update(DbKeyCheck).where(*mine).values(same))
