"""Read the register: what is to be done, and one case with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from suppression.domain.cases.contents import Content, Note, TimelineEvent, times_stopped
from suppression.domain.cases.deadlines import day_in
from suppression.domain.cases.model import Case, Urgency, urgency
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import NotFoundError
from suppression.domain.references import is_reference
from suppression.domain.suppressions.model import Suppression
from suppression.storage.cases.rows import (
    case_by_reference,
    closed_cases,
    open_cases,
    stops_of_case,
)
from suppression.storage.cases.timeline import events_of, notes_of
from suppression.storage.engine.database import reading
from suppression.storage.suppressions.rows import suppressions_of_cases
from suppression.storage.users.rows import logins_of
from suppression.usecases.cases.open import bound_to, read_content
from suppression.usecases.services import Services

_MOST_CLOSED = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFile:
    """A case, its timeline, its stops; content and notes for those who may read them."""

    case: Case
    events: tuple[TimelineEvent, ...]
    stops: tuple[Suppression, ...]
    logins: dict[str, str]
    content: Content | None = field(default=None, repr=False)
    notes: tuple[Note, ...] = field(default=(), repr=False)

    @property
    def times_stopped(self) -> int:
        """How often it has stopped what was asked for, as whoever reads this sees it."""
        return times_stopped(self.events)


def todays_cases(controller: Controller, *, now: datetime) -> dict[Urgency, list[Case]]:
    """Every open case under its heading of Today, by deadline."""
    today = day_in(controller.country, now)
    found: dict[Urgency, list[Case]] = {heading: [] for heading in Urgency}
    with reading() as transaction:
        for case in open_cases(transaction, controller):
            found[urgency(case, today)].append(case)
    return found


def recently_closed(controller: Controller) -> list[Case]:
    """The newest closed cases."""
    with reading() as transaction:
        return closed_cases(transaction, controller, most=_MOST_CLOSED)


def read_case(
    services: Services, controller: Controller, reference: str, *, with_content: bool
) -> CaseFile:
    """One case of this controller; NotFoundError if it has none such."""
    if not is_reference(reference):
        raise NotFoundError
    with reading() as transaction:
        stored = case_by_reference(transaction, controller, reference, for_update=False)
        if stored is None:
            raise NotFoundError
        events = events_of(transaction, stored.number)
        records = stops_of_case(transaction, stored.number)
        stops = suppressions_of_cases(transaction, records, for_update=False) if records else []
        notes = notes_of(transaction, stored.number) if with_content else []
        actors = {event.actor for event in events} | {stored.case.opened_by}
        logins = logins_of(transaction, actors)
    bound = bound_to(controller, stored.case)
    return CaseFile(
        case=stored.case,
        events=tuple(events),
        stops=tuple(stops),
        logins=logins,
        content=read_content(services, controller, stored) if with_content else None,
        notes=tuple(
            Note(
                event=one.event,
                actor=one.actor,
                recorded_at=one.recorded_at,
                text=services.cipher.decrypted(one.content, bound=bound),
            )
            for one in notes
        ),
    )
