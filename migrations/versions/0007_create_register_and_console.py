"""Create the register of cases and the users of the console; register the case keys.

The tables are new, and so is an index for looking up the stops of a case: code of the version
before does not know them and keeps working. A check value of each case key is stored.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

from suppression.domain.identifiers.keyed_digests import key_check
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
_INDEX = "ix_suppressions_record_id"
_TABLES = (
    "unclear_messages",
    "answer_texts",
    "register_settings",
    "case_stops",
    "case_notes",
    "case_events",
    "cases",
    "sign_in_delays",
    "console_sessions",
    "recovery_codes",
    "user_roles",
    "console_users",
)


def upgrade() -> None:
    """Create the index, then the tables, and store the check values of the case keys.

    PostgreSQL creates the index without blocking writes of suppressions.
    """
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.create_index(
                _INDEX,
                "suppressions",
                ["record_id"],
                postgresql_concurrently=True,
                if_not_exists=True,
            )
    else:
        op.create_index(_INDEX, "suppressions", ["record_id"])
    _create_users()
    _create_sessions()
    _create_cases()
    _create_timelines()
    _create_beside_cases()
    _refuse_changes()
    _register_keys()


def downgrade() -> None:
    """Drop the register, the console's users and the unclear SMS; suppressions stay in force.

    The check values of the case keys are deleted.
    """
    for table in _TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_timeline_change()")
    op.drop_index(_INDEX, "suppressions")
    op.execute("DELETE FROM key_checks WHERE kind = 'case'")


def _controller(*, primary_key: bool = False, index: bool = False) -> sa.Column[int]:
    return sa.Column(
        "controller_number",
        _NUMBER,
        sa.ForeignKey("controllers.number"),
        primary_key=primary_key,
        nullable=False,
        index=index,
    )


def _case(*, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        "case_number",
        sa.Integer(),
        sa.ForeignKey("cases.number"),
        primary_key=primary_key,
        nullable=False,
        index=not primary_key,
    )


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.Integer(), sa.Identity(), primary_key=True)


def _create_users() -> None:
    op.create_table(
        "console_users",
        _number(),
        sa.Column("login", sa.String(32), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("temporary", sa.Boolean(), nullable=False),
        sa.Column("code_secret", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled", sa.Boolean(), nullable=False),
        sa.Column("last_code_step", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("disabled_at", UtcDateTime),
    )
    user = sa.ForeignKey("console_users.number")
    op.create_table(
        "user_roles",
        sa.Column("user_number", sa.Integer(), user, primary_key=True),
        _controller(primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
    )


def _create_sessions() -> None:
    def user(*, primary_key: bool) -> sa.Column[int]:
        return sa.Column(
            "user_number",
            sa.Integer(),
            sa.ForeignKey("console_users.number"),
            primary_key=primary_key,
            nullable=False,
            index=not primary_key,
        )

    op.create_table(
        "recovery_codes",
        user(primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("used_at", UtcDateTime),
    )
    op.create_table(
        "console_sessions",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        user(primary_key=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
    )
    op.create_table(
        "sign_in_delays",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcDateTime, nullable=False),
    )


def _create_cases() -> None:
    days = ("received_on", "first_due_on", "due_on")
    later = ("extended_on", "answered_on", "recipients_told_on", "identity_asked_on")
    proof = ("proof_seen_on", "proof_destroyed_on", "lifted_on")
    words = {"kind": 24, "state": 24, "came_by": 16, "opened_by": 64, "wanted": 40, "missing": 40}
    words |= {"proof_method": 24, "proof_seen_by": 64, "proof_destroyed_by": 64, "ground": 24}
    op.create_table(
        "cases",
        _number(),
        _controller(),
        sa.Column("reference", sa.String(14), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in words.items()),
        *(sa.Column(name, sa.Date(), nullable=False) for name in days),
        *(sa.Column(name, sa.Date()) for name in (*later, *proof)),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("forgotten_at", UtcDateTime),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
    )
    op.create_index(None, "cases", ["controller_number", "reference"], unique=True)
    op.create_index(None, "cases", ["controller_number", "state", "due_on"])


def _create_timelines() -> None:
    for table, content in (("case_events", False), ("case_notes", True)):
        columns = [sa.Column("content", sa.LargeBinary(), nullable=False)] if content else []
        op.create_table(
            table,
            _number(),
            _case(),
            sa.Column("recorded_at", UtcDateTime, nullable=False),
            sa.Column("actor", sa.String(64), nullable=False),
            sa.Column("event", sa.String(24), nullable=False),
            *columns,
        )
    op.create_table(
        "case_stops",
        _case(primary_key=True),
        sa.Column("record_id", SixteenBytes, primary_key=True, index=True),
    )


def _create_beside_cases() -> None:
    op.create_table(
        "register_settings",
        _controller(primary_key=True),
        sa.Column("keep_months", sa.SmallInteger(), nullable=False),
        sa.Column("other_systems", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
    )
    op.create_table(
        "answer_texts",
        _controller(primary_key=True),
        sa.Column("answer", sa.String(24), primary_key=True),
        sa.Column("language", sa.String(2), primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "unclear_messages",
        _number(),
        _controller(index=True),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("was_stop", sa.Boolean()),
    )


def _refuse_changes() -> None:
    """Create triggers that refuse to change or delete timeline rows, as 0001 did for the ledger."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_events_no_{change.lower()} BEFORE {change} "
                "ON case_events BEGIN SELECT RAISE(ABORT, 'a timeline is append-only'); END"
            )
        op.execute(
            "CREATE TRIGGER case_events_no_replace BEFORE INSERT ON case_events "
            "WHEN EXISTS (SELECT 1 FROM case_events WHERE number = NEW.number) "
            "BEGIN SELECT RAISE(ABORT, 'a timeline is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_timeline_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a timeline is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER case_events_append_only "
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON case_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_timeline_change()"
    )


def _register_keys() -> None:
    """Store a check value for each configured case key."""
    key_checks = sa.table(
        "key_checks",
        sa.column("kind", sa.String),
        sa.column("version", sa.SmallInteger),
        sa.column("check_value", sa.LargeBinary),
    )
    keys = current_app.extensions["suppression"].settings.case_keys
    op.bulk_insert(
        key_checks,
        [
            {"kind": "case", "version": version, "check_value": key_check(key)}
            for version, key in keys.items()
        ],
    )
