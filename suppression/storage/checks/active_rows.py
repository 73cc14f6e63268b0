"""What every check asks for: all that stands under some fingerprints, in one statement."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

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
from suppression.storage.checks.statements import (
    CLOCK_ARM,
    STANDING,
    STANDING_AND_CONTACTS,
    listed,
)
from suppression.storage.engine import enum_codes as letters
from suppression.storage.engine.column_types import to_datetime, uuid_array
from suppression.storage.engine.prepared_statements import Row, Source, execute, stated_time

_CHUNK = {"sqlite": 500, "postgresql": 50_000}
_STOP, _LIFTED, _CONSENT = "stop", "lifted", "consent"
_EVENTS = {letter: event for event, letter in letters.CONTACT_EVENT.letters}
NOTHING = SubjectState()
"""What stands under a fingerprint that has no row."""
_NO_CONTACTS = ContactHistory()


class CallEvent(NamedTuple):
    """An attempt, a refusal or an agreed time on a channel: when it is, and when it was told."""

    event: ContactEvent
    channel: Channel | None
    at: datetime
    recorded_at: datetime

    def void_by(self, lifted: Iterable[ActiveSuppression]) -> bool:
        """Whether it is a time that was agreed to before a stop which was lifted since."""
        return self.event is ContactEvent.CALLBACK and agreed_before(self.recorded_at, lifted)


@dataclass(slots=True)
class StateLookup:
    """What was found, by the fingerprint that was asked."""

    clock: datetime | None = None
    """What time it was by the database's clock as this was read."""

    stops: dict[Fingerprint, list[ActiveSuppression]] = field(
        default_factory=lambda: defaultdict(list)
    )
    consents: dict[Fingerprint, list[ActiveConsent]] = field(
        default_factory=lambda: defaultdict(list)
    )
    events: dict[Fingerprint, list[CallEvent]] = field(default_factory=lambda: defaultdict(list))
    voiding: dict[Fingerprint, list[ActiveSuppression]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """What lets consents and agreed times up to its last date count no more, though lifted."""

    def without_attempts(self) -> None:
        """Let no attempt count; refusals and agreed times still do."""
        for fingerprint, events in self.events.items():
            self.events[fingerprint] = [
                call_event for call_event in events if call_event.event is not ContactEvent.ATTEMPT
            ]

    under: set[Fingerprint] = field(default_factory=set)
    """Every fingerprint under which anything was found."""

    def state_of(self, question: CheckRequest) -> SubjectState:
        """All that stands under the fingerprints of one question."""
        subject = question.subject
        return self.state_for(
            subject.lookup_fingerprints, subject.consent_fingerprints, question.scope.channel
        )

    def state_for(
        self,
        asked: Sequence[Fingerprint],
        given: Sequence[Fingerprint],
        channel: Channel | None,
    ) -> SubjectState:
        """All that stands under what one question asks, of stops and calls and of consents."""
        if self.under.isdisjoint(asked) and self.under.isdisjoint(given):
            return NOTHING
        events = [
            event
            for fingerprint in (asked if self.events else ())
            for event in self.events.get(fingerprint, ())
            if event.channel is channel
        ]
        consents = [
            consent for fingerprint in given for consent in self.consents.get(fingerprint, ())
        ]
        if self.voiding and (consents or events):
            voiding = [stop for fingerprint in asked for stop in self.voiding.get(fingerprint, ())]
            consents = still_counting(consents, voiding)
            events = [call_event for call_event in events if not call_event.void_by(voiding)]
        return SubjectState(
            suppressions=tuple(
                [stop for fingerprint in asked for stop in self.stops.get(fingerprint, ())]
            ),
            consents=tuple(consents),
            contacts=_history(events) if events else _NO_CONTACTS,
        )


def look_up_state(
    source: Source,
    questions: Iterable[CheckRequest],
    *,
    call_history_span: timedelta | None,
    asked: Iterable[Fingerprint] = (),
    consents: Iterable[Fingerprint] = (),
) -> StateLookup:
    """What stands under all these questions, in one statement (on SQLite for 500 fingerprints).

    And under further fingerprints that stops (`asked`) and consents may be kept under.

    Stops and consents that ended by themselves are among it: the decision knows the time, this
    does not. Calls are read only back to `call_history_span`, and not at all where it is None.
    """
    stopped, given = set(asked), set(consents)
    for question in questions:
        stopped.update(question.subject.lookup_fingerprints)
        given.update(question.subject.consent_fingerprints)
    state_lookup = StateLookup(clock=stated_time(source))
    size = _CHUNK[source.dialect.name]
    chunks = zip_longest(_chunks(stopped, size), _chunks(given, size), fillvalue=())
    for some, consented in chunks:
        for row in _rows(source, some, consented, call_history_span, state_lookup.clock):
            _add(state_lookup, row)
    return state_lookup


def state_in_rows(found_rows: Iterable[Row]) -> StateLookup:
    """The same, of rows that were read already."""
    state_lookup = StateLookup()
    for row in found_rows:
        _add(state_lookup, row)
    return state_lookup


def active_suppressions(source: Source, asked: Collection[Fingerprint]) -> list[ActiveSuppression]:
    """The stops alone, of a few fingerprints."""
    state_lookup = StateLookup()
    for row in _rows(source, sorted(asked), (), None, None):
        if row[0] == _STOP:
            _add(state_lookup, row)
    return [stop for stops in state_lookup.stops.values() for stop in stops]


def _rows(
    source: Source,
    asked: Sequence[Fingerprint],
    given: Sequence[Fingerprint],
    within: timedelta | None,
    told: datetime | None,
) -> list[Row]:
    if source.dialect.name == "postgresql":
        parameters: list[object] = [uuid_array(asked), uuid_array(given), told]
        if within is None:
            return execute(source, STANDING, parameters)
        return execute(source, STANDING_AND_CONTACTS, [*parameters, within])
    parameters = [*asked, *given]
    if within is not None:
        if told is None:
            raise LookupError("this database has no clock, and was told none")
        since = (told - within).astimezone(UTC).replace(tzinfo=None)
        parameters.append(since.isoformat(" ", "microseconds"))
    statement = listed(len(asked), len(given), contacts=within is not None)
    return execute(source, statement, parameters)


def _add(found: StateLookup, row: Row) -> None:
    what, fingerprint, channel, purpose, topic, reason, first, second, third, void_until = row
    if what == CLOCK_ARM:
        found.clock = found.clock or to_datetime(first)
        return
    key = _fingerprint(fingerprint)
    found.under.add(key)
    scope = _scope(channel, purpose, topic)
    if what in {_STOP, _LIFTED}:
        stop = ActiveSuppression(
            scope=scope,
            reason=letters.REASON.decode_required(reason),
            since=to_datetime(first),
            last_occurred_at=to_datetime(second),
            expires_at=third and to_datetime(third),
        )
        if what == _STOP:
            found.stops[key].append(stop)
        if void_until:
            voiding = dataclasses.replace(stop, last_occurred_at=to_datetime(void_until))
            found.voiding[key].append(voiding)
    elif what in _EVENTS:
        event = CallEvent(_EVENTS[what], scope.channel, to_datetime(first), to_datetime(second))
        found.events[key].append(event)
    else:
        found.consents[key].append(
            ActiveConsent(
                scope=scope,
                given_at=to_datetime(first),
                until=third and to_datetime(third),
                lifts=what == _CONSENT,
            )
        )


@lru_cache(maxsize=1024)
def _scope(channel: str, purpose: str, topic: str) -> Scope:
    return Scope(
        channel=letters.CHANNEL.decode(channel),
        purpose=letters.PURPOSE.decode(purpose),
        topic=topic,
    )


def _history(events: Sequence[CallEvent]) -> ContactHistory:
    def of(wanted: ContactEvent) -> tuple[datetime, ...]:
        return tuple(call_event.at for call_event in events if call_event.event is wanted)

    return ContactHistory(
        attempts=of(ContactEvent.ATTEMPT),
        refusals=of(ContactEvent.REFUSED),
        callbacks=of(ContactEvent.CALLBACK),
    )


def _fingerprint(value: object) -> Fingerprint:
    """As the driver gives it: bytes, or a `uuid`."""
    return Fingerprint(
        value if isinstance(value, bytes) else bytes.fromhex(str(value).replace("-", ""))
    )


def _chunks(fingerprints: Collection[Fingerprint], size: int) -> Iterator[Sequence[Fingerprint]]:
    # In any order: PostgreSQL, whose walk needs one, sorts quicker than we do.
    listed = list(fingerprints)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
