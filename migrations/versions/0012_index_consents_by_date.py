"""Find the consents that a controller's database has dated ahead of its own clock.

An index alone, which code of the version before does not need and keeps up. Each stop without a
date asks it; where the clock was never set back it finds nothing, at its end.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLE, _NAME, _COLUMNS = "consents", "ix_consents_given", ["controller_number", "given_at"]

# CONCURRENTLY waits for every older transaction, a backup's too, and nobody waits for it.
_WAIT, _WAIT_NO_MORE = "SET lock_timeout = 0", "RESET lock_timeout"


def upgrade() -> None:
    """Create it; nobody who records a consent waits for it."""
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            # One that broke off half-way is there and not valid.
            op.drop_index(_NAME, _TABLE, postgresql_concurrently=True, if_exists=True)
            op.create_index(_NAME, _TABLE, _COLUMNS, postgresql_concurrently=True)
            op.execute(_WAIT_NO_MORE)
    else:
        op.create_index(_NAME, _TABLE, _COLUMNS)


def downgrade() -> None:
    """Drop it."""
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            op.drop_index(_NAME, _TABLE, postgresql_concurrently=True, if_exists=True)
            op.execute(_WAIT_NO_MORE)
    else:
        op.drop_index(_NAME, _TABLE)
