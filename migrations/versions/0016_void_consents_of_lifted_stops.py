"""Keep with a stop up to when it had ended consents, for those that no row of its own leads to.

A new column that may be empty: code of the version before does not know it and keeps working; what
that lifts ends consents as that version does. Of the stops that are lifted by now the ledger tells
which were no mistake.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.column_types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_LIFTED = """UPDATE suppressions SET consents_void_until = last_occurred_at
WHERE released_at IS NOT NULL AND (
    SELECT entry.why FROM ledger_entries AS entry
    WHERE entry.record_id = suppressions.record_id AND entry.type = 'l'
    ORDER BY entry.recorded_at DESC LIMIT 1
) IN ('p', 'r')"""


def upgrade() -> None:
    """Add it, and fill it in for what was lifted."""
    op.add_column("suppressions", sa.Column("consents_void_until", UtcDateTime()))
    op.execute(_LIFTED)


def downgrade() -> None:
    """Drop it: consents of other writings count again, as they did."""
    op.drop_column("suppressions", "consents_void_until")
