"""Record one person's consent with its proof, and commit it before the answer is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.ledger.entries import AuditContext
from suppression.storage.controllers.policies import current_policies
from suppression.storage.engine.database import Transaction, writing
from suppression.usecases.consents.record import (
    ConsentRequest,
    RecordedConsent,
    check_dates_under,
    record_consents,
)
from suppression.usecases.controllers.topics import check_topics
from suppression.usecases.idempotency import StoredResponse, run_once
from suppression.usecases.ledger.append import dated_by_database, new_audit_context


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentAnswer:
    """The result of recording consents: their reference, and a result per scope."""

    reference: str
    results: tuple[RecordedConsent, ...]


def add_consent(  # noqa: PLR0913 - what a request is made of
    controller: Controller,
    request: ConsentRequest,
    render: Callable[[ConsentAnswer], StoredResponse],
    *,
    actor: str,
    now: datetime,
    ref: str = "",
    idempotency_key: IdempotencyKey | None = None,
) -> StoredResponse:
    """Store all consents of a request, or none of them, and return the rendered answer.

    `ref` is the caller's own reference, for the ledger. Raises InvalidValueError for an unknown
    topic or impossible dates, ValueError for a subject that has no `consent_key`, and the errors of
    `run_once` for `idempotency_key`.
    """
    context = new_audit_context(actor, now=now, ref=ref)
    with writing() as transaction:
        return run_once(
            transaction,
            idempotency_key,
            lambda: _add(transaction, controller, request, context),
            render,
            now=now,
        )


def _add(
    transaction: Transaction, controller: Controller, request: ConsentRequest, context: AuditContext
) -> ConsentAnswer:
    check_topics(transaction, controller, request.scopes)
    policies = current_policies(transaction, controller).policies
    context = dated_by_database(transaction, context)
    check_dates_under(policies, request, now=context.recorded_at)
    (results,) = record_consents(transaction, controller, [request], context, policies=policies)
    return ConsentAnswer(reference=context.reference, results=results)
