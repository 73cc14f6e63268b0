"""Create the table of watches, which stores the last result of the synthetic opt-out.

The table is new: code of version 0002 does not know it and keeps working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine.column_types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table `watches`."""
    op.create_table(
        "watches",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("ran_at", UtcDateTime(), nullable=False),
        sa.Column("passed_at", UtcDateTime(), nullable=True),
        sa.Column("result", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_watches")),
    )


def downgrade() -> None:
    """Drop the table `watches`."""
    op.drop_table("watches")
