"""Whether what a request once stopped is stopped still, so that its kept answer is still true."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Scope, Suppression, SuppressionRequest, satisfies
from suppression.domain.vocabulary import Channel
from suppression.storage.consents.rows import newest_consent_since
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
    """Whether every stop of a request is on the list, in force, and lifted by no consent since."""
    asked = {
        fingerprint for subject in request.subjects for fingerprint in subject.lookup_fingerprints
    }
    rows = find_suppressions(transaction, asked, for_update=False)
    standing = [row for row in rows if row.in_force(now)]
    stops = [one for one in suppression_requests(request, scopes, now=now) if not one[1].sandbox]
    found = [
        (subject, row) for _, subject, stop in stops if (row := _row_of(stop, standing)) is not None
    ]
    if len(found) < len(stops):
        return False
    # A stop with a date of its own would be no newer for being said again.
    undated = request.occurred_at is None
    return not (undated and any(_agreed_since(transaction, controller, *one) for one in found))


def _row_of(stop: SuppressionRequest, rows: list[Suppression]) -> Suppression | None:
    return next((row for row in rows if satisfies(row, stop)), None)


def _agreed_since(
    transaction: Transaction, controller: Controller, subject: Subject, row: Suppression
) -> bool:
    """Whether a consent may have lifted the row; on e-mail alone one can."""
    if row.scope.channel is not Channel.EMAIL:
        return False
    # Whoever else such a stop closes, another writing of the mailbox or somebody behind a partner's
    # hash, has consents under fingerprints that it does not name.
    names_all = subject.scheme == "plain" and len(row.forms) == 1
    return newest_consent_since(
        transaction,
        controller,
        row.last_occurred_at,
        subject.all_fingerprints if names_all else None,
    )
