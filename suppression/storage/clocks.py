"""The one clock that dates what we store: the database's own, whatever machine writes.

SQLite has none. Its engine is told another to ask, the machine's, by the name `CLOCK` among its
execution options; so is PostgreSQL's in tests. Why so: docs/decisions/0060-whose-clock.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from suppression.domain.arrivals import FARTHEST_STEP, Arrival
from suppression.domain.fingerprints import Fingerprint
from suppression.domain.suppressions import RecordId
from suppression.domain.vocabulary import ContactEvent
from suppression.storage import letters
from suppression.storage.column_types import as_moment
from suppression.storage.prepared import Source, Statement, rows, told_time
from suppression.storage.standing_rows import array

_POSTGRESQL = "postgresql"
_AGREED = next(
    one for event, one in letters.CONTACT_EVENT.letters if event is ContactEvent.CALLBACK
)
_LAST = datetime.max.replace(tzinfo=UTC) - FARTHEST_STEP
_STEP = f"interval '{int(FARTHEST_STEP.total_seconds())} seconds'"

ARRIVING = f"""SELECT clock.at, GREATEST(
        (SELECT max(given_at) FROM consents WHERE fingerprint = ANY ($2::uuid[])),
        (SELECT max(recorded_at) FROM contact_events
            WHERE fingerprint = ANY ($2::uuid[]) AND type = '{_AGREED}'),
        (SELECT max(given_at) FROM consents WHERE controller_number = $3
            AND given_at > clock.at AND given_at <= clock.at + {_STEP})
    ) AS newest
    FROM (SELECT COALESCE($1::timestamptz, clock_timestamp()) AS at OFFSET 0) AS clock"""  # noqa: S608 - a letter and a number
"""What time it is, and the newest that a stop may have to outrank: in the statement that writes it.

`$1` is the time if the database is told it, `$2` the fingerprints, `$3` the controller.
"""
_ARRIVAL = Statement(
    "arrival",
    f"""SELECT arriving.at, arriving.newest,
    (SELECT max(recorded_at) FROM ledger_entries WHERE record_id = $4::uuid)
    FROM ({ARRIVING}) AS arriving""",  # noqa: S608 - the same
)


@dataclass(frozen=True, slots=True)
class After:
    """Where to look for what a stop without a date of its own may have to outrank."""

    controller: int
    fingerprints: Collection[Fingerprint]


def database_now(source: Source) -> datetime:
    """What time it is by the database's clock."""
    told = told_time(source)
    return told or as_moment(rows(source, Statement("now", "SELECT clock_timestamp()"), ())[0][0])


def earlier_now(source: Source, now: datetime) -> datetime:
    """The earlier of this machine's clock and the database's: what has ended by both is over."""
    return min(now, database_now(source))


def arrival(
    source: Source, *, record_id: RecordId | None = None, after: After | None = None
) -> Arrival:
    """What time it is, what is on record there, and when the record's newest entry was recorded.

    In one statement.
    """
    told = told_time(source)
    if source.dialect.name == _POSTGRESQL:
        return _arrival_by_itself(source, told, record_id, after)
    if told is None:
        raise LookupError("this database has no clock, and was told none")
    if record_id is None and after is None:
        return Arrival(now=told)
    asked: list[object] = list(after.fingerprints) if after else []
    far = min(told, _LAST) + FARTHEST_STEP
    place = [after.controller if after else 0, _written(told), _written(far), record_id or b""]
    given, agreed, ahead, last = map(_moment, rows(source, _listed(len(asked)), asked + place)[0])
    newest = max((one for one in (given, agreed, ahead) if one is not None), default=None)
    return Arrival(now=told, newest=newest, last=last)


def _arrival_by_itself(
    source: Source, told: datetime | None, record_id: RecordId | None, after: After | None
) -> Arrival:
    asked = array(list(after.fingerprints)) if after else "{}"
    record = record_id.hex() if record_id else None
    row = rows(source, _ARRIVAL, [told, asked, after.controller if after else 0, record])[0]
    return Arrival(now=as_moment(row[0]), newest=_moment(row[1]), last=_moment(row[2]))


def _moment(value: Any) -> datetime | None:  # noqa: ANN401 - a driver's own
    return None if value is None else as_moment(value)


def _written(moment: datetime) -> str:
    """As SQLite keeps a moment."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=64)
def _listed(asked: int) -> Statement:
    places = ", ".join(f"${number}" for number in range(1, asked + 1))
    controller, now, far, record = (f"${asked + number}" for number in range(1, 5))
    return Statement(
        "",
        f"""SELECT (SELECT max(given_at) FROM consents WHERE fingerprint IN ({places})),
    (SELECT max(recorded_at) FROM contact_events
        WHERE fingerprint IN ({places}) AND type = '{_AGREED}'),
    (SELECT max(given_at) FROM consents WHERE controller_number = {controller}
        AND given_at > {now} AND given_at <= {far}),
    (SELECT max(recorded_at) FROM ledger_entries WHERE record_id = {record})""",  # noqa: S608 - places
    )
