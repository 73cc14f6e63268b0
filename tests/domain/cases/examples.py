"""Example cases for tests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from suppression.domain.cases.model import Case, RequestReceived, new_case
from suppression.domain.cases.transitions import StepContext
from suppression.domain.cases.vocabulary import CameBy, CaseKind
from suppression.domain.vocabulary import Channel, Kind

RECEIVED = date(2026, 11, 2)
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AT = StepContext(now=NOW, today=TODAY, country="FR", actor="user:1")


def example_case(
    kind: CaseKind,
    *,
    wanted: tuple[Channel, ...] = (),
    readable: Collection[Kind] = (),
    unreadable: Collection[Kind] = (),
    received_on: date = RECEIVED,
) -> Case:
    """Return a case that has just been opened, for a request by letter."""
    return new_case(
        RequestReceived(
            kind=kind,
            came_by=CameBy.LETTER,
            received_on=received_on,
            wanted=wanted,
            readable=frozenset(readable),
            unreadable=frozenset(unreadable),
        ),
        reference="2345-6789-ABCD",
        country="FR",
        now=NOW,
        actor="user:1",
    )
