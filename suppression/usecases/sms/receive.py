"""Process a text message from a person: record a clear stop, queue an unclear one for review."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.arrivals import unless_in_future
from suppression.domain.sms.reply_parsing import SmsIntent, SmsReply, parse_reply
from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Evidence, Purpose, Reason
from suppression.storage.engine.clocks import database_now
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.sms.review_queue import add_message
from suppression.usecases.idempotency import StoredResponse, run_once
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.suppressions.all_in_force import all_in_force
from suppression.usecases.suppressions.record import StopAnswer, StopRequest, record_suppressions

_SCOPES = [[Scope(channel=Channel.SMS, purpose=Purpose.MARKETING)]]


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundSms:
    """A text message as an entry point parsed it; `to` is the number or name it was sent to.

    Its text is stored only for review, and only encrypted.
    """

    subject: Subject
    text: str = field(repr=False)
    received_at: datetime | None
    """The time by the gateway's clock, which may stay wrong: None or a future time means now, by
    the database's clock, so that no stop is lost."""
    to: str = field(default="", repr=False)
    ref: str = ""
    encrypted: Callable[[], bytes] = field(repr=False)
    """Returns the encrypted message, to store for review; called for an unclear message only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundAnswer:
    """The meaning of a text message, and its stop: None unless the message is a clear stop."""

    reply: SmsReply
    stop: StopAnswer | None


def receive_sms(
    controller: Controller,
    sms: InboundSms,
    render: Callable[[InboundAnswer], StoredResponse],
    *,
    actor: str,
    now: datetime,
    idempotency_key: IdempotencyKey | None = None,
) -> StoredResponse:
    """Store a clear stop, or an unclear message encrypted for review; return the rendered answer.

    The stop is for marketing by SMS; its reason denies `service` by SMS too (docs/rules.md#m2). No
    other message is stored, and none for the sandbox. Raises the errors of `run_once`.
    """
    sms = dataclasses.replace(sms, received_at=unless_in_future(sms.received_at, now))
    reply = parse_reply(sms.text, to=sms.to)
    request = _suppression_request(sms)
    context = new_audit_context(actor, now=now, ref=sms.ref)

    def take(transaction: Transaction) -> InboundAnswer:
        if reply.understood is SmsIntent.REVIEW and not sms.subject.sandbox:
            received_at = sms.received_at or database_now(transaction)
            add_message(transaction, controller, received_at=received_at, content=sms.encrypted())
        if reply.understood is not SmsIntent.STOP:
            return InboundAnswer(reply=reply, stop=None)
        stop = record_suppressions(transaction, controller, request, _SCOPES, context)
        return InboundAnswer(reply=reply, stop=stop)

    with writing() as transaction:
        return run_once(
            transaction,
            idempotency_key,
            lambda: take(transaction),
            render,
            now=now,
            still_holds=lambda kept_at: _still_holds(
                transaction, controller, request, reply, kept_at=kept_at, now=now
            ),
        )


def _still_holds(
    transaction: Transaction,
    controller: Controller,
    request: StopRequest,
    reply: SmsReply,
    *,
    kept_at: datetime,
    now: datetime,
) -> bool:
    """Return whether the answer stored for this text message is still true and may be replayed."""
    stopping = reply.understood is SmsIntent.STOP
    return not stopping or all_in_force(
        transaction, controller, request, _SCOPES, kept_at=kept_at, now=now
    )


def _suppression_request(sms: InboundSms) -> StopRequest:
    """Return the stop that is stored if the text message turns out to be a clear stop."""
    return StopRequest(
        subjects=(sms.subject,),
        coverage=RequestedScope(channels=(Channel.SMS,)),
        reason=Reason.STOP_KEYWORD,
        evidence=Evidence.INBOUND,
        occurred_at=sms.received_at,
        ref=sms.ref,
    )
