"""Register the check values of the signing keys, as 0001 did for the master keys.

From this version on, a missing or changed signing key stops the start: the links signed with it
would fail, and a link never expires. Code of version 0001 reads only the check values of master
keys and keeps working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

from suppression.domain.identifiers.keyed_digests import key_check

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY_CHECKS = sa.table(
    "key_checks",
    sa.column("kind", sa.String),
    sa.column("version", sa.SmallInteger),
    sa.column("check_value", sa.LargeBinary),
)


def upgrade() -> None:
    """Store a check value for each configured signing key."""
    keys = current_app.extensions["suppression"].settings.signing_keys
    op.bulk_insert(
        _KEY_CHECKS,
        [
            {"kind": "signing", "version": version, "check_value": key_check(key)}
            for version, key in keys.items()
        ],
    )


def downgrade() -> None:
    """Delete the check values of the signing keys."""
    op.execute(_KEY_CHECKS.delete().where(_KEY_CHECKS.c.kind == "signing"))
