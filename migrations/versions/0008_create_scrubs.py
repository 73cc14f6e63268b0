"""Create the tables of scrubs, which keep the decisions for a file's rows for a day.

The tables are new: code of the version before does not know them and keeps working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NUMBER = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of scrubs."""
    op.create_table(
        "scrubs",
        sa.Column("scrub_id", SixteenBytes(), primary_key=True),
        sa.Column(
            "controller_number", _NUMBER, sa.ForeignKey("controllers.number"), nullable=False
        ),
        sa.Column("as_of", UtcDateTime(), nullable=False, index=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.Text()),
        sa.Column("valid_until", UtcDateTime()),
    )
    op.create_table(
        "scrub_chunks",
        sa.Column("scrub_id", SixteenBytes(), sa.ForeignKey("scrubs.scrub_id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("verdicts", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables of scrubs; no stop is lost."""
    op.drop_table("scrub_chunks")
    op.drop_table("scrubs")
