"""Store with a released stop the date up to which it voids consents (`consents_void_until`).

A release cannot find, and so cannot end, consents given under other spellings of the identifier:
checks compare such consents with this date. The new column may be empty: code of the version before
does not know it and keeps working; a release by that code sets no date. Existing stops get their
date from the ledger if they were ever released for another reason than a mistake, even if they were
stored again, or released as a mistake, since.
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
    """Add `consents_void_until`; fill it for stops ever released other than as a mistake."""
    op.add_column("suppressions", sa.Column("consents_void_until", UtcDateTime()))
    op.execute(_LIFTED)


def downgrade() -> None:
    """Drop the column `consents_void_until`: consents under other spellings count again."""
    op.drop_column("suppressions", "consents_void_until")
