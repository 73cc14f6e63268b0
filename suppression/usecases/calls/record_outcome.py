"""Record the outcome of a call: a refusal, a stop, a wrong person, or an agreed time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from suppression.domain.consents.model import CALLS
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import InvalidValueError
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.identifiers.fingerprints import Fingerprint, Subject
from suppression.domain.ledger.arrivals import unless_in_future
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.active import applies
from suppression.domain.suppressions.releases import as_active, last_date
from suppression.domain.suppressions.scopes import RequestedScope, scopes_of
from suppression.domain.vocabulary import (
    Channel,
    ConsentEnd,
    ContactEvent,
    ContactOutcome,
    Evidence,
    Kind,
    Reason,
)
from suppression.storage.calls.rows import (
    forget_callbacks,
    has_agreed_since,
    has_callback,
    has_refused_since,
)
from suppression.storage.consents.rows import find_consents
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.suppressions.rows import find_suppressions
from suppression.usecases.calls.record import lock_called_number, record_call_event
from suppression.usecases.consents.end import end_consents
from suppression.usecases.idempotency import StoredResponse, run_once
from suppression.usecases.ledger.append import after_last_entry, new_audit_context, new_id
from suppression.usecases.suppressions.all_in_force import all_in_force
from suppression.usecases.suppressions.record import StopRequest, StopResult, record_suppressions

FARTHEST_CALLBACK = timedelta(days=366)
TELEPHONE_ALONE = RequestedScope(channels=(Channel.TELEPHONE,))
_TWO_NUMBERS = (
    "Send the number with + and its country code: these digits may be two numbers, and an agreed "
    "time is one person's."
)
_OF_A_NUMBER = (Channel.SMS, Channel.TELEPHONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeRequest:
    """The outcome of a call, as an entry point parsed it. `coverage` is used for a stop only.

    `callback_at` is the time that the person agreed to, None for any outcome but `callback`.
    """

    subject: Subject
    outcome: ContactOutcome
    occurred_at: datetime | None
    """The time that the caller states; None means now, by the database's clock."""
    coverage: RequestedScope = TELEPHONE_ALONE
    callback_at: datetime | None = None
    ref: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeAnswer:
    """The result of recording an outcome: its reference, its stops, and how many consents ended."""

    reference: str
    results: tuple[StopResult, ...] = ()
    consents_ended: int = 0


def record_outcome(
    controller: Controller,
    request: OutcomeRequest,
    render: Callable[[OutcomeAnswer], StoredResponse],
    *,
    actor: str,
    now: datetime,
    idempotency_key: IdempotencyKey | None = None,
) -> StoredResponse:
    """Store a call's outcome with its stops and ended consents; return the rendered answer.

    Everything is stored in one transaction, for the sandbox nothing. A future `occurred_at` counts
    as now. A refusal, a wrong person or a new callback deletes the agreed times recorded before.

    Raises InvalidValueError if `callback_at` is missing, unexpected, past or more than 366 days
    ahead, comes with digits that may be two numbers, or if the person has refused, stopped calls or
    agreed to another time since agreeing to the callback; InvalidValueError or ChannelMismatchError
    if `coverage` does not fit a number; the errors of `run_once` for `idempotency_key`.
    """
    _check_times(request, now=now)
    if request.callback_at and request.subject.either_fingerprints:
        raise InvalidValueError.at("/identifier", _TWO_NUMBERS)
    if request.outcome is not ContactOutcome.CALLBACK:
        # A dialer's clock may stay wrong: a future date counts as now, so that no stop is lost.
        stated = unless_in_future(request.occurred_at, now)
        request = dataclasses.replace(request, occurred_at=stated)
    context = new_audit_context(actor, now=now, ref=request.ref)
    with writing() as transaction:
        return run_once(
            transaction,
            idempotency_key,
            lambda: _record(transaction, controller, request, context),
            render,
            now=now,
            still_holds=lambda kept_at: _still_holds(
                transaction, controller, request, kept_at=kept_at, now=now
            ),
        )


def _still_holds(
    transaction: Transaction,
    controller: Controller,
    request: OutcomeRequest,
    *,
    kept_at: datetime,
    now: datetime,
) -> bool:
    """Return whether the answer stored for this outcome may be replayed.

    For a stop or a wrong person: whether the stops are still in force (`all_in_force`). For a
    refusal: whether no agreed time is on record, or, if the refusal states its date, none that the
    person agreed to by that date. For a callback: True.
    """
    stop = _suppression_request(request)
    if stop is not None:
        scopes = scopes_of(stop.coverage, [Kind.PHONE], [])
        return all_in_force(transaction, controller, stop, scopes, kept_at=kept_at, now=now)
    if request.outcome is not ContactOutcome.REFUSED:
        return True
    fingerprints = request.subject.lookup_fingerprints
    return not has_callback(transaction, fingerprints, agreed_by=request.occurred_at)


def _check_times(request: OutcomeRequest, *, now: datetime) -> None:
    callback = request.outcome is ContactOutcome.CALLBACK
    if not callback and request.callback_at is not None:
        raise InvalidValueError.at(
            "/callback_at", "Remove this: it belongs to the outcome `callback`."
        )
    if callback and request.callback_at is None:
        raise InvalidValueError.at(
            "/callback_at", "Add this field: the time that the person agreed to."
        )
    if request.callback_at and not now < request.callback_at <= now + FARTHEST_CALLBACK:
        raise InvalidValueError.at("/callback_at", "Send a time to come, within a year.")


def _record(
    transaction: Transaction, controller: Controller, request: OutcomeRequest, context: AuditContext
) -> OutcomeAnswer:
    if request.subject.sandbox:
        return OutcomeAnswer(reference=context.reference)
    stop, ended = _suppression_request(request), 0
    if stop is None:
        _record_event(transaction, controller, request, context)
        return OutcomeAnswer(reference=context.reference)
    scopes_of_stop = scopes_of(stop.coverage, [Kind.PHONE], [stop.reason])
    # Lock stops before consents, as withdrawals and releases do, so that none deadlocks.
    answer = record_suppressions(transaction, controller, stop, scopes_of_stop, context)
    if request.outcome is ContactOutcome.WRONG_PERSON:
        ended = _end_consents(transaction, controller, request, context)
        forget_callbacks(transaction, request.subject.lookup_fingerprints)
    return OutcomeAnswer(reference=context.reference, results=answer.results, consents_ended=ended)


def _end_consents(
    transaction: Transaction, controller: Controller, request: OutcomeRequest, context: AuditContext
) -> int:
    """End the consents under a number that a wrong person answered; return how many ended.

    The person who consented has another number now. A consent given after the stated date of the
    outcome stays, because the number's new owner gave it.
    """
    until = unless_in_future(request.occurred_at, context.recorded_at)
    in_force = [
        consent
        for consent in find_consents(transaction, request.subject.all_fingerprints, for_update=True)
        if consent.ended_at is None and (until is None or consent.given_at <= until)
    ]
    end_consents(
        transaction,
        controller,
        in_force,
        ConsentEnd.WRONG_PERSON,
        occurred_at=request.occurred_at,
        context=context,
        evidence=Evidence.API,
        reason=Reason.UNDELIVERABLE,
    )
    return len(in_force)


def _suppression_request(request: OutcomeRequest) -> StopRequest | None:
    """Return the stop that an outcome requires; None for a refusal or a callback.

    A wrong person objects to nothing, but the number is stopped for calls and SMS as undeliverable.
    """
    if request.outcome is ContactOutcome.STOP:
        reason, coverage = Reason.OBJECTION, request.coverage
    elif request.outcome is ContactOutcome.WRONG_PERSON:
        reason, coverage = Reason.UNDELIVERABLE, RequestedScope(channels=_OF_A_NUMBER)
    else:
        return None
    return StopRequest(
        subjects=(request.subject,),
        coverage=coverage,
        reason=reason,
        evidence=Evidence.API,
        occurred_at=request.occurred_at,
        ref=request.ref,
    )


def _record_event(
    transaction: Transaction, controller: Controller, request: OutcomeRequest, context: AuditContext
) -> None:
    """Record a refusal or a newly agreed time; delete the agreed times that were on record.

    Raises InvalidValueError if the person refused, stopped calls or agreed to another time after
    agreeing to the new one.
    """
    contact = lock_called_number(transaction, controller, request.subject, Channel.TELEPHONE)
    context = after_last_entry(transaction, contact, context)
    agreed_at = _agreed_at(transaction, request, context) if request.callback_at else None
    forget_callbacks(transaction, request.subject.lookup_fingerprints)
    record_call_event(
        transaction,
        controller,
        contact,
        ContactEvent.CALLBACK if agreed_at else ContactEvent.REFUSED,
        event_id=new_id(),
        at=request.callback_at or request.occurred_at or context.recorded_at,
        agreed_at=agreed_at,
        context=context,
    )


def _agreed_at(
    transaction: Transaction, request: OutcomeRequest, context: AuditContext
) -> datetime:
    """Return when the person agreed to a time: the date stated, or now if it is missing or future.

    "Now" is the database's time: by a slow clock of this machine, an agreement made before a stop
    would seem to be in the future, and would be dated after the stop. Raises InvalidValueError if
    the person has refused, stopped calls or agreed to another time since.
    """
    stated = unless_in_future(request.occurred_at, context.recorded_at)
    if stated is None:
        return context.recorded_at
    if _is_taken_back(transaction, request.subject.lookup_fingerprints, stated):
        detail = "The person has refused or said stop since: what was agreed to before is over."
        raise InvalidValueError.at("/occurred_at", detail)
    if has_agreed_since(transaction, request.subject.lookup_fingerprints, stated):
        detail = "The person has agreed to another time since: what was agreed to before is over."
        raise InvalidValueError.at("/occurred_at", detail)
    return stated


def _is_taken_back(
    transaction: Transaction, fingerprints: Collection[Fingerprint], agreed_at: datetime
) -> bool:
    """Return whether the person refused or stopped calls at `agreed_at` or later.

    A stop counts even if it was released since. Dialers may report queued outcomes in any order.
    """
    rows = find_suppressions(transaction, fingerprints, for_update=False)
    stopped = any(last_date(row) >= agreed_at and applies(as_active(row), CALLS) for row in rows)
    return stopped or has_refused_since(transaction, fingerprints, agreed_at)
