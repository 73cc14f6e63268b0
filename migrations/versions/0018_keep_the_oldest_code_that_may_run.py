"""Create the table `schema_floor`: the oldest code that may run on the schema as it is.

A start, /readyz and `flask db upgrade` of older code are refused; code of the versions before does
not know the table. From here on each migration has `oldest_code`, and migrations/env.py stores the
value of the newest one applied.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

oldest_code = "0015"
"""Code whose newest migration is this one or a later one may run on the schema.

It is that of version 0.9.0, which knows no column of 0016 and 0017, and leaves them empty.
"""


def upgrade() -> None:
    """Create the table, without a row."""
    op.create_table(
        "schema_floor", sa.Column("oldest_code", sa.String(4), primary_key=True, nullable=False)
    )


def downgrade() -> None:
    """Drop the table: any code that finds its columns starts again."""
    op.drop_table("schema_floor")
