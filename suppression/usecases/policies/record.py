"""Store a version of a controller's policies, with a ledger entry for each changed policy."""

from __future__ import annotations

import hashlib
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry
from suppression.domain.policies.model import PolicySet
from suppression.domain.policies.serialization import dumps
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import EntryType
from suppression.storage.controllers.policies import add_policies
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import append_entries
from suppression.usecases.ledger.append import dated_by_database, new_audit_context, new_id


def record_policies(
    transaction: Transaction,
    controller: Controller,
    policy_set: PolicySet,
    *,
    before: PolicySet | None,
    actor: str,
    now: datetime,
) -> int:
    """Store the next version of a controller's policies in the caller's transaction.

    Return its number. `before`: the version in force, None for a controller's first. Each changed
    policy leaves a ledger entry; if there is no `before`, or no policy changed, there is one entry.
    An entry names the version and holds the SHA-256 of its document.
    """
    version = before.version + 1 if before else 1
    context = dated_by_database(transaction, new_audit_context(actor, now=now))
    at = context.recorded_at
    add_policies(transaction, controller, policy_set, version=version, actor=actor, now=at)
    digest = hashlib.sha256(dumps(policy_set).encode()).digest()
    changed = [Scope(channel=None, purpose=None)]
    if before and before.policies != policy_set.policies:
        changed = [
            Scope(channel=channel, purpose=purpose)
            for (channel, purpose), policy in policy_set.policies.items()
            if policy != before.policies[channel, purpose]
        ]
    entries = [_entry(scope, context, digest, version) for scope in changed]
    append_entries(transaction, entries, controller=controller.number)
    return version


def _entry(scope: Scope, context: AuditContext, digest: bytes, version: int) -> LedgerEntry:
    return LedgerEntry(
        entry_id=EntryId(new_id()),
        type=EntryType.POLICY,
        record_id=None,
        commitment=digest,
        scope=scope,
        reason=None,
        source=f"policy:{version}",
        evidence=None,
        occurred_at=context.recorded_at,
        expires_at=None,
        context=context,
    )
