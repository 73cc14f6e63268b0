"""Determine whether a case may hold stops of several people, who share an identifier."""

from __future__ import annotations

from collections.abc import Sequence

from suppression.domain.cases.contents import TimelineEvent
from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.suppressions.model import Suppression
from suppression.domain.suppressions.same_people import may_be_of_several_people
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import entries_about_records


def is_of_several_people(
    transaction: Transaction, events: Sequence[TimelineEvent], stops: Sequence[Suppression]
) -> bool:
    """Return whether the `stops` of a case with these events may be of several people.

    They may if a repeat of the request brought other identifiers, whose stops are not released.
    """
    if all(event.event is not CaseEvent.REPEATED for event in events):
        return False
    in_force = [row for row in stops if row.released_at is None]
    entries = entries_about_records(transaction, [row.record_id for row in in_force])
    requests = {
        row.record_id: frozenset(
            entry.context.reference for entry in entries if entry.record_id == row.record_id
        )
        for row in in_force
    }
    return may_be_of_several_people(in_force, requests)
