"""Keep with a stop up to when it had ended consents, for those that no row of its own leads to.

A new column that may be empty: code of the version before does not know it and keeps working; what
that lifts ends consents as that version does. The ledger tells which stops were ever lifted and no
mistake, also where they were told again, or lifted again by mistake, since.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine.column_types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_LIFTED = """UPDATE suppressions SET consents_void_until = (
    SELECT max(entry.occurred_at) FROM ledger_entries AS entry
    WHERE entry.record_id = suppressions.record_id AND entry.type IN ('s', 'r', 'x')
    AND entry.recorded_at <= (
        SELECT max(lifting.recorded_at) FROM ledger_entries AS lifting
        WHERE lifting.record_id = suppressions.record_id AND lifting.type = 'l'
        AND lifting.why IN ('p', 'r')
    )
)
WHERE record_id IN (
    SELECT record_id FROM ledger_entries WHERE type = 'l' AND why IN ('p', 'r')
)"""


def upgrade() -> None:
    """Add it, and fill it in for what was lifted."""
    op.add_column("suppressions", sa.Column("consents_void_until", UtcDateTime()))
    op.execute(_LIFTED)


def downgrade() -> None:
    """Drop it: consents of other writings count again, as they did."""
    op.drop_column("suppressions", "consents_void_until")
