"""Create the tables of imports: files of stops, staged before they are applied.

The tables are new: code of the version before does not know them and keeps working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine import enum_codes as letters
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NUMBER = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of imports, their staged rows and their invalid rows."""
    _create_imports()
    _create_staged()
    _create_faults()


def downgrade() -> None:
    """Drop the tables of imports; applied stops stay on the suppression list."""
    for table in ("import_faults", "import_forms", "import_rows", "imports"):
        op.drop_table(table)


def _create_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("number", sa.Integer(), sa.Identity(), primary_key=True),
        sa.Column("import_id", sa.String(14), nullable=False, unique=True),
        sa.Column(
            "controller_number", _NUMBER, sa.ForeignKey("controllers.number"), nullable=False
        ),
        sa.Column("state", letters.IMPORT_STATE, nullable=False, index=True),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32)),
        sa.Column("terms_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("schemes", sa.String(200), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in (
                *("rows", "new_rows", "known_rows", "invalid_rows"),
                *("stops", "position", "released"),
            )
        ),
        sa.Column("kept", sa.SmallInteger(), nullable=False),
        sa.UniqueConstraint("controller_number", "digest"),
    )


def _create_staged() -> None:
    op.create_table(
        "import_rows",
        sa.Column("import_number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("fingerprint", SixteenBytes(), nullable=False),
        sa.Column("record_id", SixteenBytes(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("file_row", sa.Integer(), nullable=False),
        sa.Column("canonicalisation", sa.SmallInteger(), nullable=False),
        sa.Column("channel", letters.CHANNEL, nullable=False),
        sa.Column("purpose", letters.PURPOSE, nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("reason", letters.REASON, nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.Column("commitment", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "import_forms",
        sa.Column("import_number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("fingerprint", SixteenBytes(), primary_key=True),
    )


def _create_faults() -> None:
    op.create_table(
        "import_faults",
        sa.Column("import_number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("file_row", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("column_name", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("change", sa.String(300), nullable=False),
    )
