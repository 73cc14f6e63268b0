"""Policy sets of controllers, stored as numbered versions; the newest version is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from suppression.domain.controllers.model import Controller
from suppression.domain.policies.model import PolicySet
from suppression.domain.policies.presets import preset_policies
from suppression.domain.policies.serialization import dumps, loads
from suppression.domain.vocabulary import Preset, Sector
from suppression.storage.controllers.policy_tables import DbPolicy, DbPolicyVersion
from suppression.storage.engine.database import Transaction
from suppression.storage.engine.prepared_statements import Source, Statement, execute

_NEWEST = Statement(
    "policies",
    """
    SELECT document, version FROM policy_versions
    WHERE controller_number = $1 ORDER BY version DESC LIMIT 1""",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyVersion:
    """A policy set, the time when it was recorded and came into force, and who set it."""

    policy_set: PolicySet
    recorded_at: datetime
    actor: str


def add_policies(
    transaction: Transaction,
    controller: Controller,
    policy_set: PolicySet,
    *,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Insert a policy set as a controller's version `version`; it is in force from the commit on.

    `version` must be one above the controller's newest; a number in use raises IntegrityError. Also
    replace the rows that code from before migration 0005 reads.
    """
    transaction.execute(
        insert(DbPolicyVersion).values(
            controller_number=controller.number,
            version=version,
            document=dumps(policy_set),
            recorded_at=now,
            actor=actor,
        )
    )
    _write_legacy_rows(transaction, controller, policy_set)


def current_policies(source: Source, controller: Controller) -> PolicySet:
    """Return the policies of a controller that are in force now: those of its newest version.

    If it has no version, return those of its preset for the sector `home_energy`.
    """
    rows = execute(source, _NEWEST, (controller.number,))
    document, version = rows[0] if rows else (None, None)
    return policies_of_version(controller.preset, document, version)


def policies_of_version(preset: Preset, document: str | None, version: int | None) -> PolicySet:
    """Return the policies in a document; if it is None, those of `preset` for `home_energy`.

    `version` is the number under which the document is stored, None if there is no document.
    """
    if document is None or version is None:
        # The controller was created by the previous version during an upgrade (migration 0005).
        return preset_policies(preset, Sector.HOME_ENERGY)
    return loads(document, version)


def list_policy_versions(transaction: Transaction, controller: Controller) -> list[PolicyVersion]:
    """Return every policy version of a controller, oldest first."""
    cursor_result = transaction.execute(
        select(DbPolicyVersion)
        .where(DbPolicyVersion.controller_number == controller.number)
        .order_by(DbPolicyVersion.version)
    )
    return [
        PolicyVersion(
            policy_set=loads(row.document, row.version),
            recorded_at=row.recorded_at,
            actor=row.actor,
        )
        for row in cursor_result
    ]


def _write_legacy_rows(
    transaction: Transaction, controller: Controller, policy_set: PolicySet
) -> None:
    """Replace the rows that code from before migration 0005 reads during an upgrade."""
    own_rows = DbPolicy.controller_number == controller.number
    transaction.execute(delete(DbPolicy).where(own_rows))
    transaction.execute(
        insert(DbPolicy),
        [
            {
                "controller_number": controller.number,
                "channel": policy.channel,
                "purpose": policy.purpose,
                "rule": policy.rule,
                "attestable": " ".join(sorted(policy.attestable)),
            }
            for policy in policy_set.policies.values()
        ],
    )
