"""Whether what a request once stopped is stopped still, so that its kept answer is still true."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Extent, Stop, Suppression, holds
from suppression.domain.vocabulary import Channel
from suppression.storage.consents.rows import consent_since
from suppression.storage.engine.database import Transaction
from suppression.storage.suppressions.rows import suppressions_under
from suppression.usecases.suppressions.record import StopRequest, stops_of


def all_stand(
    transaction: Transaction,
    controller: Controller,
    request: StopRequest,
    extents: list[list[Extent]],
    *,
    now: datetime,
) -> bool:
    """Whether every stop of a request is on the list, in force, and lifted by no consent since."""
    asked = {one for subject in request.subjects for one in subject.asked}
    rows = suppressions_under(transaction, asked, for_update=False)
    standing = [row for row in rows if row.in_force(now)]
    stops = [one for one in stops_of(request, extents, now=now) if not one[1].sandbox]
    found = [
        (subject, row) for _, subject, stop in stops if (row := _row_of(stop, standing)) is not None
    ]
    if len(found) < len(stops):
        return False
    # A stop with a date of its own would be no newer for being said again.
    undated = request.occurred_at is None
    return not (undated and any(_agreed_since(transaction, controller, *one) for one in found))


def _row_of(stop: Stop, rows: list[Suppression]) -> Suppression | None:
    return next((row for row in rows if holds(row, stop)), None)


def _agreed_since(
    transaction: Transaction, controller: Controller, subject: Subject, row: Suppression
) -> bool:
    """Whether a consent may have lifted the row; on e-mail alone one can."""
    if row.extent.channel is not Channel.EMAIL:
        return False
    # Whoever else such a stop closes, another writing of the mailbox or somebody behind a partner's
    # hash, has consents under fingerprints that it does not name.
    names_all = subject.scheme == "plain" and len(row.forms) == 1
    return consent_since(
        transaction, controller, row.last_occurred_at, subject.every if names_all else None
    )
