"""Store the stops of the public form. Anybody may submit it, and its stops are in force at once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import RATE_LIMITED, Review, Scope
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import ClientClass, Evidence, Reason
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.unsubscribe.rows import add_review
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.suppressions.record import (
    StopAnswer,
    StopRequest,
    StopResult,
    record_suppressions,
)
from suppression.usecases.unsubscribe.create_confirmation import create_confirmation


@dataclass(frozen=True, kw_only=True, slots=True)
class OptOutFormRequest:
    """The subjects that a form names, and the scopes to stop for each of them, in the same order.

    `over_limit`: whether the sender's network address submitted more forms than a person does.
    """

    subjects: tuple[Subject, ...]
    scopes: tuple[tuple[Scope, ...], ...]
    client_class: ClientClass | None = None
    over_limit: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OptOutFormResult:
    """The stops that a form stored; `code` leads to their confirmation page."""

    code: str
    results: tuple[StopResult, ...]


def stop_by_form(
    controller: Controller, stop: OptOutFormRequest, *, now: datetime
) -> OptOutFormResult:
    """Store all stops of a form in one transaction; return them with their confirmation's code.

    A form sent over the rate limit of its network address (`over_limit`) is stored too, and marked
    for review. The confirmation reveals nothing about earlier stops: a person who types somebody
    else's address must not learn whether that address is on the list.
    """
    context = new_audit_context("form", now=now, client_class=stop.client_class)
    with writing() as transaction:
        answer = record_form(transaction, controller, stop, context)
        code = create_confirmation(
            transaction,
            controller,
            dataclasses.replace(context, recorded_at=answer.recorded_at),
            since=answer.recorded_at,
            stopped=[scope for scopes in stop.scopes for scope in scopes],
        )
    return OptOutFormResult(code=code, results=answer.results)


def record_form(
    transaction: Transaction, controller: Controller, stop: OptOutFormRequest, context: AuditContext
) -> StopAnswer:
    """Store the stops of a form as objections, in the caller's transaction; return the answer.

    The submitted form is their only evidence. A form over the limit is marked for review.
    """
    request = StopRequest(
        subjects=stop.subjects,
        coverage=RequestedScope(channels=None),
        reason=Reason.OBJECTION,
        evidence=Evidence.PUBLIC_FORM,
    )
    scopes = [list(scopes) for scopes in stop.scopes]
    answer = record_suppressions(transaction, controller, request, scopes, context)
    if stop.over_limit:
        at = answer.recorded_at
        review = Review(reference=context.reference, why=RATE_LIMITED, recorded_at=at)
        add_review(transaction, controller, review)
    return answer
