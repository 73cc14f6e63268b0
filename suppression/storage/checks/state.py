"""The suppressions, consents and call events that checks decide on, by fingerprint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeVar

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.consents.model import agreed_before, still_counting
from suppression.domain.controllers.model import Caller
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.active import (
    ActiveConsent,
    ActiveSuppression,
    ContactHistory,
    SubjectState,
)
from suppression.domain.vocabulary import Channel, ContactEvent

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

    @property
    def is_agreed_time(self) -> bool:
        """Whether this is an agreed time, which allows a call."""
        return self.event is ContactEvent.CALLBACK

    def void_by(self, lifted: Iterable[ActiveSuppression]) -> bool:
        """Return whether this is an agreed time that one of `lifted` makes void.

        `lifted` are stops that were released, some of them in force again. Each that applies to
        marketing calls, or was released as reassigned, voids the times that were agreed up to its
        `last_occurred_at`.
        """
        return self.is_agreed_time and agreed_before(self.agreed_at, lifted)


@dataclass(slots=True)
class StateLookup:
    """The suppressions, consents and call events loaded for some checks, by fingerprint.

    Expired suppressions and consents are among them: the decision leaves them out.
    """

    clock: datetime | None = None
    """The database's time, or its substitute's, as the first statement ran; None if unknown."""

    caller: Caller | None = None
    """The caller of the API key that was looked up with the state, if it is in use; else None."""

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

    Each voids the consents and agreed times to which it applies (all, if it was reassigned) up to
    its `last_occurred_at`, which is the stored `consents_void_until` here.
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
            subject.lookup_fingerprints,
            subject.consent_fingerprints,
            check.scope.channel,
            subject.agreed_time_fingerprints if self.events else (),
        )

    def state_for(
        self,
        lookup_fingerprints: Sequence[Fingerprint],
        consent_fingerprints: Sequence[Fingerprint],
        channel: Channel | None,
        agreed_time_fingerprints: Collection[Fingerprint] = (),
    ) -> SubjectState:
        """Return the state under these fingerprints; call events count only on `channel`.

        Suppressions and call events are looked up under `lookup_fingerprints`, agreed times among
        these only under `agreed_time_fingerprints`, and consents under `consent_fingerprints`; rows
        under a fingerprint that was not loaded are missing. Consents and agreed times that a
        released stop made void are left out.
        """
        if self.under.isdisjoint(lookup_fingerprints) and self.under.isdisjoint(
            consent_fingerprints
        ):
            return NOTHING
        events = [
            event
            for fingerprint in (lookup_fingerprints if self.events else ())
            for event in self.events.get(fingerprint, ())
            if event.channel is channel
            and (fingerprint in agreed_time_fingerprints or not event.is_agreed_time)
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


def _history(events: Sequence[CallEvent]) -> ContactHistory:
    def dates_of(event_type: ContactEvent) -> tuple[datetime, ...]:
        return tuple(call_event.at for call_event in events if call_event.event is event_type)

    return ContactHistory(
        attempts=dates_of(ContactEvent.ATTEMPT),
        refusals=dates_of(ContactEvent.REFUSED),
        callbacks=dates_of(ContactEvent.CALLBACK),
    )
