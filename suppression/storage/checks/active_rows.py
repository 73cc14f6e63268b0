"""Load the suppressions, consents and call events that checks decide on, by fingerprint."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import zip_longest
from typing import NamedTuple, TypeVar

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.consents.model import agreed_before, still_counting
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.active import (
    ActiveConsent,
    ActiveSuppression,
    ContactHistory,
    SubjectState,
)
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, ContactEvent
from suppression.storage.checks.answer_marks import new_mark, require_mark
from suppression.storage.checks.snapshots import one_snapshot
from suppression.storage.checks.statements import (
    CLOCK_ROW,
    STATE_AND_CALLS_QUERY,
    STATE_QUERY,
    list_query,
)
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.column_types import to_datetime, uuid_array
from suppression.storage.engine.prepared_statements import Row, Source, execute, stated_time

_CHUNK = {"sqlite": 500, "postgresql": 50_000}
_STOP, _LIFTED, _CONSENT = "stop", "lifted", "consent"
_EVENTS = {code: event for event, code in codes.CONTACT_EVENT.codes}
Loaded = TypeVar("Loaded")
NOTHING = SubjectState()
"""The state of a fingerprint that has no row."""
_NO_CONTACTS = ContactHistory()


class CallEvent(NamedTuple):
    """A call attempt, a refusal or an agreed time on a channel.

    `at` is when it happened, or the agreed time itself. `agreed_at` is when the person agreed to a
    time; if that is unknown, and for other events, it is when the event was recorded.
    """

    event: ContactEvent
    channel: Channel | None
    at: datetime
    agreed_at: datetime

    def void_by(self, lifted: Iterable[ActiveSuppression]) -> bool:
        """Return whether this is an agreed time that one of `lifted` makes void.

        `lifted` are stops that were released, some of them in force again. Each that applies to
        marketing calls makes the times void that were agreed up to its `last_occurred_at`.
        """
        return self.event is ContactEvent.CALLBACK and agreed_before(self.agreed_at, lifted)


@dataclass(slots=True)
class StateLookup:
    """The suppressions, consents and call events loaded for some checks, by fingerprint."""

    clock: datetime | None = None
    """The database's time, or its substitute's, as the first statement ran; None if unknown."""

    stops: dict[Fingerprint, list[ActiveSuppression]] = field(
        default_factory=partial(defaultdict, list)
    )
    consents: dict[Fingerprint, list[ActiveConsent]] = field(
        default_factory=partial(defaultdict, list)
    )
    events: dict[Fingerprint, list[CallEvent]] = field(default_factory=partial(defaultdict, list))
    voiding: dict[Fingerprint, list[ActiveSuppression]] = field(
        default_factory=partial(defaultdict, list)
    )
    """Stops that were released, some of them in force again.

    Each makes the consents and agreed times to which it applies void up to its `last_occurred_at`,
    which is the stored `consents_void_until` here.
    """

    def without_attempts(self) -> None:
        """Remove all call attempts from this lookup; refusals and agreed times still count."""
        for fingerprint, events in self.events.items():
            self.events[fingerprint] = [
                call_event for call_event in events if call_event.event is not ContactEvent.ATTEMPT
            ]

    under: set[Fingerprint] = field(default_factory=set)
    """Every fingerprint that has at least one row."""

    def state_of(self, check: CheckRequest) -> SubjectState:
        """Return the state under the fingerprints of a check, with the calls on its channel."""
        subject = check.subject
        return self.state_for(
            subject.lookup_fingerprints, subject.consent_fingerprints, check.scope.channel
        )

    def state_for(
        self,
        lookup_fingerprints: Sequence[Fingerprint],
        consent_fingerprints: Sequence[Fingerprint],
        channel: Channel | None,
    ) -> SubjectState:
        """Return the state under these fingerprints; call events count only on `channel`.

        Suppressions and call events are stored under `lookup_fingerprints`, consents under
        `consent_fingerprints`. Leave out consents and agreed times that a released stop made void.
        """
        if self.under.isdisjoint(lookup_fingerprints) and self.under.isdisjoint(
            consent_fingerprints
        ):
            return NOTHING
        events = [
            event for event in _under(self.events, lookup_fingerprints) if event.channel is channel
        ]
        consents: Sequence[ActiveConsent] = _under(self.consents, consent_fingerprints)
        if self.voiding and (consents or events):
            voiding = _under(self.voiding, lookup_fingerprints)
            consents = still_counting(consents, voiding)
            events = [call_event for call_event in events if not call_event.void_by(voiding)]
        return SubjectState(
            suppressions=tuple(_under(self.stops, lookup_fingerprints)),
            consents=tuple(consents),
            contacts=_history(events) if events else _NO_CONTACTS,
        )


def _under(
    rows: Mapping[Fingerprint, Sequence[Loaded]], fingerprints: Iterable[Fingerprint]
) -> list[Loaded]:
    """Return the rows of all these fingerprints, in the order of the fingerprints."""
    return (
        [row for fingerprint in fingerprints for row in rows.get(fingerprint, ())] if rows else []
    )


def look_up_state(
    source: Source,
    checks: Iterable[CheckRequest],
    *,
    call_history_span: timedelta | None,
    now: datetime | None = None,
    lookup_fingerprints: Iterable[Fingerprint] = (),
    consent_fingerprints: Iterable[Fingerprint] = (),
) -> StateLookup:
    """Load the state of all these checks, in as few SQL statements as possible.

    A statement takes at most 50,000 fingerprints (SQLite: 500, all of one moment) of suppressions
    and as many of consents. `lookup_fingerprints` and `consent_fingerprints` are further ones to
    load. Expired rows are loaded too: the decision leaves them out. Call events are loaded back to
    `call_history_span` before the earlier of `now` (by this machine's clock) and the database's
    time; with a span of None, none are loaded. With a span, raise LookupError if SQLite's engine
    has no substitute clock. Raise DatabaseUnavailableError for an answer to another statement.
    """
    lookups, consenting = set(lookup_fingerprints), set(consent_fingerprints)
    for check in checks:
        lookups.update(check.subject.lookup_fingerprints)
        consenting.update(check.subject.consent_fingerprints)
    state_lookup = StateLookup(clock=stated_time(source))
    size = _CHUNK[source.dialect.name]
    chunks = zip_longest(_chunks(lookups, size), _chunks(consenting, size), fillvalue=())
    several = max(len(lookups), len(consenting)) > size
    with one_snapshot(source) if several else nullcontext():
        for lookup_chunk, consent_chunk in chunks:
            for row in _rows(
                source, lookup_chunk, consent_chunk, call_history_span, state_lookup.clock, now
            ):
                _add(state_lookup, row)
    return state_lookup


def state_in_rows(rows: Collection[Row], mark: str) -> StateLookup:
    """Return the state in rows of `STATE_QUERY` or `STATE_AND_CALLS_QUERY`, sent with `mark`.

    Raise DatabaseUnavailableError if they are no answer to that question.
    """
    require_mark(rows, mark)
    state_lookup = StateLookup()
    for row in rows:
        _add(state_lookup, row)
    return state_lookup


def _rows(
    source: Source,
    lookup_fingerprints: Sequence[Fingerprint],
    consent_fingerprints: Sequence[Fingerprint],
    within: timedelta | None,
    stated: datetime | None,
    now: datetime | None = None,
) -> list[Row]:
    if source.dialect.name == "postgresql":
        mark = new_mark()
        parameters: list[object] = [
            uuid_array(lookup_fingerprints),
            uuid_array(consent_fingerprints),
            stated,
            mark,
        ]
        if within is None:
            rows = execute(source, STATE_QUERY, parameters)
        else:
            rows = execute(source, STATE_AND_CALLS_QUERY, [*parameters, within, now])
        require_mark(rows, mark)
        return rows
    parameters = [*lookup_fingerprints, *consent_fingerprints]
    if within is not None:
        if stated is None:
            raise LookupError("this database has no clock, and was told none")
        since = (min(stated, now or stated) - within).astimezone(UTC).replace(tzinfo=None)
        parameters.append(since.isoformat(" ", "microseconds"))
    statement = list_query(
        len(lookup_fingerprints), len(consent_fingerprints), contacts=within is not None
    )
    return execute(source, statement, parameters)


def _add(state_lookup: StateLookup, row: Row) -> None:
    kind, fingerprint, channel, purpose, topic, reason, first, second, third, void_until = row
    if kind == CLOCK_ROW:
        state_lookup.clock = state_lookup.clock or to_datetime(first)
        return
    key = _fingerprint(fingerprint)
    state_lookup.under.add(key)
    scope = _scope(channel, purpose, topic)
    if kind in {_STOP, _LIFTED}:
        stop = ActiveSuppression(
            scope=scope,
            reason=codes.REASON.decode_required(reason),
            since=to_datetime(first),
            last_occurred_at=to_datetime(second),
            expires_at=third and to_datetime(third),
        )
        if kind == _STOP:
            state_lookup.stops[key].append(stop)
        if void_until:
            voiding = dataclasses.replace(stop, last_occurred_at=to_datetime(void_until))
            state_lookup.voiding[key].append(voiding)
    elif kind in _EVENTS:
        event = CallEvent(_EVENTS[kind], scope.channel, to_datetime(first), to_datetime(second))
        state_lookup.events[key].append(event)
    else:
        state_lookup.consents[key].append(
            ActiveConsent(
                scope=scope,
                given_at=to_datetime(first),
                until=third and to_datetime(third),
                lifts=kind == _CONSENT,
            )
        )


@lru_cache(maxsize=1024)
def _scope(channel: str, purpose: str, topic: str) -> Scope:
    return Scope(
        channel=codes.CHANNEL.decode(channel),
        purpose=codes.PURPOSE.decode(purpose),
        topic=topic,
    )


def _history(events: Sequence[CallEvent]) -> ContactHistory:
    def dates_of(event_type: ContactEvent) -> tuple[datetime, ...]:
        return tuple(call_event.at for call_event in events if call_event.event is event_type)

    return ContactHistory(
        attempts=dates_of(ContactEvent.ATTEMPT),
        refusals=dates_of(ContactEvent.REFUSED),
        callbacks=dates_of(ContactEvent.CALLBACK),
    )


def _fingerprint(value: object) -> Fingerprint:
    """Convert the driver's value of a fingerprint column, bytes or a `uuid`, to a Fingerprint."""
    return Fingerprint(
        value if isinstance(value, bytes) else bytes.fromhex(str(value).replace("-", ""))
    )


def _chunks(fingerprints: Collection[Fingerprint], size: int) -> Iterator[Sequence[Fingerprint]]:
    # Unsorted: PostgreSQL needs an order for its index scan, and sorts faster than we do.
    ordered = list(fingerprints)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
