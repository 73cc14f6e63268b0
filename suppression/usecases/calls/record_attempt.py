"""Record an attempt to call, which counts for all tools and agents of the controller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.checks.blockers import count_attempts
from suppression.domain.checks.call_history import call_history_span
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.consents.model import CALLS
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import InvalidValueError
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import CLOCK_TOLERANCE, Outcome
from suppression.domain.vocabulary import Channel, ContactEvent, Purpose
from suppression.storage.calls.rows import has_attempt
from suppression.storage.checks.active_rows import look_up_state
from suppression.storage.controllers.policies import current_policies
from suppression.storage.engine.database import Transaction, writing
from suppression.usecases.calls.record import lock_called_number, record_call_event
from suppression.usecases.idempotency import StoredResponse, run_once
from suppression.usecases.ledger.append import dated_by_database, new_audit_context, new_id
from suppression.usecases.ledger.check_stated_dates import latest_now


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptRequest:
    """An attempt to call, as an entry point parsed it.

    `attempt_id` is the id that a reservation returned for this attempt; None without a reservation.
    """

    subject: Subject
    occurred_at: datetime | None
    """The time that the caller states; None means now, by the database's clock."""
    attempt_id: bytes | None = None
    ref: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptAnswer:
    """The result of recording an attempt: its id, and how many attempts count now under the policy.

    `outcome` is `already` if a reservation had recorded the attempt, else `created`; `limit` is the
    policy's maximum of `counted`, 0 for no limit.
    """

    attempt_id: bytes
    outcome: Outcome
    counted: int
    limit: int


def record_attempt(
    controller: Controller,
    request: AttemptRequest,
    render: Callable[[AttemptAnswer], StoredResponse],
    *,
    actor: str,
    now: datetime,
    idempotency_key: IdempotencyKey | None = None,
) -> StoredResponse:
    """Store an attempt to call, unless a reservation stored it; return the rendered answer.

    An attempt over the limit is stored too; one to a sandbox number is not. Raises
    InvalidValueError for a time over 5 minutes ahead, or if the number has no attempt with this
    `attempt_id`; the errors of `run_once` for `idempotency_key`.
    """
    stated = request.occurred_at
    if stated and stated > latest_now(stated, now) + CLOCK_TOLERANCE:
        raise InvalidValueError.at("/occurred_at", "Send a time that is not ahead of now.")
    with writing() as transaction:
        return run_once(
            transaction,
            idempotency_key,
            lambda: _record(transaction, controller, request, actor=actor, now=now),
            render,
            now=now,
        )


def _record(
    transaction: Transaction,
    controller: Controller,
    request: AttemptRequest,
    *,
    actor: str,
    now: datetime,
) -> AttemptAnswer:
    attempt_id, outcome = request.attempt_id or new_id(), Outcome.CREATED
    if not request.subject.sandbox:
        contact = lock_called_number(transaction, controller, request.subject, Channel.TELEPHONE)
        if request.attempt_id is None:
            context = dated_by_database(
                transaction, new_audit_context(actor, now=now, ref=request.ref)
            )
            record_call_event(
                transaction,
                controller,
                contact,
                ContactEvent.ATTEMPT,
                event_id=attempt_id,
                at=request.occurred_at or context.recorded_at,
                context=context,
            )
        elif not has_attempt(transaction, request.subject.lookup_fingerprints, attempt_id):
            detail = "This number has no such attempt; send it without one."
            raise InvalidValueError.at("/attempt_id", detail)
        else:
            outcome = Outcome.ALREADY
    policy = current_policies(transaction, controller).policies[CALLS.channel, Purpose.MARKETING]
    check, span = CheckRequest(subject=request.subject, scope=CALLS), call_history_span(policy)
    states = look_up_state(transaction, [check], call_history_span=span, now=now)
    counted = count_attempts(check, policy, states.state_of(check), min(now, states.clock or now))
    return AttemptAnswer(
        attempt_id=attempt_id, outcome=outcome, counted=counted, limit=policy.limits.attempts
    )
