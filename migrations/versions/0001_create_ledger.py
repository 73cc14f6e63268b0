"""Create the ledger, the suppression list, controllers with their settings, and idempotency.

This also stores the check values of the master keys, so that every database that holds fingerprints
shows which keys made them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app
from sqlalchemy.types import TypeEngine

from suppression.domain.identifiers.keyed_digests import key_check
from suppression.storage.engine import enum_codes as letters
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create all tables of the first version, and store the check values of the master keys."""
    _create_controllers()
    _create_policies_and_keys()
    _create_list()
    _create_ledger()
    _create_idempotent_answers()
    _register_keys()


def downgrade() -> None:
    """Raise NotImplementedError: undoing the first migration would delete all stops."""
    raise NotImplementedError("dropping the list would lose every stop; restore a backup instead")


def _create_controllers() -> None:
    op.create_table(
        "controllers",
        sa.Column("number", _NUMBER, sa.Identity(), primary_key=True),
        sa.Column("slug", sa.String(32), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("preset", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "topics",
        sa.Column(
            "controller_number", _NUMBER, sa.ForeignKey("controllers.number"), primary_key=True
        ),
        sa.Column("number", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("slug", sa.String(32), nullable=False),
        sa.Column("name_fr", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.UniqueConstraint("controller_number", "slug"),
    )


def _create_policies_and_keys() -> None:
    op.create_table(
        "policies",
        sa.Column(
            "controller_number", _NUMBER, sa.ForeignKey("controllers.number"), primary_key=True
        ),
        sa.Column("channel", letters.CHANNEL, primary_key=True),
        sa.Column("purpose", letters.PURPOSE, primary_key=True),
        sa.Column("rule", letters.RULE, nullable=False),
        sa.Column("attestable", sa.String(80), nullable=False),
    )
    op.create_table(
        "api_keys",
        sa.Column("number", sa.Integer(), sa.Identity(), primary_key=True),
        sa.Column(
            "controller_number",
            _NUMBER,
            sa.ForeignKey("controllers.number"),
            nullable=False,
            index=True,
        ),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("hint", sa.String(16), nullable=False),
        sa.Column("scopes", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
    )


def _create_list() -> None:
    key: list[tuple[str, TypeEngine[Any]]] = [
        ("channel", letters.CHANNEL),
        ("purpose", letters.PURPOSE),
        ("topic", sa.String(32)),
        ("reason", letters.REASON),
        ("source", sa.String(64)),
    ]
    names = [name for name, _ in key]
    op.create_table(
        "suppressions",
        sa.Column("fingerprint", SixteenBytes, nullable=False),
        sa.Column("record_id", SixteenBytes, nullable=False),
        sa.Column("occurred_at", UtcDateTime, nullable=False),
        sa.Column("last_occurred_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime),
        sa.Column("released_at", UtcDateTime),
        sa.Column("controller_number", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, column_type, nullable=False) for name, column_type in key),
        sa.Column("evidence", letters.EVIDENCE, nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", *names),
    )
    op.create_table(
        "suppression_forms",
        sa.Column("fingerprint", SixteenBytes, nullable=False),
        sa.Column("primary_fingerprint", SixteenBytes, nullable=False),
        *(sa.Column(name, column_type, nullable=False) for name, column_type in key),
        sa.PrimaryKeyConstraint("fingerprint", "primary_fingerprint", *names),
        sa.ForeignKeyConstraint(
            ["primary_fingerprint", *names],
            [f"suppressions.{name}" for name in ("fingerprint", *names)],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
    )
    op.create_index(None, "suppression_forms", ["primary_fingerprint"])


def _create_ledger() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("entry_id", SixteenBytes, primary_key=True),
        sa.Column("record_id", SixteenBytes),
        sa.Column("occurred_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column(
            "controller_number", _NUMBER, sa.ForeignKey("controllers.number"), nullable=False
        ),
        sa.Column("type", letters.ENTRY_TYPE, nullable=False),
        sa.Column("channel", letters.CHANNEL, nullable=False),
        sa.Column("purpose", letters.PURPOSE, nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("reason", letters.REASON, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("evidence", letters.EVIDENCE, nullable=False),
        sa.Column("client_class", sa.String(16), nullable=False),
        sa.Column("why", letters.RELEASE_WHY, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(32), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("commitment", sa.LargeBinary(32)),
    )
    op.create_index(None, "ledger_entries", ["record_id"])
    _refuse_changes()


def _refuse_changes() -> None:
    """Create triggers that refuse to change or delete ledger entries."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_entries_no_{change.lower()} BEFORE {change} "
                "ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
        # INSERT OR REPLACE deletes without firing a DELETE trigger.
        op.execute(
            "CREATE TRIGGER ledger_entries_no_replace BEFORE INSERT ON ledger_entries "
            "WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE entry_id = NEW.entry_id) "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_entries_append_only "
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
    )


def _create_idempotent_answers() -> None:
    op.create_table(
        "idempotent_answers",
        sa.Column("api_key_number", sa.Integer(), sa.ForeignKey("api_keys.number"), nullable=False),
        sa.Column("claim", sa.LargeBinary(32), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("status", sa.SmallInteger()),
        sa.Column("answer", sa.Text()),
        sa.Column("created_at", UtcDateTime, nullable=False, index=True),
        sa.PrimaryKeyConstraint("api_key_number", "claim"),
    )


def _register_keys() -> None:
    key_checks = op.create_table(
        "key_checks",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("version", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("check_value", sa.LargeBinary(16), nullable=False),
    )
    master_keys = current_app.extensions["suppression"].settings.master_keys
    op.bulk_insert(
        key_checks,
        [
            {"kind": "master", "version": version, "check_value": key_check(key)}
            for version, key in master_keys.items()
        ],
    )
