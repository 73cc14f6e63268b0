"""Record a stop that a caller or a command requests, and commit it before the answer is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import InvalidValueError
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.suppressions.scopes import scopes_of
from suppression.storage.engine.database import writing
from suppression.usecases.idempotency import StoredResponse, run_once
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.ledger.check_stated_dates import check_stated_date
from suppression.usecases.suppressions.all_in_force import all_in_force
from suppression.usecases.suppressions.record import (
    StopAnswer,
    StopRequest,
    record_suppressions,
    try_insert_single,
)


def suppress(
    controller: Controller,
    request: StopRequest,
    render: Callable[[StopAnswer], StoredResponse],
    *,
    actor: str,
    now: datetime,
    idempotency_key: IdempotencyKey | None = None,
) -> StoredResponse:
    """Store all stops of a request, or none of them, and return the rendered answer.

    Raises InvalidValueError for impossible dates, an unknown topic, the purpose `service`, missing
    channels, or fields that do not fit each other; ChannelMismatchError for a channel that no
    identifier fits, or an identifier that no channel takes; the errors of `run_once` for
    `idempotency_key`.
    """
    check_stated_date(request.reason, request.occurred_at, request.expires_at, now=now)
    kinds = [subject.kind for subject in request.subjects]
    if request.whole_address and not any(subject.whole_address for subject in request.subjects):
        detail = "Remove this: it belongs to a postal address that did not come hashed."
        raise InvalidValueError.at("/whole_address", detail)
    scopes = scopes_of(request.coverage, kinds, [request.reason])
    context = new_audit_context(actor, now=now, ref=request.ref)
    if idempotency_key is None:
        answer = try_insert_single(controller, request, scopes, context)
        if answer is not None:
            return render(answer)
    with writing() as transaction:
        return run_once(
            transaction,
            idempotency_key,
            lambda: record_suppressions(transaction, controller, request, scopes, context),
            render,
            now=now,
            still_holds=lambda kept_at: all_in_force(
                transaction, controller, request, scopes, kept_at=kept_at, now=now
            ),
        )
