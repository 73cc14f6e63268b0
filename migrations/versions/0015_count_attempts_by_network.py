"""Count sign-in attempts by network and device too, and let each count expire.

Counts of the version before name no network and never expire: they are deleted, and every delay
starts anew. Code of that version does not know the new columns and keeps working; the counts that
it writes are deleted as expired at the next attempt.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine.column_types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TABLE = "sign_in_delays"


def upgrade() -> None:
    """Delete all counts; add the columns `login_digest` and `expires_at` with their indexes."""
    op.execute(sa.delete(sa.table(_TABLE)))
    op.add_column(_TABLE, sa.Column("login_digest", sa.LargeBinary(32)))
    op.add_column(_TABLE, sa.Column("expires_at", UtcDateTime()))
    op.create_index(op.f("ix_sign_in_delays_login_digest"), _TABLE, ["login_digest"])
    op.create_index(op.f("ix_sign_in_delays_expires_at"), _TABLE, ["expires_at"])


def downgrade() -> None:
    """Drop the columns `login_digest` and `expires_at` with their indexes."""
    op.drop_index(op.f("ix_sign_in_delays_expires_at"), _TABLE)
    op.drop_index(op.f("ix_sign_in_delays_login_digest"), _TABLE)
    op.drop_column(_TABLE, "expires_at")
    op.drop_column(_TABLE, "login_digest")
