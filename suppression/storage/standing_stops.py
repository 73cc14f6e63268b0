"""What every check asks for: the stops that stand under some fingerprints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from suppression.domain.decisions import StandingStop
from suppression.domain.fingerprints import Fingerprint
from suppression.domain.suppressions import Extent
from suppression.storage.database import Transaction
from suppression.storage.suppression_tables import (
    FORM_KEY,
    ROW_KEY,
    DbSuppression,
    DbSuppressionForm,
)

_CHUNK = 500

StandingStops = Mapping[Fingerprint, Sequence[StandingStop]]


def standing_stops(transaction: Transaction, fingerprints: Iterable[Fingerprint]) -> StandingStops:
    """Every stop that was not released, by the fingerprint that was asked.

    Stops that ended by themselves are among them: the decision knows the time, this does not.
    """
    found: dict[Fingerprint, list[StandingStop]] = defaultdict(list)
    for chunk in _chunks(sorted(set(fingerprints))):
        statement = union_all(
            _stops(DbSuppression.fingerprint).where(DbSuppression.fingerprint.in_(chunk)),
            _stops(DbSuppressionForm.fingerprint)
            .join_from(DbSuppressionForm, DbSuppression, _same_row())
            .where(DbSuppressionForm.fingerprint.in_(chunk)),
        )
        for row in transaction.execute(statement):
            asked, channel, purpose, topic, reason, since, end = row
            extent = Extent(channel=channel, purpose=purpose, topic=topic)
            stop = StandingStop(extent=extent, reason=reason, since=since, expires_at=end)
            found[Fingerprint(asked)].append(stop)
    return found


def _stops(asked: InstrumentedAttribute[bytes]) -> Select[*tuple[Any, ...]]:
    row = DbSuppression
    columns = (row.channel, row.purpose, row.topic, row.reason, row.occurred_at, row.expires_at)
    return select(asked, *columns).where(row.released_at.is_(None))


def _same_row() -> ColumnElement[bool]:
    return and_(
        *(
            getattr(DbSuppressionForm, form) == getattr(DbSuppression, row)
            for form, row in zip(FORM_KEY, ROW_KEY, strict=True)
        )
    )


def _chunks(fingerprints: Sequence[Fingerprint]) -> Iterator[Sequence[Fingerprint]]:
    for start in range(0, len(fingerprints), _CHUNK):
        yield fingerprints[start : start + _CHUNK]
