"""Check that an earlier request's own stops are still in force, so its stored answer is true."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.consents.model import CALLS
from suppression.domain.controllers.model import Controller
from suppression.domain.suppressions.active import applies
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    Suppression,
    SuppressionRequest,
    satisfies,
)
from suppression.domain.suppressions.releases import as_active
from suppression.storage.calls.rows import callback_since
from suppression.storage.consents.rows import consent_since
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import released_since
from suppression.storage.suppressions.rows import find_suppressions
from suppression.usecases.suppressions.record import StopRequest, suppression_requests


def all_in_force(
    transaction: Transaction,
    controller: Controller,
    request: StopRequest,
    scopes: list[list[Scope]],
    *,
    kept_at: datetime,
    now: datetime,
) -> bool:
    """Return whether the stored answer to a stop request is still true and may be replayed.

    `scopes` holds one list per identifier; `kept_at` is the time of the earlier request. Every stop
    outside the sandbox must be in force, with all its fingerprints and an end no earlier than the
    request's, and must not have been released since `kept_at`: if another stop opened its row
    again, the row has no trace of this request, and whatever ends that other stop would end this
    one too. If the request states no date, the controller may have no newer consent or agreed time
    (`_agreed_since`), because the stops of a repeated request would be newer.
    """
    fingerprints = {
        fingerprint for subject in request.subjects for fingerprint in subject.lookup_fingerprints
    }
    rows = find_suppressions(transaction, fingerprints, for_update=False)
    active = [row for row in rows if row.in_force(now)]
    stops = [
        stop
        for _, subject, stop in suppression_requests(request, scopes, now=now)
        if not subject.sandbox
    ]
    covering = [row for stop in stops if (row := _row_of(stop, active)) is not None]
    if len(covering) < len(stops):
        return False
    if released_since(transaction, _records_of(covering, rows), kept_at):
        return False
    # Repeating a stop that states its own date would not make it newer.
    if request.occurred_at is not None or not covering:
        return True
    return not _agreed_since(transaction, controller, covering)


def _row_of(stop: SuppressionRequest, rows: list[Suppression]) -> Suppression | None:
    return next((row for row in rows if satisfies(row, stop)), None)


def _records_of(covering: list[Suppression], rows: list[Suppression]) -> list[RecordId]:
    """Return the record ids of `covering`, and of rows set aside for them (`source_set_aside`).

    The next stop after a release as reassigned begins a new record, which has no release.
    """
    keys = {(row.primary, row.scope, row.reason, row.origin) for row in covering}
    return [
        row.record_id for row in rows if (row.primary, row.scope, row.reason, row.origin) in keys
    ]


def _agreed_since(
    transaction: Transaction, controller: Controller, rows: list[Suppression]
) -> bool:
    """Return whether the controller has a consent or agreed time newer than the oldest of the rows.

    A row is dated by its `last_occurred_at`, an agreed time by when it was recorded. The consents
    of all people count, unless they ended early, because a row may cover other spellings of its
    mailbox, or a person behind a partner's hash, whose fingerprints the row does not name. Agreed
    times count only if one of the rows stops calls.
    """
    since = min(row.last_occurred_at for row in rows)
    of_calls = any(applies(as_active(row), CALLS) for row in rows)
    return consent_since(transaction, controller, since) or (
        of_calls and callback_since(transaction, controller, since)
    )
