"""What every check asks for: all that stands under some fingerprints, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    String,
    and_,
    cast,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from suppression.domain.fingerprints import Fingerprint
from suppression.domain.questions import Question
from suppression.domain.standing import ContactHistory, Standing, StandingConsent, StandingStop
from suppression.domain.suppressions import Extent
from suppression.domain.vocabulary import ContactEvent
from suppression.storage import letters
from suppression.storage.column_types import Letters, UtcDateTime
from suppression.storage.consent_tables import DbConsent, DbContactEvent
from suppression.storage.database import Transaction
from suppression.storage.suppression_tables import (
    FORM_KEY,
    ROW_KEY,
    DbSuppression,
    DbSuppressionForm,
)

Rows = Select[*tuple[Any, ...]]

_CHUNK = 500
_STOP, _CONSENT = "stop", "consent"
_EVENTS = {letter: event for event, letter in letters.CONTACT_EVENT.letters}


@dataclass(frozen=True, slots=True)
class StandingRows:
    """What was found, by the fingerprint that was asked."""

    stops: dict[Fingerprint, list[StandingStop]] = field(default_factory=lambda: defaultdict(list))
    consents: dict[Fingerprint, list[StandingConsent]] = field(
        default_factory=lambda: defaultdict(list)
    )
    events: dict[Fingerprint, list[tuple[ContactEvent, Extent, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def forget_attempts(self) -> None:
        """Let no attempt count; refusals and agreed times still do."""
        for fingerprint, events in self.events.items():
            self.events[fingerprint] = [one for one in events if one[0] is not ContactEvent.ATTEMPT]

    def of(self, question: Question) -> Standing:
        """All that stands under the fingerprints of one question."""
        subject, channel = question.subject, question.extent.channel
        events = [
            (event, at)
            for one in (subject.asked if self.events else ())
            for event, extent, at in self.events.get(one, ())
            if extent.channel is channel
        ]
        return Standing(
            stops=tuple(stop for one in subject.asked for stop in self.stops.get(one, ())),
            consents=tuple(
                consent for one in subject.consent for consent in self.consents.get(one, ())
            ),
            contacts=_history(events) if events else ContactHistory(),
        )


def standing_rows(
    transaction: Transaction, questions: Iterable[Question], *, contacts_since: datetime | None
) -> StandingRows:
    """What stands under all these questions: one statement for 500 fingerprints.

    Stops and consents that ended by themselves are among it: the decision knows the time, this
    does not. Earlier calls only where `contacts_since` says that they are needed, and from when.
    """
    asked, consents = set[Fingerprint](), set[Fingerprint]()
    for question in questions:
        asked.update(question.subject.asked)
        consents.update(question.subject.consent)
    found = StandingRows()
    for some, given in zip_longest(_chunks(asked), _chunks(consents), fillvalue=()):
        selects = [*_stops(some), *_consents(given)]
        if contacts_since is not None:
            selects += _events(some, contacts_since)
        for row in transaction.execute(union_all(*selects)):
            _add(found, row)
    return found


def standing_stops(transaction: Transaction, asked: Collection[Fingerprint]) -> list[StandingStop]:
    """The stops alone, of a few fingerprints."""
    found = StandingRows()
    for row in transaction.execute(union_all(*_stops(sorted(asked)))):
        _add(found, row)
    return [stop for stops in found.stops.values() for stop in stops]


def _add(found: StandingRows, row: Any) -> None:  # noqa: ANN401 - a row of any select
    what, fingerprint, channel, purpose, topic, reason, first, second, third = row
    key = Fingerprint(fingerprint)
    extent = Extent(channel=channel, purpose=purpose, topic=topic)
    if what == _STOP:
        found.stops[key].append(
            StandingStop(
                extent=extent,
                reason=reason,
                since=first,
                last_occurred_at=second,
                expires_at=third,
            )
        )
    elif what in _EVENTS:
        found.events[key].append((_EVENTS[what], extent, first))
    else:
        found.consents[key].append(
            StandingConsent(extent=extent, given_at=first, until=third, lifts=what == _CONSENT)
        )


def _history(events: Sequence[tuple[ContactEvent, datetime]]) -> ContactHistory:
    def of(wanted: ContactEvent) -> tuple[datetime, ...]:
        return tuple(at for event, at in events if event is wanted)

    return ContactHistory(
        attempts=of(ContactEvent.ATTEMPT),
        refusals=of(ContactEvent.REFUSED),
        callbacks=of(ContactEvent.CALLBACK),
    )


def _stops(some: Sequence[Fingerprint]) -> list[Rows]:
    if not some:
        return []
    row, form = DbSuppression, DbSuppressionForm
    return [
        _stop(row.fingerprint).where(row.fingerprint.in_(some)),
        _stop(form.fingerprint).join_from(form, row, _same_row()).where(form.fingerprint.in_(some)),
    ]


def _stop(asked: InstrumentedAttribute[bytes]) -> Rows:
    row = DbSuppression
    what = literal_column(f"'{_STOP}'", String).label("what")
    columns = (row.channel, row.purpose, row.topic, row.reason)
    dates = (row.occurred_at, row.last_occurred_at, row.expires_at)
    return select(what, asked, *columns, *dates).where(row.released_at.is_(None))


def _consents(some: Sequence[Fingerprint]) -> list[Rows]:
    """Consents that were not withdrawn; one that a file brought says so by its `what`."""
    if not some:
        return []
    row = DbConsent
    what = literal_column(f"'{_CONSENT}'", String).concat(row.source).label("what")
    columns = (row.channel, row.purpose, row.topic, _no(letters.REASON))
    dates = (row.given_at, _no_date(), row.until)
    found = select(what, row.fingerprint, *columns, *dates)
    return [found.where(row.fingerprint.in_(some), row.ended_at.is_(None))]


def _events(some: Sequence[Fingerprint], since: datetime) -> list[Rows]:
    if not some:
        return []
    row = DbContactEvent
    what = type_coerce(row.type, String).label("what")
    columns = (row.channel, _no(letters.PURPOSE), literal_column("''", String), _no(letters.REASON))
    dates = (row.at, _no_date(), _no_date())
    found = select(what, row.fingerprint, *columns, *dates)
    return [found.where(row.fingerprint.in_(some), row.at >= since)]


def _no(column_type: Letters[Any]) -> ColumnElement[Any]:
    return type_coerce(literal_column("''", String), column_type)


def _no_date() -> ColumnElement[Any]:
    return type_coerce(cast(null(), DateTime(timezone=True)), UtcDateTime)


def _same_row() -> ColumnElement[bool]:
    return and_(
        *(
            getattr(DbSuppressionForm, form) == getattr(DbSuppression, row)
            for form, row in zip(FORM_KEY, ROW_KEY, strict=True)
        )
    )


def _chunks(fingerprints: Collection[Fingerprint]) -> Iterator[Sequence[Fingerprint]]:
    ordered = sorted(fingerprints)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
