"""Record the version of canonicalisation of each suppression, and the schemes of a controller.

Both columns have a default, so that code of version 0003 can still write: the suppressions that it
writes get canonicalisation version 1, and its controllers accept no partner's digests.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns `canonicalisation` and `schemes`; PostgreSQL rewrites no table for this."""
    op.add_column(
        "suppressions",
        sa.Column("canonicalisation", sa.SmallInteger(), nullable=False, server_default="1"),
    )
    op.add_column(
        "controllers",
        sa.Column("schemes", sa.String(200), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Drop the columns `canonicalisation` and `schemes`."""
    op.drop_column("controllers", "schemes")
    op.drop_column("suppressions", "canonicalisation")
