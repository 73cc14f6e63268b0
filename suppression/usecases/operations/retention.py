"""Delete rows that are past their retention period: one function per kind of row.

The periods are in `suppression/domain/retention.py`; `suppression/cli/worker.py` lists the jobs.
Each function returns how many things of its kind it deleted; `purge_cases` returns the number of
cases whose contact and notes it deleted. The worker calls all functions in each of its rounds.
Large deletions run in pieces, one transaction each, so that nobody waits for a long one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from suppression.domain.calendar.months import months_after
from suppression.domain.cases.contents import TimelineEvent
from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.consents.model import Consent
from suppression.domain.controllers.model import Controller
from suppression.domain.ledger.entries import EntryId, consent_entry
from suppression.domain.retention import CONSENT_PROOFS_KEPT_MONTHS, COUNTS_KEPT_DAYS
from suppression.domain.vocabulary import EntryType
from suppression.storage.cases.rows import cases_to_purge
from suppression.storage.cases.settings import register_settings
from suppression.storage.cases.timeline import add_event, clear_content
from suppression.storage.consents.policy_ends import list_proofs_expired_by_policy
from suppression.storage.consents.rows import delete_consents, list_expired_proofs
from suppression.storage.controllers.rows import load_controllers
from suppression.storage.engine.database import Transaction, reading, writing
from suppression.storage.ledger.idempotency import delete_responses_before_limit
from suppression.storage.ledger.rows import append_entries
from suppression.storage.operations.daily_counts import delete_counts_before
from suppression.storage.scrubs.rows import delete_scrub, list_expired_scrubs
from suppression.storage.unsubscribe.rows import delete_confirmations_before_limit
from suppression.storage.users.invitations import delete_invitations_before_limit
from suppression.storage.users.sign_in_delays import delete_expired_attempts
from suppression.usecases.consents.policy_ends import past_policy_ends
from suppression.usecases.ledger.append import dated_by_database, new_audit_context, new_id
from suppression.usecases.piecewise import PIECE, run_piecewise

PROOFS_AT_ONCE = 200
"""The maximum number of proofs deleted in one transaction."""
_CASES_AT_ONCE = 200
"""The maximum number of cases whose contact and notes are deleted in one transaction."""


def purge_idempotency(*, now: datetime) -> int:
    """Delete responses stored for an Idempotency-Key over 48 hours ago; return how many."""
    return run_piecewise(partial(delete_responses_before_limit, now=now, limit=PIECE))


def purge_confirmations(*, now: datetime) -> int:
    """Delete confirmations that are 30 days old or older, but no stops; return how many."""
    return run_piecewise(partial(delete_confirmations_before_limit, now=now, limit=PIECE))


def purge_scrubs(*, now: datetime) -> int:
    """Delete scrubs requested a day ago or earlier, one transaction each; return how many."""
    with reading() as transaction:
        expired = list_expired_scrubs(transaction, now=now)
    for scrub_id in expired:
        with writing() as transaction:
            delete_scrub(transaction, scrub_id)
    return len(expired)


def purge_attempts(*, now: datetime) -> int:
    """Delete the counts to which no sign-in attempt was added for a day; return how many."""
    with writing() as transaction:
        return delete_expired_attempts(transaction, now=now)


def purge_invitations(*, now: datetime) -> int:
    """Delete the invitations that ended 90 days ago or earlier; return how many."""
    with writing() as transaction:
        return delete_invitations_before_limit(transaction, now=now)


def purge_counts(*, now: datetime) -> int:
    """Delete daily counts (reopenings, service checks) older than 400 days; return how many."""
    with writing() as transaction:
        return delete_counts_before(transaction, now.date() - timedelta(days=COUNTS_KEPT_DAYS))


def purge_old_proofs(*, now: datetime) -> int:
    """Delete consents that ended over three years ago, with their proof; return their number.

    The end is an early end, the consent's `until`, or the end by the longest duration that its
    policy has set since; a consent without an end is kept. The ledger records each deletion. See
    code de la consommation R223-2.
    """
    purged = 0
    while some := _purge_proofs(now):
        purged += some
    return purged


def _purge_proofs(now: datetime) -> int:
    before = months_after(now, -CONSENT_PROOFS_KEPT_MONTHS)
    with writing() as transaction:
        expired = list_expired_proofs(
            transaction, before=before, limit=PROOFS_AT_ONCE
        ) or _expired_by_policy(transaction, before)
        if not expired:
            return 0
        context = dated_by_database(transaction, new_audit_context("worker", now=now))
        for controller, consent in expired:
            entry = consent_entry(
                consent,
                EntryType.PROOF_PURGED,
                context,
                entry_id=EntryId(new_id()),
                occurred_at=context.recorded_at,
            )
            append_entries(transaction, [entry], controller=controller)
        delete_consents(transaction, [consent for _, consent in expired])
    return len(expired)


def _expired_by_policy(transaction: Transaction, before: datetime) -> list[tuple[int, Consent]]:
    """Lock and return consents that a policy ended before `before`, whatever their own `until`.

    At most PROOFS_AT_ONCE, all of one controller, each with the controller's number. Return [] if
    none is left, apart from rows that another transaction has locked.
    """
    for controller, ends in past_policy_ends(transaction, before=before):
        consents = list_proofs_expired_by_policy(
            transaction, controller, ends, limit=PROOFS_AT_ONCE
        )
        if consents:
            return [(controller.number, consent) for consent in consents]
    return []


def purge_cases(*, now: datetime) -> int:
    """Delete contact and notes of each case closed for longer than its controller keeps them.

    The case's timeline records the deletion. Return the number of these cases.
    """
    with reading() as transaction:
        controllers = load_controllers(transaction)
    return sum(
        run_piecewise(partial(_purge_cases_of, controller, now), piece=_CASES_AT_ONCE)
        for controller in controllers
    )


def _purge_cases_of(controller: Controller, now: datetime, transaction: Transaction) -> int:
    months = register_settings(transaction, controller).keep_months
    expired = cases_to_purge(
        transaction, controller, closed_before=months_after(now, -months), limit=_CASES_AT_ONCE
    )
    for stored in expired:
        clear_content(transaction, stored.number, now=now)
        event = TimelineEvent(event=CaseEvent.FORGOTTEN, actor="worker", recorded_at=now)
        add_event(transaction, stored.number, event)
    return len(expired)
