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

from suppression.domain.consents import agreed_before, still_counting
from suppression.domain.fingerprints import FINGERPRINT_BYTES, Fingerprint
from suppression.domain.questions import Question
from suppression.domain.standing import ContactHistory, Standing, StandingConsent, StandingStop
from suppression.domain.suppressions import Extent
from suppression.domain.vocabulary import Channel, ContactEvent
from suppression.storage import letters
from suppression.storage.column_types import as_moment
from suppression.storage.prepared import Row, Source, rows, told_time
from suppression.storage.standing_statements import (
    CLOCK_ARM,
    STANDING,
    STANDING_AND_CONTACTS,
    listed,
)

_CHUNK = {"sqlite": 500, "postgresql": 50_000}
_STOP, _LIFTED, _CONSENT = "stop", "lifted", "consent"
_EVENTS = {letter: event for event, letter in letters.CONTACT_EVENT.letters}
NOTHING = Standing()
"""What stands under a fingerprint that has no row."""
_NO_CONTACTS = ContactHistory()


class CallEvent(NamedTuple):
    """An attempt, a refusal or an agreed time on a channel: when it is, and when it was told."""

    event: ContactEvent
    channel: Channel | None
    at: datetime
    recorded_at: datetime

    def void_by(self, lifted: Iterable[StandingStop]) -> bool:
        """Whether it is a time that was agreed to before a stop which was lifted since."""
        return self.event is ContactEvent.CALLBACK and agreed_before(self.recorded_at, lifted)


@dataclass(slots=True)
class StandingRows:
    """What was found, by the fingerprint that was asked."""

    clock: datetime | None = None
    """What time it was by the database's clock as this was read."""

    stops: dict[Fingerprint, list[StandingStop]] = field(default_factory=lambda: defaultdict(list))
    consents: dict[Fingerprint, list[StandingConsent]] = field(
        default_factory=lambda: defaultdict(list)
    )
    events: dict[Fingerprint, list[CallEvent]] = field(default_factory=lambda: defaultdict(list))
    voiding: dict[Fingerprint, list[StandingStop]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """What lets consents and agreed times up to its last date count no more, though lifted."""

    def forget_attempts(self) -> None:
        """Let no attempt count; refusals and agreed times still do."""
        for fingerprint, events in self.events.items():
            self.events[fingerprint] = [
                one for one in events if one.event is not ContactEvent.ATTEMPT
            ]

    under: set[Fingerprint] = field(default_factory=set)
    """Every fingerprint under which anything was found."""

    def of(self, question: Question) -> Standing:
        """All that stands under the fingerprints of one question."""
        subject = question.subject
        return self.under_these(subject.asked, subject.consent, question.extent.channel)

    def under_these(
        self,
        asked: Sequence[Fingerprint],
        given: Sequence[Fingerprint],
        channel: Channel | None,
    ) -> Standing:
        """All that stands under what one question asks, of stops and calls and of consents."""
        if self.under.isdisjoint(asked) and self.under.isdisjoint(given):
            return NOTHING
        events = [
            event
            for one in (asked if self.events else ())
            for event in self.events.get(one, ())
            if event.channel is channel
        ]
        consents = [consent for one in given for consent in self.consents.get(one, ())]
        if self.voiding and (consents or events):
            voiding = [stop for one in asked for stop in self.voiding.get(one, ())]
            consents = still_counting(consents, voiding)
            events = [one for one in events if not one.void_by(voiding)]
        return Standing(
            stops=tuple([stop for one in asked for stop in self.stops.get(one, ())]),
            consents=tuple(consents),
            contacts=_history(events) if events else _NO_CONTACTS,
        )


def standing_rows(
    source: Source,
    questions: Iterable[Question],
    *,
    contacts_within: timedelta | None,
    asked: Iterable[Fingerprint] = (),
    consents: Iterable[Fingerprint] = (),
) -> StandingRows:
    """What stands under all these questions, in one statement (on SQLite for 500 fingerprints).

    And under further fingerprints that stops (`asked`) and consents may be kept under.

    Stops and consents that ended by themselves are among it: the decision knows the time, this
    does not. Earlier calls only where `contacts_within` says how old those may be that are needed.
    """
    stopped, given = set(asked), set(consents)
    for question in questions:
        stopped.update(question.subject.asked)
        given.update(question.subject.consent)
    found = StandingRows(clock=told_time(source))
    size = _CHUNK[source.dialect.name]
    chunks = zip_longest(_chunks(stopped, size), _chunks(given, size), fillvalue=())
    for some, consented in chunks:
        for row in _rows(source, some, consented, contacts_within, found.clock):
            _add(found, row)
    return found


def standing_in(found_rows: Iterable[Row]) -> StandingRows:
    """The same, of rows that were read already."""
    found = StandingRows()
    for row in found_rows:
        _add(found, row)
    return found


def standing_stops(source: Source, asked: Collection[Fingerprint]) -> list[StandingStop]:
    """The stops alone, of a few fingerprints."""
    found = StandingRows()
    for row in _rows(source, sorted(asked), (), None, None):
        if row[0] == _STOP:
            _add(found, row)
    return [stop for stops in found.stops.values() for stop in stops]


def _rows(
    source: Source,
    asked: Sequence[Fingerprint],
    given: Sequence[Fingerprint],
    within: timedelta | None,
    told: datetime | None,
) -> list[Row]:
    if source.dialect.name == "postgresql":
        parameters: list[object] = [array(asked), array(given), told]
        if within is None:
            return rows(source, STANDING, parameters)
        return rows(source, STANDING_AND_CONTACTS, [*parameters, within])
    parameters = [*asked, *given]
    if within is not None:
        if told is None:
            raise LookupError("this database has no clock, and was told none")
        since = (told - within).astimezone(UTC).replace(tzinfo=None)
        parameters.append(since.isoformat(" ", "microseconds"))
    statement = listed(len(asked), len(given), contacts=within is not None)
    return rows(source, statement, parameters)


def _add(found: StandingRows, row: Row) -> None:
    what, fingerprint, channel, purpose, topic, reason, first, second, third, void_until = row
    if what == CLOCK_ARM:
        found.clock = found.clock or as_moment(first)
        return
    key = _fingerprint(fingerprint)
    found.under.add(key)
    extent = _extent(channel, purpose, topic)
    if what in {_STOP, _LIFTED}:
        stop = StandingStop(
            extent=extent,
            reason=letters.REASON.known(reason),
            since=as_moment(first),
            last_occurred_at=as_moment(second),
            expires_at=third and as_moment(third),
        )
        if what == _STOP:
            found.stops[key].append(stop)
        if void_until:
            voiding = dataclasses.replace(stop, last_occurred_at=as_moment(void_until))
            found.voiding[key].append(voiding)
    elif what in _EVENTS:
        event = CallEvent(_EVENTS[what], extent.channel, as_moment(first), as_moment(second))
        found.events[key].append(event)
    else:
        found.consents[key].append(
            StandingConsent(
                extent=extent,
                given_at=as_moment(first),
                until=third and as_moment(third),
                lifts=what == _CONSENT,
            )
        )


@lru_cache(maxsize=1024)
def _extent(channel: str, purpose: str, topic: str) -> Extent:
    return Extent(
        channel=letters.CHANNEL.word(channel), purpose=letters.PURPOSE.word(purpose), topic=topic
    )


def _history(events: Sequence[CallEvent]) -> ContactHistory:
    def of(wanted: ContactEvent) -> tuple[datetime, ...]:
        return tuple(one.at for one in events if one.event is wanted)

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


def array(fingerprints: Sequence[Fingerprint]) -> str:
    """PostgreSQL's own notation of a list. ValueError if they are not 16 bytes each, all in all."""
    joined = b"".join(fingerprints)
    if len(joined) != len(fingerprints) * FINGERPRINT_BYTES:  # it would make all of them others
        raise ValueError("a fingerprint is 16 bytes long")
    return "{" + joined.hex(",", FINGERPRINT_BYTES) + "}"


def _chunks(fingerprints: Collection[Fingerprint], size: int) -> Iterator[Sequence[Fingerprint]]:
    # In any order: PostgreSQL, whose walk needs one, sorts quicker than we do.
    listed = list(fingerprints)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
