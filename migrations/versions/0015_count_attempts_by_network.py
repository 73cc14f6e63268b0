"""Count attempts to sign in by network and device as well, and let each count end.

Counts of the version before tell nothing of a network and never ended: they are deleted, and every
delay begins anew. Code of that version does not know the new columns and keeps working; what it
writes is deleted at the next attempt.
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
    """Add the columns and their indexes."""
    op.execute(sa.delete(sa.table(_TABLE)))
    op.add_column(_TABLE, sa.Column("login_digest", sa.LargeBinary(32)))
    op.add_column(_TABLE, sa.Column("expires_at", UtcDateTime()))
    op.create_index(op.f("ix_sign_in_delays_login_digest"), _TABLE, ["login_digest"])
    op.create_index(op.f("ix_sign_in_delays_expires_at"), _TABLE, ["expires_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_sign_in_delays_expires_at"), _TABLE)
    op.drop_index(op.f("ix_sign_in_delays_login_digest"), _TABLE)
    op.drop_column(_TABLE, "expires_at")
    op.drop_column(_TABLE, "login_digest")
