"""Add the scope `service`, counts of service checks and of reopenings, and a brand's sign-up page.

All columns have a default and all tables are new: code of the version before does not know them and
keeps working. That code refuses to read a scope that it does not know, so `service` is stored in a
column of its own. Every key with the scope `check` gets the scope `service`, because until now
`check` alone let a key check for `service`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NUMBER = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
_KEYS = sa.table("api_keys", sa.column("scopes"), sa.column("later_scopes"))


def upgrade() -> None:
    """Create the columns and tables, and give the scope `service` to the keys with `check`."""
    op.add_column("brands", _empty_text("resubscribe_url", 200))
    op.add_column("api_keys", _empty_text("later_scopes", 120))
    words = sa.literal(" ").concat(_KEYS.c.scopes).concat(" ")
    may_check = words.contains(" check ")
    op.execute(sa.update(_KEYS).where(may_check).values(later_scopes="service"))
    op.create_table(
        "reopening_counts",
        sa.Column(
            "controller_number",
            _NUMBER,
            sa.ForeignKey("controllers.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_table(
        "service_counts",
        sa.Column(
            "key_number",
            sa.Integer(),
            sa.ForeignKey("api_keys.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    )


def downgrade() -> None:
    """Drop the columns and tables; no stop is lost."""
    op.drop_table("service_counts")
    op.drop_table("reopening_counts")
    op.drop_column("api_keys", "later_scopes")
    op.drop_column("brands", "resubscribe_url")


def _empty_text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")
