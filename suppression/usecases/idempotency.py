"""Store a request's answer under its Idempotency-Key, in its transaction; replay it on a retry."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from suppression.domain.errors import IdempotencyKeyReusedError
from suppression.domain.idempotency import IdempotencyKey
from suppression.storage.engine.clocks import earlier_now
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.idempotency import claim_or_find, store_response

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredResponse:
    """A response as its entry point sends it: an HTTP status, 0 for a command, and its text.

    `replayed`: whether it was stored for an earlier request with the same Idempotency-Key.
    """

    status: int
    body: str
    replayed: bool = False


def _keep_always(kept_at: datetime) -> bool:
    del kept_at
    return True


def run_once(  # noqa: PLR0913 - the work, its rendering, and when it is still good
    transaction: Transaction,
    idempotency_key: IdempotencyKey | None,
    work: Callable[[], Result],
    render: Callable[[Result], StoredResponse],
    *,
    now: datetime,
    still_holds: Callable[[datetime], bool] = _keep_always,
    holds_for: timedelta | None = None,
) -> StoredResponse:
    """Do the work and render its result, or replay the answer stored for the same key and body.

    A stored answer that is `holds_for` old or older, or for which `still_holds` returns False, is
    not replayed: the work is done again and its answer stored. `still_holds` is called with the
    time of the request that was answered, the earlier of the machine's and the database's. Without
    an `idempotency_key` the work is always done, and no answer is stored. Raises
    IdempotencyKeyReusedError if the key came with another body in the last 48 hours,
    IdempotencyKeyBusyError if an earlier call with the key runs longer than PostgreSQL's lock or
    statement time-out.
    """
    if idempotency_key is None:
        return render(work())
    # By the earlier clock: a fast machine forgets no answer that others would still replay.
    now = earlier_now(transaction, now)
    kept = claim_or_find(transaction, idempotency_key, now=now)
    if kept and not hmac.compare_digest(kept.body_digest, idempotency_key.body_digest):
        raise IdempotencyKeyReusedError
    in_time = kept is not None and (holds_for is None or now < kept.kept_at + holds_for)
    if kept and in_time and still_holds(kept.kept_at):
        return StoredResponse(status=kept.status, body=kept.answer, replayed=True)
    rendered = render(work())
    store_response(
        transaction, idempotency_key, status=rendered.status, answer=rendered.body, now=now
    )
    return rendered
