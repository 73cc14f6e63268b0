"""Store with a released stop the date up to which it voids consents (`consents_void_until`).

A release cannot find, and so cannot end, consents given under other spellings of the identifier;
checks compare the dates of these consents with the new column. It may be empty: code of the version
before does not know it and keeps working; a release by that code sets no date. Existing stops that
were ever released for another reason than a mistake get their date from the ledger, even if they
were since stored again, or released as a mistake.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine.column_types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# The newest date of the row's stops and, if somebody else has the number now, of that release.
# Entry types: s stop, r repeated, x extended, l release; `why`: p person_asked, r reassigned.
_VOID_UNTIL = """(
    SELECT max(CASE WHEN entry.type = 'l' THEN entry.recorded_at ELSE entry.occurred_at END)
    FROM ledger_entries AS entry
    WHERE entry.record_id = suppressions.record_id
    AND (entry.type IN ('s', 'r', 'x') OR (entry.type = 'l' AND entry.why = 'r'))
    AND entry.recorded_at <= (
        SELECT max(lifting.recorded_at) FROM ledger_entries AS lifting
        WHERE lifting.record_id = suppressions.record_id AND lifting.type = 'l'
        AND lifting.why IN ('p', 'r')
    )
)"""
_LIFTED = f"""UPDATE suppressions SET consents_void_until = {_VOID_UNTIL}
WHERE record_id IN (
    SELECT record_id FROM ledger_entries WHERE type = 'l' AND why IN ('p', 'r')
)"""  # noqa: S608 - constants of this module

_COLUMN = "ALTER TABLE suppressions ADD COLUMN IF NOT EXISTS consents_void_until timestamptz"
_BATCH_ROWS = 1000
_FIRST = "00000000-0000-0000-0000-000000000000"
_NEXT = """SELECT fingerprint FROM suppressions WHERE fingerprint > CAST(:lower AS uuid)
ORDER BY fingerprint OFFSET :rows LIMIT 1"""
_IN_BATCH = """suppressions.fingerprint >= CAST(:lower AS uuid)
    AND (CAST(:upper AS uuid) IS NULL OR suppressions.fingerprint < CAST(:upper AS uuid))"""
# Rows are locked in the order of their key, as everywhere, so that no stop deadlocks with a batch.
_LIFTED_IN_BATCH = f"""UPDATE suppressions SET consents_void_until = {_VOID_UNTIL}
FROM (
    SELECT fingerprint AS lifted_fingerprint, record_id AS lifted_record FROM suppressions
    WHERE {_IN_BATCH} AND EXISTS (
        SELECT FROM ledger_entries AS lifting WHERE lifting.record_id = suppressions.record_id
        AND lifting.type = 'l' AND lifting.why IN ('p', 'r')
    )
    ORDER BY fingerprint, channel, purpose, topic, reason, source FOR UPDATE
) AS lifted
WHERE {_IN_BATCH} AND suppressions.fingerprint = lifted_fingerprint
AND suppressions.record_id = lifted_record"""  # noqa: S608 - as above


def upgrade() -> None:
    """Add `consents_void_until`; fill it for stops once released for a reason but a mistake.

    On PostgreSQL, the column and each thousand rows commit by themselves, so that no stop waits for
    the whole upgrade. An upgrade that was interrupted begins anew.
    """
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(_COLUMN)
            _fill_in_batches(op.get_bind())
        return
    op.add_column("suppressions", sa.Column("consents_void_until", UtcDateTime()))
    op.execute(_LIFTED)


def _fill_in_batches(connection: sa.Connection) -> None:
    lower: object = _FIRST
    while lower is not None:
        limits = {"lower": lower, "rows": _BATCH_ROWS}
        upper = connection.scalar(sa.text(_NEXT), limits)
        connection.execute(sa.text(_LIFTED_IN_BATCH), {"lower": lower, "upper": upper})
        lower = upper


def downgrade() -> None:
    """Drop the column `consents_void_until`: consents under other spellings count again."""
    op.drop_column("suppressions", "consents_void_until")
