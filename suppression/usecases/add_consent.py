"""Record one person's consent with its proof: stored before any answer leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.controllers import Controller
from suppression.domain.idempotency import Claim
from suppression.domain.ledger import Deed
from suppression.storage.database import Transaction, writing
from suppression.storage.policy_rows import policies_of
from suppression.usecases.answer_once import Rendered, answer_once
from suppression.usecases.in_order import by_database
from suppression.usecases.known_topics import check_topics
from suppression.usecases.record_consents import (
    ConsentRequest,
    RecordedConsent,
    check_dates_under,
    record_consents,
)
from suppression.usecases.record_stops import new_deed


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentAnswer:
    """The reference to keep, and a result per channel and topic."""

    reference: str
    results: tuple[RecordedConsent, ...]


def add_consent(  # noqa: PLR0913 - what a request is made of
    controller: Controller,
    request: ConsentRequest,
    render: Callable[[ConsentAnswer], Rendered],
    *,
    actor: str,
    now: datetime,
    ref: str = "",
    claim: Claim | None = None,
) -> Rendered:
    """Store a consent. All of the request is stored, or none of it."""
    deed = new_deed(actor, now=now, ref=ref)
    with writing() as transaction:
        return answer_once(
            transaction,
            claim,
            lambda: _add(transaction, controller, request, deed),
            render,
            now=now,
        )


def _add(
    transaction: Transaction, controller: Controller, request: ConsentRequest, deed: Deed
) -> ConsentAnswer:
    check_topics(transaction, controller, request.extents)
    policies = policies_of(transaction, controller).policies
    deed = by_database(transaction, deed)
    check_dates_under(policies, request, now=deed.recorded_at)
    (results,) = record_consents(transaction, controller, [request], deed, policies=policies)
    return ConsentAnswer(reference=deed.reference, results=results)
