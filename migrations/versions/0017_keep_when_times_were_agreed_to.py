"""Store when a person agreed to be called at a time; stops are compared with this date.

The two new columns may be empty, and an index is new: code of the version before does not know them
and keeps working. Agreed times recorded by that code leave the column empty; their date of
recording counts instead, as in that version. No column is filled, so no table is rewritten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine.column_types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_EVENTS, _ENTRIES, _COLUMN = "contact_events", "ledger_entries", "agreed_at"
_INDEX, _INDEXED = "ix_contact_events_agreed", ["recorded_at"]

# CONCURRENTLY waits for every older transaction, even a backup, but it blocks no other one.
_WAIT, _WAIT_NO_MORE = "SET lock_timeout = 0", "RESET lock_timeout"


def upgrade() -> None:
    """Create the index, which commits by itself, then add both columns `agreed_at`.

    On PostgreSQL, creating the index blocks nobody who reports a call.
    """
    some = sa.text("type = 'b'")
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            # An interrupted run leaves an invalid index of this name.
            op.drop_index(_INDEX, _EVENTS, postgresql_concurrently=True, if_exists=True)
            op.create_index(
                _INDEX, _EVENTS, _INDEXED, postgresql_where=some, postgresql_concurrently=True
            )
            op.execute(_WAIT_NO_MORE)
    else:
        op.create_index(_INDEX, _EVENTS, _INDEXED, sqlite_where=some)
    for table in (_EVENTS, _ENTRIES):
        op.add_column(table, sa.Column(_COLUMN, UtcDateTime()))


def downgrade() -> None:
    """Drop the columns and the index: agreed times count by their date of recording again."""
    for table in (_EVENTS, _ENTRIES):
        op.drop_column(table, _COLUMN)
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            op.drop_index(_INDEX, _EVENTS, postgresql_concurrently=True, if_exists=True)
            op.execute(_WAIT_NO_MORE)
    else:
        op.drop_index(_INDEX, _EVENTS)
