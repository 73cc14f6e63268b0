"""Keep when a person agreed to be called at a time, which stops are compared with.

Two new columns that may be empty and an index: code of the version before does not know them and
keeps working. A time that it records, or had recorded, has no such date; the date at which it was
recorded stands in, as for that version. Nothing is filled in, so no table is rewritten.
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

# CONCURRENTLY waits for every older transaction, a backup's too, and nobody waits for it.
_WAIT, _WAIT_NO_MORE = "SET lock_timeout = 0", "RESET lock_timeout"


def upgrade() -> None:
    """Create the index first, since it commits by itself; nobody who tells of a call waits."""
    some = sa.text("type = 'b'")
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            # One that broke off half-way is there and not valid.
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
    """Drop them: agreed times are compared by when they were recorded, as they were."""
    for table in (_EVENTS, _ENTRIES):
        op.drop_column(table, _COLUMN)
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            op.drop_index(_INDEX, _EVENTS, postgresql_concurrently=True, if_exists=True)
            op.execute(_WAIT_NO_MORE)
    else:
        op.drop_index(_INDEX, _EVENTS)
