"""Let stops of whole mail domains be stored: no table changes.

Such a stop has a reason, `m`, that code before this migration does not know, and the controller's
`schemes` name `domain`. Checks by that code would not look such stops up. It may run until the
first one is stored, which raises the number in `schema_floor` to this migration's
(`record_suppressions`).
"""

from __future__ import annotations

import click
import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

oldest_code = "0015"
"""Code whose newest migration is this one or a later one may run until a domain is stopped."""


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing; raise ClickException if a mail domain was ever stopped.

    The ledger keeps the reason of such a stop, and code before this migration cannot read it.
    """
    entries = sa.table("ledger_entries", sa.column("reason"))
    of_domains = sa.select(entries.c.reason).where(entries.c.reason == "m").limit(1)
    if op.get_bind().execute(of_domains).first():
        raise click.ClickException(
            "A mail domain was stopped, which older versions do not know. Restore a backup instead."
        )
