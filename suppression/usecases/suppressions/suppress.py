"""Record a stop that a caller or a command asks for: durable before any answer leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import Fault, InvalidValueError
from suppression.domain.idempotency import Claim
from suppression.domain.suppressions.scopes import extents_of
from suppression.storage.engine.database import writing
from suppression.usecases.idempotency import Rendered, answer_once
from suppression.usecases.ledger.check_stated_dates import check_stated
from suppression.usecases.suppressions.all_in_force import all_stand
from suppression.usecases.suppressions.record import (
    StopAnswer,
    StopRequest,
    new_deed,
    record_at_once,
    record_stops,
)


def suppress(
    controller: Controller,
    request: StopRequest,
    render: Callable[[StopAnswer], Rendered],
    *,
    actor: str,
    now: datetime,
    claim: Claim | None = None,
) -> Rendered:
    """Store a stop. All of the request is stored, or none of it."""
    check_stated(request.reason, request.occurred_at, request.expires_at, now=now)
    kinds = [subject.kind for subject in request.subjects]
    if request.whole_address and not any(one.whole_address for one in request.subjects):
        detail = "Remove this: it belongs to a postal address that did not come hashed."
        raise InvalidValueError(faults=(Fault(pointer="/whole_address", detail=detail),))
    extents = extents_of(request.coverage, kinds, [request.reason])
    deed = new_deed(actor, now=now, ref=request.ref)
    if claim is None:
        answer = record_at_once(controller, request, extents, deed)
        if answer is not None:
            return render(answer)
    with writing() as transaction:
        return answer_once(
            transaction,
            claim,
            lambda: record_stops(transaction, controller, request, extents, deed),
            render,
            now=now,
            still_holds=lambda: all_stand(transaction, controller, request, extents, now=now),
        )
