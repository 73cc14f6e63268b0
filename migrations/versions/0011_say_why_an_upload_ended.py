"""Record why an upload did not become an import: interrupted, refused, or imported already.

The new column is empty in every row: code of the version before does not know it and keeps working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine import enum_codes as letters

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column `upload_end`."""
    op.add_column("imports", sa.Column("upload_end", letters.UPLOAD_END))


def downgrade() -> None:
    """Drop the column `upload_end`."""
    op.drop_column("imports", "upload_end")
