"""Create the table of invitations, by which a login joins a controller once its user accepts.

The table is new: code of the version before does not know it and keeps working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine.column_types import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NUMBER = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table of invitations."""
    op.create_table(
        "invitations",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column(
            "controller_number",
            _NUMBER,
            sa.ForeignKey("controllers.number"),
            nullable=False,
            index=True,
        ),
        sa.Column("login", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("reference", sa.String(32), nullable=False),
        sa.Column(
            "invited_by", sa.Integer(), sa.ForeignKey("console_users.number"), nullable=False
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False, index=True),
        sa.Column("accepted_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
    )


def downgrade() -> None:
    """Drop the table of invitations; no user loses a role."""
    op.drop_table("invitations")
