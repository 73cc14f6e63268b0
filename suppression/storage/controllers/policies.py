"""Policy sets, in versions: one document each, the newest counts."""

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
    """A policy set, since when it counted, and who set it."""

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
    """Write the next version of a controller's policies."""
    transaction.execute(
        insert(DbPolicyVersion).values(
            controller_number=controller.number,
            version=version,
            document=dumps(policy_set),
            recorded_at=now,
            actor=actor,
        )
    )
    _write_along(transaction, controller, policy_set)


def current_policies(source: Source, controller: Controller) -> PolicySet:
    """The policies of a controller that count now."""
    found = execute(source, _NEWEST, (controller.number,))
    document, version = found[0] if found else (None, None)
    return policies_of_version(controller.preset, document, version)


def policies_of_version(preset: Preset, document: str | None, version: int | None) -> PolicySet:
    """The policies of the newest version; of the preset where no version is."""
    if document is None or version is None:
        # Made by a process of the version before while versions change over (migration 0005).
        return preset_policies(preset, Sector.HOME_ENERGY)
    return loads(document, version)


def list_policy_versions(transaction: Transaction, controller: Controller) -> list[PolicyVersion]:
    """Every version that ever counted, oldest first."""
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


def _write_along(transaction: Transaction, controller: Controller, policy_set: PolicySet) -> None:
    """Keep right what processes of the version before still read while versions change over."""
    mine = DbPolicy.controller_number == controller.number
    transaction.execute(delete(DbPolicy).where(mine))
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
