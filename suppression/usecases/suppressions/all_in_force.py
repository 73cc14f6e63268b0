"""Check that the stops of an earlier request are still in force, so its stored response is true."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Scope, Suppression, SuppressionRequest, satisfies
from suppression.domain.vocabulary import Channel
from suppression.storage.consents.rows import has_consent_since
from suppression.storage.engine.database import Transaction
from suppression.storage.suppressions.rows import find_suppressions
from suppression.usecases.suppressions.record import StopRequest, suppression_requests


def all_in_force(
    transaction: Transaction,
    controller: Controller,
    request: StopRequest,
    scopes: list[list[Scope]],
    *,
    now: datetime,
) -> bool:
    """Return whether every stop of a request is in force and no consent since may override it."""
    fingerprints = {
        fingerprint for subject in request.subjects for fingerprint in subject.lookup_fingerprints
    }
    rows = find_suppressions(transaction, fingerprints, for_update=False)
    in_force = [row for row in rows if row.in_force(now)]
    stops = [
        (subject, stop)
        for _, subject, stop in suppression_requests(request, scopes, now=now)
        if not subject.sandbox
    ]
    stored = [
        (subject, row) for subject, stop in stops if (row := _row_of(stop, in_force)) is not None
    ]
    if len(stored) < len(stops):
        return False
    # Repeating a stop that states its own date would not make it newer.
    undated = request.occurred_at is None
    return not (undated and any(_agreed_since(transaction, controller, *pair) for pair in stored))


def _row_of(stop: SuppressionRequest, rows: list[Suppression]) -> Suppression | None:
    return next((row for row in rows if satisfies(row, stop)), None)


def _agreed_since(
    transaction: Transaction, controller: Controller, subject: Subject, row: Suppression
) -> bool:
    """Return whether a consent since may override the row; only e-mail stops can be overridden."""
    if row.scope.channel is not Channel.EMAIL:
        return False
    # Other stops may also cover other variants of the mailbox, or a person behind a partner's hash,
    # whose consents are stored under fingerprints that the stop does not name.
    names_all = subject.scheme == "plain" and len(row.forms) == 1
    return has_consent_since(
        transaction,
        controller,
        row.last_occurred_at,
        subject.all_fingerprints if names_all else None,
    )
