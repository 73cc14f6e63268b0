"""Index only the stops of cases by record id, because no other stop is looked up by record id.

The old index took 40 bytes for every other suppression too, without any use. Code of the version
before still finds the stops of a case without it, but more slowly.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLE, _COLUMNS = "suppressions", ["record_id"]
_OF_ALL, _OF_CASES = "ix_suppressions_record_id", "ix_suppressions_record_id_of_cases"

# CONCURRENTLY waits for every older transaction, even a backup, but it blocks no other one.
_WAIT, _WAIT_NO_MORE = "SET lock_timeout = 0", "RESET lock_timeout"


def upgrade() -> None:
    """Create the small index, then drop the large one; on PostgreSQL neither step blocks writes."""
    some = sa.text("source LIKE 'case:%'")
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            # An interrupted run leaves an invalid index of this name.
            op.drop_index(_OF_CASES, _TABLE, postgresql_concurrently=True, if_exists=True)
            op.create_index(
                _OF_CASES, _TABLE, _COLUMNS, postgresql_where=some, postgresql_concurrently=True
            )
            op.drop_index(_OF_ALL, _TABLE, postgresql_concurrently=True, if_exists=True)
            op.execute(_WAIT_NO_MORE)
    else:
        op.create_index(_OF_CASES, _TABLE, _COLUMNS, sqlite_where=some)
        op.drop_index(_OF_ALL, _TABLE)


def downgrade() -> None:
    """Create the large index again, then drop the small index."""
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_WAIT)
            op.drop_index(_OF_ALL, _TABLE, postgresql_concurrently=True, if_exists=True)
            op.create_index(_OF_ALL, _TABLE, _COLUMNS, postgresql_concurrently=True)
            op.drop_index(_OF_CASES, _TABLE, postgresql_concurrently=True, if_exists=True)
            op.execute(_WAIT_NO_MORE)
    else:
        op.create_index(_OF_ALL, _TABLE, _COLUMNS)
        op.drop_index(_OF_CASES, _TABLE)
