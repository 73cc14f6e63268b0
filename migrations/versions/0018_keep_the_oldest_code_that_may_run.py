"""Create the table `schema_floor`: the oldest code that may run on the schema as it is.

Older code refuses to start, answers /readyz with 503 and refuses `flask db upgrade`; code of the
versions before this one does not know the table and checks nothing. From here on each migration has
`oldest_code`, and migrations/env.py stores the value of the newest one applied.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

oldest_code = "0015"
"""The newest migration of the oldest code that may run on the schema.

0015 is that of version 0.9.0, which leaves the columns of 0016 and 0017 empty.
"""


def upgrade() -> None:
    """Create the table, without a row."""
    op.create_table(
        "schema_floor", sa.Column("oldest_code", sa.String(4), primary_key=True, nullable=False)
    )


def downgrade() -> None:
    """Drop the table: any code that finds its columns starts again."""
    op.drop_table("schema_floor")
