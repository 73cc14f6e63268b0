"""Record a call, or an attempt at one: it counts for every tool and agent of the controller."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.contacts import needed_within
from suppression.domain.controllers import Controller
from suppression.domain.errors import Fault, InvalidValueError
from suppression.domain.fingerprints import Subject
from suppression.domain.idempotency import Claim
from suppression.domain.obstacles import counted_attempts
from suppression.domain.questions import Question
from suppression.domain.suppressions import CLOCK_TOLERANCE, Extent, Outcome
from suppression.domain.vocabulary import Channel, ContactEvent, Purpose
from suppression.storage.contact_rows import has_attempt
from suppression.storage.database import Transaction, writing
from suppression.storage.policy_rows import policies_of
from suppression.storage.standing_rows import standing_rows
from suppression.usecases.answer_once import Rendered, answer_once
from suppression.usecases.check_stated import latest_now
from suppression.usecases.in_order import by_database
from suppression.usecases.record_contacts import lock_number, record_contact
from suppression.usecases.record_stops import new_deed

CALLS = Extent(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING)
"""What attempts are counted for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptRequest:
    """An attempt as a door understood it. `attempt_id` where a reservation took it before."""

    subject: Subject
    occurred_at: datetime | None
    """As the caller states it; None: now, by the database's clock."""
    attempt_id: bytes | None = None
    ref: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptAnswer:
    """The attempt, how many count now, and how many may; `limit` is 0 for no limit."""

    attempt_id: bytes
    outcome: Outcome
    counted: int
    limit: int


def record_attempt(
    controller: Controller,
    request: AttemptRequest,
    render: Callable[[AttemptAnswer], Rendered],
    *,
    actor: str,
    now: datetime,
    claim: Claim | None = None,
) -> Rendered:
    """Write the attempt, also one that is too many: what happened is recorded."""
    stated = request.occurred_at
    if stated and stated > latest_now(stated, now) + CLOCK_TOLERANCE:
        raise _invalid("/occurred_at", "Send a time that is not ahead of now.")
    with writing() as transaction:
        return answer_once(
            transaction,
            claim,
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
    attempt_id, outcome = request.attempt_id or secrets.token_bytes(16), Outcome.CREATED
    if not request.subject.sandbox:
        contact = lock_number(transaction, controller, request.subject, Channel.TELEPHONE)
        if request.attempt_id is None:
            deed = by_database(transaction, new_deed(actor, now=now, ref=request.ref))
            record_contact(
                transaction,
                controller,
                contact,
                ContactEvent.ATTEMPT,
                event_id=attempt_id,
                at=request.occurred_at or deed.recorded_at,
                deed=deed,
            )
        elif not has_attempt(transaction, request.subject.asked, attempt_id):
            raise _invalid("/attempt_id", "This number has no such attempt; send it without one.")
        else:
            outcome = Outcome.ALREADY
    policy = policies_of(transaction, controller).policies[CALLS.channel, Purpose.MARKETING]
    question = Question(subject=request.subject, extent=CALLS)
    found = standing_rows(transaction, [question], contacts_within=needed_within(policy))
    return AttemptAnswer(
        attempt_id=attempt_id,
        outcome=outcome,
        counted=counted_attempts(
            question, policy, found.of(question), min(now, found.clock or now)
        ),
        limit=policy.limits.attempts,
    )


def _invalid(pointer: str, detail: str) -> InvalidValueError:
    return InvalidValueError(faults=(Fault(pointer=pointer, detail=detail),))
