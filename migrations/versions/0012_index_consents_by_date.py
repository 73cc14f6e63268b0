"""Index consents by controller and date, to find those dated ahead of the database's clock.

Each stop without a date searches the index for later consents. Unless the clock was set back there
are none, so the search is short. Code of the version before does not know the index and keeps
working.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLE, _NAME, _COLUMNS = "consents", "ix_consents_given", ["controller_number", "given_at"]

# CONCURRENTLY waits for every older transaction, even a backup, but it blocks no other one.
_WAIT, _WAIT_NO_MORE = "SET lock_timeout = 0", "RESET lock_timeout"


def upgrade() -> None:
    """Create the index on consents; on PostgreSQL this blocks nobody who records a consent."""
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            # An interrupted run leaves an invalid index of this name.
            op.drop_index(_NAME, _TABLE, postgresql_concurrently=True, if_exists=True)
            op.create_index(_NAME, _TABLE, _COLUMNS, postgresql_concurrently=True)
            op.execute(_WAIT_NO_MORE)
    else:
        op.create_index(_NAME, _TABLE, _COLUMNS)


def downgrade() -> None:
    """Drop the index on consents."""
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            op.drop_index(_NAME, _TABLE, postgresql_concurrently=True, if_exists=True)
            op.execute(_WAIT_NO_MORE)
    else:
        op.drop_index(_NAME, _TABLE)
