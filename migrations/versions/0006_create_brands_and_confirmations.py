"""Create the tables of brands, confirmations and reviews, which the recipient pages use.

The tables are new: code of the version before does not know them and keeps working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBER = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of brands, confirmations and reviews."""
    _create_brands()
    _create_confirmations()
    _create_reviews()


def downgrade() -> None:
    """Drop the tables of brands, confirmations and reviews; no stop is lost."""
    op.drop_table("reviews")
    op.drop_table("confirmations")
    op.drop_table("brands")


def _create_brands() -> None:
    op.create_table(
        "brands",
        sa.Column(
            "controller_number",
            _NUMBER,
            sa.ForeignKey("controllers.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("colour", sa.String(7), nullable=False),
        sa.Column("dpo_contact", sa.String(120), nullable=False),
        sa.Column("logo", sa.LargeBinary()),
        sa.Column("logo_type", sa.String(32), nullable=False),
    )


def _create_confirmations() -> None:
    op.create_table(
        "confirmations",
        sa.Column("code_digest", sa.LargeBinary(32), primary_key=True),
        sa.Column(
            "controller_number", _NUMBER, sa.ForeignKey("controllers.number"), nullable=False
        ),
        sa.Column("reference", sa.String(32), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False, index=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=False),
        sa.Column("opened", sa.Text(), nullable=False),
        sa.Column("record_id", SixteenBytes()),
        sa.Column("fingerprint", SixteenBytes()),
        sa.Column("undone_at", UtcDateTime()),
    )


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("reference", sa.String(32), primary_key=True),
        sa.Column(
            "controller_number",
            _NUMBER,
            sa.ForeignKey("controllers.number"),
            nullable=False,
            index=True,
        ),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
    )
