"""What every check asks for: all that stands under some fingerprints, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import zip_longest

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.active import (
    ActiveConsent,
    ActiveSuppression,
    ContactHistory,
    SubjectState,
)
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, ContactEvent
from suppression.storage.checks.statements import STANDING, STANDING_AND_CONTACTS, listed
from suppression.storage.engine import enum_codes as letters
from suppression.storage.engine.column_types import to_datetime, uuid_array
from suppression.storage.engine.prepared_statements import Row, Source, execute

_CHUNK = {"sqlite": 500, "postgresql": 50_000}
_STOP, _CONSENT = "stop", "consent"
_EVENTS = {letter: event for event, letter in letters.CONTACT_EVENT.letters}
NOTHING = SubjectState()
"""What stands under a fingerprint that has no row."""
_NO_CONTACTS = ContactHistory()


@dataclass(frozen=True, slots=True)
class StateLookup:
    """What was found, by the fingerprint that was asked."""

    stops: dict[Fingerprint, list[ActiveSuppression]] = field(
        default_factory=lambda: defaultdict(list)
    )
    consents: dict[Fingerprint, list[ActiveConsent]] = field(
        default_factory=lambda: defaultdict(list)
    )
    events: dict[Fingerprint, list[tuple[ContactEvent, Scope, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def without_attempts(self) -> None:
        """Let no attempt count; refusals and agreed times still do."""
        for fingerprint, events in self.events.items():
            self.events[fingerprint] = [
                event for event in events if event[0] is not ContactEvent.ATTEMPT
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
            (event, at)
            for fingerprint in (asked if self.events else ())
            for event, scope, at in self.events.get(fingerprint, ())
            if scope.channel is channel
        ]
        return SubjectState(
            suppressions=tuple(
                [stop for fingerprint in asked for stop in self.stops.get(fingerprint, ())]
            ),
            consents=tuple(
                [consent for fingerprint in given for consent in self.consents.get(fingerprint, ())]
            ),
            contacts=_history(events) if events else _NO_CONTACTS,
        )


def look_up_state(
    source: Source,
    questions: Iterable[CheckRequest],
    *,
    contacts_since: datetime | None,
    asked: Iterable[Fingerprint] = (),
    consents: Iterable[Fingerprint] = (),
) -> StateLookup:
    """What stands under all these questions, in one statement (on SQLite for 500 fingerprints).

    And under further fingerprints that stops (`asked`) and consents may be kept under.

    Stops and consents that ended by themselves are among it: the decision knows the time, this
    does not. Earlier calls only where `contacts_since` says that they are needed, and from when.
    """
    stopped, given = set(asked), set(consents)
    for question in questions:
        stopped.update(question.subject.lookup_fingerprints)
        given.update(question.subject.consent_fingerprints)
    state_lookup = StateLookup()
    size = _CHUNK[source.dialect.name]
    chunks = zip_longest(_chunks(stopped, size), _chunks(given, size), fillvalue=())
    for some, consented in chunks:
        for row in _rows(source, some, consented, contacts_since):
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
    for row in _rows(source, sorted(asked), (), None):
        if row[0] == _STOP:
            _add(state_lookup, row)
    return [stop for stops in state_lookup.stops.values() for stop in stops]


def _rows(
    source: Source,
    asked: Sequence[Fingerprint],
    given: Sequence[Fingerprint],
    since: datetime | None,
) -> list[Row]:
    if source.dialect.name == "postgresql":
        parameters: list[object] = [uuid_array(asked), uuid_array(given)]
        if since is None:
            return execute(source, STANDING, parameters)
        return execute(source, STANDING_AND_CONTACTS, [*parameters, since])
    parameters = [*asked, *given]
    if since is not None:
        parameters.append(since.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds"))
    statement = listed(len(asked), len(given), contacts=since is not None)
    return execute(source, statement, parameters)


def _add(found: StateLookup, row: Row) -> None:
    what, fingerprint, channel, purpose, topic, reason, first, second, third = row
    key = _fingerprint(fingerprint)
    found.under.add(key)
    scope = _scope(channel, purpose, topic)
    if what == _STOP:
        found.stops[key].append(
            ActiveSuppression(
                scope=scope,
                reason=letters.REASON.decode_required(reason),
                since=to_datetime(first),
                last_occurred_at=to_datetime(second),
                expires_at=third and to_datetime(third),
            )
        )
    elif what in _EVENTS:
        found.events[key].append((_EVENTS[what], scope, to_datetime(first)))
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


def _history(events: Sequence[tuple[ContactEvent, datetime]]) -> ContactHistory:
    def of(wanted: ContactEvent) -> tuple[datetime, ...]:
        return tuple(at for event, at in events if event is wanted)

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
