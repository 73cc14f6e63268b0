"""Record what came of a call: a refusal, a stop, a wrong person, or a time that was agreed to."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from suppression.domain.arrivals import unless_to_come
from suppression.domain.consents import CALLS
from suppression.domain.controllers import Controller
from suppression.domain.errors import Fault, InvalidValueError
from suppression.domain.extents import Coverage, extents_of
from suppression.domain.fingerprints import Fingerprint, Subject
from suppression.domain.idempotency import Claim
from suppression.domain.ledger import Deed
from suppression.domain.releases import as_standing
from suppression.domain.standing import applies
from suppression.domain.vocabulary import (
    Channel,
    ConsentEnd,
    ContactEvent,
    ContactOutcome,
    Evidence,
    Kind,
    Reason,
)
from suppression.storage.consent_rows import consents_under
from suppression.storage.contact_rows import forget_callbacks, refused_since
from suppression.storage.database import Transaction, writing
from suppression.storage.suppression_rows import suppressions_under
from suppression.usecases.all_stand import all_stand
from suppression.usecases.answer_once import Rendered, answer_once
from suppression.usecases.end_consents import end_consents
from suppression.usecases.in_order import in_order
from suppression.usecases.record_contacts import lock_number, record_contact
from suppression.usecases.record_stops import (
    StopRequest,
    StopResult,
    new_deed,
    record_stops,
)

FARTHEST_CALLBACK = timedelta(days=366)
TELEPHONE_ALONE = Coverage(channels=(Channel.TELEPHONE,))
_OF_A_NUMBER = (Channel.SMS, Channel.TELEPHONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeRequest:
    """What came of a call, as a door understood it. `coverage` is that of a stop."""

    subject: Subject
    outcome: ContactOutcome
    occurred_at: datetime | None
    """As the caller states it; None: now, by the database's clock."""
    coverage: Coverage = TELEPHONE_ALONE
    callback_at: datetime | None = None
    ref: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeAnswer:
    """The reference to keep, the stops that were stored, and how many consents ended."""

    reference: str
    results: tuple[StopResult, ...] = ()
    consents_ended: int = 0


def record_outcome(
    controller: Controller,
    request: OutcomeRequest,
    render: Callable[[OutcomeAnswer], Rendered],
    *,
    actor: str,
    now: datetime,
    claim: Claim | None = None,
) -> Rendered:
    """Store all that follows from an outcome, or nothing of it."""
    _check_times(request, now=now)
    # A dialer's clock may be wrong for ever: a date to come is now, and no stop is lost for it.
    request = dataclasses.replace(request, occurred_at=unless_to_come(request.occurred_at, now))
    deed = new_deed(actor, now=now, ref=request.ref)
    stop = _stop_of(request)
    with writing() as transaction:
        return answer_once(
            transaction,
            claim,
            lambda: _record(transaction, controller, request, deed),
            render,
            now=now,
            still_holds=lambda: (
                stop is None
                or all_stand(
                    transaction,
                    controller,
                    stop,
                    extents_of(stop.coverage, [Kind.PHONE], []),
                    now=now,
                )
            ),
        )


def _check_times(request: OutcomeRequest, *, now: datetime) -> None:
    callback = request.outcome is ContactOutcome.CALLBACK
    if not callback and request.callback_at is not None:
        raise _invalid("/callback_at", "Remove this: it belongs to the outcome `callback`.")
    if callback and request.callback_at is None:
        raise _invalid("/callback_at", "Add this field: the time that the person agreed to.")
    if request.callback_at and not now < request.callback_at <= now + FARTHEST_CALLBACK:
        raise _invalid("/callback_at", "Send a time to come, within a year.")


def _record(
    transaction: Transaction, controller: Controller, request: OutcomeRequest, deed: Deed
) -> OutcomeAnswer:
    if request.subject.sandbox:
        return OutcomeAnswer(reference=deed.reference)
    stop, ended = _stop_of(request), 0
    if stop is None:
        _record_event(transaction, controller, request, deed)
        return OutcomeAnswer(reference=deed.reference)
    extents_of_stop = extents_of(stop.coverage, [Kind.PHONE], [stop.reason])
    # Stops before consents, as a withdrawal and a release lock them: none waits in a circle.
    answer = record_stops(transaction, controller, stop, extents_of_stop, deed)
    if request.outcome is ContactOutcome.WRONG_PERSON:
        ended = _end_consents(transaction, controller, request, deed)
        forget_callbacks(transaction, request.subject.asked)
    return OutcomeAnswer(reference=deed.reference, results=answer.results, consents_ended=ended)


def _end_consents(
    transaction: Transaction, controller: Controller, request: OutcomeRequest, deed: Deed
) -> int:
    """Whoever consented has another number now: every consent under this one ends."""
    standing = [
        one
        for one in consents_under(transaction, request.subject.every, for_update=True)
        if one.ended_at is None
    ]
    end_consents(
        transaction,
        controller,
        standing,
        ConsentEnd.WRONG_PERSON,
        occurred_at=request.occurred_at,
        deed=deed,
        evidence=Evidence.API,
        reason=Reason.UNDELIVERABLE,
    )
    return len(standing)


def _stop_of(request: OutcomeRequest) -> StopRequest | None:
    """The stop that an outcome is, if it is one.

    A wrong person is nobody's objection: the number itself is of no use, for calls and for SMS.
    """
    if request.outcome is ContactOutcome.STOP:
        reason, coverage = Reason.OBJECTION, request.coverage
    elif request.outcome is ContactOutcome.WRONG_PERSON:
        reason, coverage = Reason.UNDELIVERABLE, Coverage(channels=_OF_A_NUMBER)
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
    transaction: Transaction, controller: Controller, request: OutcomeRequest, deed: Deed
) -> None:
    """A refusal, or an agreed time: either takes the place of a time agreed to before.

    InvalidValueError for a time that the person had taken back before it was told.
    """
    contact = lock_number(transaction, controller, request.subject, Channel.TELEPHONE)
    agreed_at = request.occurred_at if request.callback_at else None
    if agreed_at and _taken_back(transaction, request.subject.asked, agreed_at):
        detail = "The person has refused or said stop since: what was agreed to before is over."
        raise _invalid("/occurred_at", detail)
    forget_callbacks(transaction, request.subject.asked)
    deed = in_order(transaction, contact, deed)
    refused = request.outcome is ContactOutcome.REFUSED
    record_contact(
        transaction,
        controller,
        contact,
        ContactEvent.REFUSED if refused else ContactEvent.CALLBACK,
        event_id=secrets.token_bytes(16),
        at=request.callback_at or request.occurred_at or deed.recorded_at,
        deed=deed,
    )


def _taken_back(
    transaction: Transaction, asked: Collection[Fingerprint], agreed_at: datetime
) -> bool:
    """Whether a refusal, or a stop that denies calls, came at or after an agreement; lifted or not.

    Dialers tell what they have queued in any order.
    """
    rows = suppressions_under(transaction, asked, for_update=False)
    stopped = any(
        row.last_occurred_at >= agreed_at and applies(as_standing(row), CALLS) for row in rows
    )
    return stopped or refused_since(transaction, asked, agreed_at)


def _invalid(pointer: str, detail: str) -> InvalidValueError:
    return InvalidValueError(faults=(Fault(pointer=pointer, detail=detail),))
