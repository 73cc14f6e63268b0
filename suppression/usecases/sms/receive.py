"""Take in a text message that a person sent us: a clear stop is recorded, the rest only read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.idempotency import Claim
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.arrivals import unless_to_come
from suppression.domain.sms.replies import Reply, Understood, read_reply
from suppression.domain.suppressions.model import Extent
from suppression.domain.suppressions.scopes import Coverage
from suppression.domain.vocabulary import Channel, Evidence, Purpose, Reason
from suppression.storage.engine.clocks import database_now
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.sms.review_queue import add_unclear
from suppression.usecases.idempotency import Rendered, answer_once
from suppression.usecases.suppressions.all_in_force import all_stand
from suppression.usecases.suppressions.record import (
    StopAnswer,
    StopRequest,
    new_deed,
    record_stops,
)

_EXTENTS = [[Extent(channel=Channel.SMS, purpose=Purpose.MARKETING)]]


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundSms:
    """A text message as a door understood it. Neither text nor `to` goes further than reading."""

    subject: Subject
    text: str = field(repr=False)
    received_at: datetime | None
    """As the gateway states it; None: now, by the database's clock."""
    to: str = field(default="", repr=False)
    ref: str = ""
    encrypted: Callable[[], bytes] = field(repr=False)
    """Encrypt the message, for a person to read: asked of an unclear one alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundAnswer:
    """What was understood, and, of a clear stop, what became of it."""

    reply: Reply
    stop: StopAnswer | None


def take_inbound_sms(
    controller: Controller,
    sms: InboundSms,
    render: Callable[[InboundAnswer], Rendered],
    *,
    actor: str,
    now: datetime,
    claim: Claim | None = None,
) -> Rendered:
    """Store the stop that a text message clearly is; keep an unclear one for a person, encrypted.

    It stops marketing by SMS; its reason denies `service` on SMS too (docs/rules.md#m2).
    """
    # A gateway's clock may be wrong for ever: a date to come is now, and the stop is not lost.
    sms = dataclasses.replace(sms, received_at=unless_to_come(sms.received_at, now))
    reply = read_reply(sms.text, to=sms.to)
    request = _stop_of(sms)
    stopping = reply.understood is Understood.STOP
    deed = new_deed(actor, now=now, ref=sms.ref)

    def take(transaction: Transaction) -> InboundAnswer:
        if reply.understood is Understood.REVIEW and not sms.subject.sandbox:
            content = sms.encrypted()
            received_at = sms.received_at or database_now(transaction)
            add_unclear(transaction, controller, received_at=received_at, content=content)
        if not stopping:
            return InboundAnswer(reply=reply, stop=None)
        stop = record_stops(transaction, controller, request, _EXTENTS, deed)
        return InboundAnswer(reply=reply, stop=stop)

    with writing() as transaction:
        return answer_once(
            transaction,
            claim,
            lambda: take(transaction),
            render,
            now=now,
            still_holds=lambda: not stopping or _stands(transaction, controller, request, now=now),
        )


def _stands(
    transaction: Transaction, controller: Controller, request: StopRequest, *, now: datetime
) -> bool:
    return all_stand(transaction, controller, request, _EXTENTS, now=now)


def _stop_of(sms: InboundSms) -> StopRequest:
    """The stop that a text message is, if it is one."""
    return StopRequest(
        subjects=(sms.subject,),
        coverage=Coverage(channels=(Channel.SMS,)),
        reason=Reason.STOP_KEYWORD,
        evidence=Evidence.INBOUND,
        occurred_at=sms.received_at,
        ref=sms.ref,
    )
