"""Store policies in versions, consents with their proof, and calls that were made.

Every controller's policies become version 1. Controllers with the preset `fr-2026` get the sector
`home_energy` until `flask policies set` changes it. Code of version 0004 keeps working: it reads
the table `policies`, which is still written and may be dropped by a later migration.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from suppression.domain.vocabulary import EntryType
from suppression.storage.engine import enum_codes as letters
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBER = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
_ANY = ["appointment", "consent", "contract", "customer"]
_PLAIN: dict[str, object] = {
    "appointment_minutes": 15,
    "attempts": 0,
    "attempts_days": 30,
    "closed": False,
    "consent_months": 0,
    "hours": None,
    "silence_days": 0,
}
_OPEN = _PLAIN | {"attestable": _ANY, "rule": "opt_out"}
_CLOSED = _PLAIN | {"attestable": ["contract"], "closed": True, "rule": "opt_in"}
_CHANNELS = ("email", "sms", "telephone", "post")
_EXTENTS: list[tuple[str | None, str]] = [
    (channel, purpose) for purpose in ("marketing", "service") for channel in _CHANNELS
]
_EXTENTS += [(None, "profiling"), (None, "sharing")]
_OF_FR_2026: dict[tuple[str | None, str], dict[str, object]] = {
    ("email", "marketing"): _CLOSED,
    ("sms", "marketing"): _CLOSED
    | {
        "hours": {
            "days": [1, 2, 3, 4, 5, 6, 7],
            "holidays": "",
            "spans": ["08:00-21:30"],
            "time_zone": "",
        }
    },
    ("telephone", "marketing"): _CLOSED
    | {
        "attempts": 4,
        "consent_months": 12,
        "hours": {
            "days": [1, 2, 3, 4, 5],
            "holidays": "FR",
            "spans": ["10:00-13:00", "14:00-20:00"],
            "time_zone": "",
        },
        "silence_days": 60,
    },
    (None, "sharing"): _PLAIN | {"attestable": ["consent"], "rule": "opt_in"},
}


def upgrade() -> None:
    """Create the tables, then store the first version of every controller's policies."""
    _create_policy_versions()
    _create_consents()
    _create_contacts()
    _write_first_versions()


def downgrade() -> None:
    """Drop the tables: all policy versions, consents with their proof, and calls are lost."""
    for table in ("contact_events", "contacts", "consents", "consent_wordings", "policy_versions"):
        op.drop_table(table)


def _create_policy_versions() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("controller_number", _NUMBER, sa.ForeignKey("controllers.number")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("controller_number", "version"),
    )


def _create_consents() -> None:
    op.create_table(
        "consent_wordings",
        sa.Column("controller_number", _NUMBER, sa.ForeignKey("controllers.number")),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("controller_number", "digest"),
    )
    op.create_table(
        "consents",
        sa.Column("fingerprint", SixteenBytes, nullable=False),
        sa.Column("record_id", SixteenBytes, nullable=False, index=True),
        sa.Column("given_at", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("announced_at", UtcDateTime),
        sa.Column("controller_number", sa.SmallInteger(), nullable=False),
        sa.Column("channel", letters.CHANNEL, nullable=False),
        sa.Column("purpose", letters.PURPOSE, nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("ended_by", letters.CONSENT_END, nullable=False),
        sa.Column("given_by", letters.GIVEN_BY, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("proof_ref", sa.String(64), nullable=False),
        sa.Column("collected_by", sa.String(64), nullable=False),
        sa.Column("wording_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", "channel", "purpose", "topic", "given_at"),
        sa.ForeignKeyConstraint(
            ["controller_number", "wording_digest"],
            ["consent_wordings.controller_number", "consent_wordings.digest"],
        ),
    )
    _index_consents()


def _index_consents() -> None:
    for name, column, condition in (
        ("ix_consents_ending", "until", "announced_at IS NULL AND ended_at IS NULL"),
        ("ix_consents_until", "until", "ended_at IS NULL"),
        ("ix_consents_ended", "ended_at", "ended_at IS NOT NULL"),
    ):
        some = sa.text(condition)
        op.create_index(name, "consents", [column], postgresql_where=some, sqlite_where=some)


def _create_contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("fingerprint", SixteenBytes, nullable=False),
        sa.Column("channel", letters.CHANNEL, nullable=False),
        sa.Column("record_id", SixteenBytes, nullable=False),
        sa.Column("controller_number", sa.SmallInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", "channel"),
    )
    op.create_table(
        "contact_events",
        sa.Column("fingerprint", SixteenBytes, nullable=False),
        sa.Column("event_id", SixteenBytes, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("channel", letters.CHANNEL, nullable=False),
        sa.Column("type", letters.CONTACT_EVENT, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", "event_id", "channel"),
        sa.ForeignKeyConstraint(
            ["fingerprint", "channel"],
            ["contacts.fingerprint", "contacts.channel"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
    )


def _write_first_versions() -> None:
    """Store each controller's policies as version 1, with a ledger entry of their digest."""
    now = datetime.now(UTC)
    connection = op.get_bind()
    controllers = connection.execute(sa.text("SELECT number, preset FROM controllers")).all()
    for number, preset in controllers:
        document = _document(preset)
        connection.execute(
            _VERSIONS.insert().values(
                controller_number=number,
                version=1,
                document=document,
                recorded_at=now,
                actor="migration:0005",
            )
        )
        connection.execute(
            _ENTRIES.insert().values(
                entry_id=secrets.token_bytes(16),
                controller_number=number,
                commitment=hashlib.sha256(document.encode()).digest(),
                occurred_at=now,
                recorded_at=now,
                type=EntryType.POLICY,
                channel=None,
                purpose=None,
                topic="",
                reason=None,
                source="policy:1",
                evidence=None,
                client_class="",
                why=None,
                actor="migration:0005",
                reference="",
                ref="",
            )
        )


def _document(preset: str) -> str:
    french = preset == "fr-2026"
    policies = [
        (_OF_FR_2026.get((channel, purpose), _OPEN) if french else _OPEN)
        | {"channel": channel, "purpose": purpose}
        for channel, purpose in _EXTENTS
    ]
    content = {
        "preset": preset,
        "sector": "home_energy" if french else None,
        "policies": policies,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


_VERSIONS = sa.table(
    "policy_versions",
    sa.column("controller_number", sa.SmallInteger()),
    sa.column("version", sa.Integer()),
    sa.column("document", sa.Text()),
    sa.column("recorded_at", UtcDateTime()),
    sa.column("actor", sa.String()),
)
_ENTRIES = sa.table(
    "ledger_entries",
    sa.column("entry_id", SixteenBytes()),
    sa.column("controller_number", sa.SmallInteger()),
    sa.column("commitment", sa.LargeBinary()),
    sa.column("occurred_at", UtcDateTime()),
    sa.column("recorded_at", UtcDateTime()),
    sa.column("type", letters.ENTRY_TYPE),
    sa.column("channel", letters.CHANNEL),
    sa.column("purpose", letters.PURPOSE),
    sa.column("topic", sa.String()),
    sa.column("reason", letters.REASON),
    sa.column("source", sa.String()),
    sa.column("evidence", letters.EVIDENCE),
    sa.column("client_class", sa.String()),
    sa.column("why", letters.RELEASE_WHY),
    sa.column("actor", sa.String()),
    sa.column("reference", sa.String()),
    sa.column("ref", sa.String()),
)
