"""Show text messages that may be stops, and store a user's decision on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from suppression.domain.calendar.months import months_after
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import (
    DatabaseUnavailableError,
    KeyMismatchError,
    NotFoundError,
    SuppressionError,
)
from suppression.domain.retention import UNDECIDED_TEXTS_KEPT_MONTHS
from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.users.model import User
from suppression.domain.vocabulary import Channel, Evidence, Kind, Purpose, Reason
from suppression.storage.controllers.rows import load_controllers
from suppression.storage.engine.database import reading, writing
from suppression.storage.sms.review_queue import (
    StoredMessage,
    count_undecided,
    list_undecided,
    mark_decided,
)
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.services import Services
from suppression.usecases.suppressions.record import StopRequest, record_suppressions

LONGEST_KEPT = 1600
"""The most characters stored of a message: ten joined text messages, more than anybody reads."""
_SCOPES = [[Scope(channel=Channel.SMS, purpose=Purpose.MARKETING)]]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnclearMessage:
    """A text message that waits for a user's decision.

    `cut`: whether its end was not stored. If no case key decrypts the message, `readable` is False,
    and sender and text are ''.
    """

    number: int
    received_at: datetime
    sender: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    cut: bool = False
    readable: bool = True


def encrypted_message(
    services: Services, controller: Controller, *, sender: str, text: str, country: str | None
) -> bytes:
    """Return a message's sender, country and first LONGEST_KEPT characters, encrypted.

    `country` is that of a sender's national number, None for the controller's.
    """
    content = {
        "sender": sender,
        "text": text[:LONGEST_KEPT],
        "cut": len(text) > LONGEST_KEPT,
        "country": country,
    }
    return services.cipher.encrypt(content, bound=_encryption_context(controller))


def count_unclear(controller: Controller) -> int:
    """Return how many text messages wait for a user's decision."""
    with reading() as transaction:
        return count_undecided(transaction, controller)


def list_unclear(services: Services, controller: Controller) -> list[UnclearMessage]:
    """Return the text messages that wait for a decision, oldest first.

    One that no case key decrypts is among them, not readable.
    """
    with reading() as transaction:
        stored = list_undecided(transaction, controller)
    return [_decrypted(services, controller, stored_message) for stored_message in stored]


def _decrypted(
    services: Services, controller: Controller, stored_message: StoredMessage
) -> UnclearMessage:
    number, received_at = stored_message.number, stored_message.received_at
    try:
        content = services.cipher.decrypt(
            stored_message.content, bound=_encryption_context(controller)
        )
    except KeyMismatchError:
        return UnclearMessage(number=number, received_at=received_at, readable=False)
    return UnclearMessage(
        number=number,
        received_at=received_at,
        sender=content["sender"],
        text=content["text"],
        cut=content.get("cut", False),
    )


def decide_unclear(
    services: Services,
    controller: Controller,
    number: int,
    *,
    is_stop: bool,
    by: User,
    now: datetime,
) -> None:
    """Store whether a message was a stop, and the stop if it was; delete the message's content.

    Raises NotFoundError if no message with this number waits for a decision; KeyMismatchError if no
    case key decrypts the message, which nobody can have read then; for a stop IdentifierParseError
    if its sender cannot be parsed as a number by this version.
    """
    _decide(services, controller, number, is_stop=is_stop, actor=by.actor, now=now)


def settle_overdue(services: Services, *, now: datetime) -> int:
    """Store a stop for each message that nobody decided for three months; return how many.

    Each message's content is deleted. Deleting it without storing a stop could lose a stop, so a
    message that fails is kept. Raises the first failure once all others are settled:
    KeyMismatchError if no case key decrypts a message, IdentifierParseError if its sender cannot be
    parsed as a number. Raises DatabaseUnavailableError at once.
    """
    oldest = months_after(now, -UNDECIDED_TEXTS_KEPT_MONTHS)
    settled, failures = 0, list[SuppressionError]()
    with reading() as transaction:
        overdue = [
            (controller, stored_message.number)
            for controller in load_controllers(transaction)
            for stored_message in list_undecided(transaction, controller)
            if stored_message.received_at < oldest
        ]
    for controller, number in overdue:
        try:
            _decide(services, controller, number, is_stop=True, actor="worker", now=now)
        except NotFoundError:
            continue  # decided meanwhile
        except DatabaseUnavailableError:
            raise
        except SuppressionError as error:
            failures.append(error)
        else:
            settled += 1
    if failures:
        raise failures[0]
    return settled


def _decide(
    services: Services,
    controller: Controller,
    number: int,
    *,
    is_stop: bool,
    actor: str,
    now: datetime,
) -> None:
    with writing() as transaction:
        waiting = list_undecided(transaction, controller, only=number)
        if not waiting:
            raise NotFoundError
        content = services.cipher.decrypt(waiting[0].content, bound=_encryption_context(controller))
        if is_stop:
            subject = services.subject(
                controller, Kind.PHONE, content["sender"], country=content["country"]
            )
            request = StopRequest(
                subjects=(subject,),
                coverage=RequestedScope(channels=(Channel.SMS,)),
                reason=Reason.STOP_KEYWORD,
                evidence=Evidence.INBOUND,
                occurred_at=waiting[0].received_at,
            )
            context = new_audit_context(actor, now=now)
            record_suppressions(transaction, controller, request, _SCOPES, context)
        mark_decided(transaction, number, was_stop=is_stop, actor=actor, now=now)


def _encryption_context(controller: Controller) -> str:
    return f"sms:{controller.slug}"
