"""Check a call and record it in one transaction, so that only one caller gets the last attempt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.controllers.model import Controller
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.vocabulary import Channel, ContactEvent, Decision
from suppression.storage.engine.database import Transaction, writing
from suppression.usecases.calls.record import lock_called_number, record_call_event
from suppression.usecases.checks.check import decide_in_transaction
from suppression.usecases.idempotency import StoredResponse, run_once
from suppression.usecases.ledger.append import dated_by_database, new_audit_context, new_id
from suppression.usecases.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class Reservation:
    """The result of a check and the id of the recorded attempt, None if no attempt was recorded."""

    answer: CheckResult
    attempt_id: bytes | None


def reserve_attempt(  # noqa: PLR0913 - a check, and what a write needs
    services: Services,
    controller: Controller,
    check_request: CheckRequest | InvalidCheck,
    render: Callable[[Reservation], StoredResponse],
    *,
    actor: str,
    now: datetime,
    idempotency_key: IdempotencyKey | None = None,
) -> StoredResponse:
    """Check a call; if it is allowed, record an attempt now. Return the rendered reservation.

    The attempt counts whether or not the call is made; none is recorded for the sandbox. A retry
    with the same Idempotency-Key gets the stored answer and attempt, until they are as old as the
    setting `check_ttl`. If the call is not allowed now, even without counting attempts, a retry is
    checked anew. Raises the errors of `run_once` for `idempotency_key`.
    """
    with writing() as transaction:
        return run_once(
            transaction,
            idempotency_key,
            lambda: _reserve(
                services, transaction, controller, check_request, actor=actor, now=now
            ),
            render,
            now=now,
            still_holds=lambda _: _is_still_allowed(
                services, transaction, controller, check_request, now=now
            ),
            holds_for=services.settings.check_ttl,
        )


def _reserve(
    services: Services,
    transaction: Transaction,
    controller: Controller,
    check_request: CheckRequest | InvalidCheck,
    *,
    actor: str,
    now: datetime,
) -> Reservation:
    if isinstance(check_request, InvalidCheck) or check_request.subject.sandbox:
        (answer,) = decide_in_transaction(
            services, transaction, controller, [check_request], now=now
        )
        return Reservation(answer=answer, attempt_id=None)
    # Lock before reading: a transaction that waited here sees the attempt of the other.
    contact = lock_called_number(transaction, controller, check_request.subject, Channel.TELEPHONE)
    (answer,) = decide_in_transaction(services, transaction, controller, [check_request], now=now)
    if answer.decision is not Decision.ALLOW:
        return Reservation(answer=answer, attempt_id=None)
    attempt_id = new_id()
    context = dated_by_database(transaction, new_audit_context(actor, now=now))
    record_call_event(
        transaction,
        controller,
        contact,
        ContactEvent.ATTEMPT,
        event_id=attempt_id,
        at=context.recorded_at,
        context=context,
    )
    return Reservation(answer=answer, attempt_id=attempt_id)


def _is_still_allowed(
    services: Services,
    transaction: Transaction,
    controller: Controller,
    check_request: CheckRequest | InvalidCheck,
    *,
    now: datetime,
) -> bool:
    """Return whether the call is still allowed, so that its stored answer may be replayed.

    Earlier attempts are ignored: one of them may have been recorded with the stored answer.
    """
    (answer,) = decide_in_transaction(
        services, transaction, controller, [check_request], now=now, counted=False
    )
    return answer.decision is Decision.ALLOW
