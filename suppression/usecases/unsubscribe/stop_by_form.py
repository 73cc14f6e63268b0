"""Stop what a person wrote into the public form: in force at once, for whomever it names."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import Extent
from suppression.domain.suppressions.reviews import RATE_LIMITED, Review
from suppression.domain.suppressions.scopes import Coverage
from suppression.domain.vocabulary import ClientClass, Evidence, Reason
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.unsubscribe.rows import add_review
from suppression.usecases.suppressions.record import (
    StopAnswer,
    StopRequest,
    StopResult,
    new_deed,
    record_stops,
)
from suppression.usecases.unsubscribe.create_confirmation import confirm


@dataclass(frozen=True, kw_only=True, slots=True)
class FormStop:
    """Whom the form names, and what stops for each of them, in the same order.

    `over_limit`: more came from that address than a person sends.
    """

    subjects: tuple[Subject, ...]
    extents: tuple[tuple[Extent, ...], ...]
    client_class: ClientClass | None = None
    over_limit: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FormStopped:
    """A stop that is stored; `code` leads to its page."""

    code: str
    results: tuple[StopResult, ...]


def stop_by_form(controller: Controller, stop: FormStop, *, now: datetime) -> FormStopped:
    """Store every stop of the form, or none; past the limit too, marked for review.

    The page tells nothing of what stood before: whether somebody is on the list is not for
    whoever types their address.
    """
    deed = new_deed("form", now=now, client_class=stop.client_class)
    with writing() as transaction:
        answer = record_form(transaction, controller, stop, deed)
        code = confirm(
            transaction,
            controller,
            dataclasses.replace(deed, recorded_at=answer.recorded_at),
            since=answer.recorded_at,
            stopped=[extent for extents in stop.extents for extent in extents],
        )
    return FormStopped(code=code, results=answer.results)


def record_form(
    transaction: Transaction, controller: Controller, stop: FormStop, deed: AuditContext
) -> StopAnswer:
    """Write what a person typed: an objection, proven by nothing but that they wrote it."""
    request = StopRequest(
        subjects=stop.subjects,
        coverage=Coverage(channels=None),
        reason=Reason.OBJECTION,
        evidence=Evidence.PUBLIC_FORM,
    )
    extents = [list(extents) for extents in stop.extents]
    answer = record_stops(transaction, controller, request, extents, deed)
    if stop.over_limit:
        at = answer.recorded_at
        review = Review(reference=deed.reference, why=RATE_LIMITED, recorded_at=at)
        add_review(transaction, controller, review)
    return answer
