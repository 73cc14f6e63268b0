"""Read the database's clock, which dates ledger entries and whatever is sent without a date.

Because of this, the order of rows does not depend on the clocks of the machines that write them.

SQLite has no clock. Its engine holds a substitute, the machine's clock, in the execution option
`CLOCK`; tests may give PostgreSQL's engine one too. Reasons: docs/decisions/0060-whose-clock.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import FARTHEST_STEP, EntryDates
from suppression.domain.suppressions.model import RecordId
from suppression.domain.vocabulary import ContactEvent
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.column_types import to_datetime, uuid_array
from suppression.storage.engine.prepared_statements import Source, Statement, execute, stated_time

_POSTGRESQL = "postgresql"
_CALLBACK_CODE = next(
    code for event, code in codes.CONTACT_EVENT.codes if event is ContactEvent.CALLBACK
)
_LATEST_TIME = datetime.max.replace(tzinfo=UTC) - FARTHEST_STEP
_CALLBACK_AHEAD = f"""SELECT max(told.recorded_at) FROM contact_events AS told
            WHERE told.type = '{_CALLBACK_CODE}' AND (
                SELECT controller_number FROM contacts
                WHERE fingerprint = told.fingerprint AND channel = told.channel
            ) = """  # noqa: S608 - a code
"""Unfinished SQL for the latest date on which a call time agreed with a controller was recorded.

The controller's number and a condition on the date have to be appended.
"""
_STEP = f"interval '{int(FARTHEST_STEP.total_seconds())} seconds'"

ARRIVING = f"""SELECT clock.at, GREATEST(
        (SELECT max(given_at) FROM consents WHERE fingerprint = ANY ($2::uuid[])),
        (SELECT max(recorded_at) FROM contact_events
            WHERE fingerprint = ANY ($2::uuid[]) AND (type = '{_CALLBACK_CODE}') IS TRUE),
        (SELECT max(given_at) FROM consents WHERE controller_number = $3
            AND given_at > clock.at AND given_at <= clock.at + {_STEP}),
        ({_CALLBACK_AHEAD} $3
            AND told.recorded_at > clock.at AND told.recorded_at <= clock.at + {_STEP})
    ) AS newest
    FROM (SELECT COALESCE($1::timestamptz, clock_timestamp()) AS at OFFSET 0) AS clock"""  # noqa: S608 - a code and a number
"""SQL for the database's time, and for the newest date that an undated stop must not precede.

`$1` is the time of a substitute clock or NULL, `$2` the fingerprints, `$3` the controller's number.
The newest date is NULL if there is none. IS TRUE keeps PostgreSQL from scanning the index of all
agreed times to read those of a few fingerprints.
"""
_ARRIVAL = Statement(
    "arrival",
    f"""SELECT arriving.at, arriving.newest,
    (SELECT max(recorded_at) FROM ledger_entries WHERE record_id = $4::uuid)
    FROM ({ARRIVING}) AS arriving""",  # noqa: S608 - as above
)


@dataclass(frozen=True, slots=True)
class AfterRows:
    """The controller and fingerprints whose consents and agreed call times date an undated stop.

    The stop is dated no earlier than any consent under these fingerprints was given, or any call
    time agreed under them was recorded. The controller's other consents and agreed times count only
    if they are dated ahead of the database's clock, by at most a day (FARTHEST_STEP).
    """

    controller: int
    fingerprints: Collection[Fingerprint]


def database_now(source: Source) -> datetime:
    """Return the present time, aware: the substitute clock's if there is one, else the database's.

    Raise sqlite3's or SQLAlchemy's OperationalError on SQLite without a substitute.
    """
    stated = stated_time(source)
    return stated or to_datetime(
        execute(source, Statement("now", "SELECT clock_timestamp()"), ())[0][0]
    )


def earlier_now(source: Source, now: datetime) -> datetime:
    """Return the earlier of `now`, an aware time of the machine's clock, and the database's time.

    What has ended at that time has ended by both clocks.
    """
    return min(now, database_now(source))


def later_now(source: Source, now: datetime) -> datetime:
    """Return the later of `now`, an aware time of the machine's clock, and the database's time.

    What is still possible at that time is possible by both clocks.
    """
    return max(now, database_now(source))


def entry_dates(
    source: Source, *, record_id: RecordId | None = None, after: AfterRows | None = None
) -> EntryDates:
    """Return the database's time and the dates that a new entry must not precede, in one statement.

    `newest` is the latest date of the consents and agreed times that count for `after`; an agreed
    time's date is that of its recording. `last` is when the newest entry of `record_id` was
    recorded. Each is None if there is none, or if its parameter is None. Raise LookupError if the
    database has neither clock nor substitute.
    """
    now = stated_time(source)
    if source.dialect.name == _POSTGRESQL:
        return _postgresql_entry_dates(source, now, record_id, after)
    if now is None:
        raise LookupError("this database has no clock, and was told none")
    if record_id is None and after is None:
        return EntryDates(now=now)
    parameters: list[object] = list(after.fingerprints) if after else []
    horizon = min(now, _LATEST_TIME) + FARTHEST_STEP
    others = [
        after.controller if after else 0,
        _sqlite_text(now),
        _sqlite_text(horizon),
        record_id or b"",
    ]
    row = execute(source, _sqlite_arrival(len(parameters)), parameters + others)[0]
    *newest, last = [None if value is None else to_datetime(value) for value in row]
    return EntryDates(now=now, newest=max(filter(None, newest), default=None), last=last)


def _postgresql_entry_dates(
    source: Source, stated: datetime | None, record_id: RecordId | None, after: AfterRows | None
) -> EntryDates:
    fingerprints = uuid_array(list(after.fingerprints)) if after else "{}"
    record_hex = record_id.hex() if record_id else None
    row = execute(
        source, _ARRIVAL, [stated, fingerprints, after.controller if after else 0, record_hex]
    )[0]
    newest, last = [None if value is None else to_datetime(value) for value in row[1:]]
    return EntryDates(now=to_datetime(row[0]), newest=newest, last=last)


def _sqlite_text(instant: datetime) -> str:
    """Return a datetime as the ISO text, in UTC and without a zone, that SQLite stores."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=64)
def _sqlite_arrival(count: int) -> Statement:
    placeholders = ", ".join(f"${number}" for number in range(1, count + 1))
    controller, now, horizon, record = (f"${count + number}" for number in range(1, 5))
    return Statement(
        "",
        f"""SELECT (SELECT max(given_at) FROM consents WHERE fingerprint IN ({placeholders})),
    (SELECT max(recorded_at) FROM contact_events
        WHERE fingerprint IN ({placeholders}) AND type = '{_CALLBACK_CODE}'),
    (SELECT max(given_at) FROM consents WHERE controller_number = {controller}
        AND given_at > {now} AND given_at <= {horizon}),
    ({_CALLBACK_AHEAD} {controller}
        AND told.recorded_at > {now} AND told.recorded_at <= {horizon}),
    (SELECT max(recorded_at) FROM ledger_entries WHERE record_id = {record})""",  # noqa: S608 - placeholders
    )
