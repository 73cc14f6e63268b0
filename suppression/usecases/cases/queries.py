"""Read the register of a controller: its open and closed cases, and one case with its details."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from suppression.domain.cases.contents import (
    CaseContact,
    CaseNote,
    TimelineEvent,
    suppression_dates,
)
from suppression.domain.cases.deadlines import day_in
from suppression.domain.cases.model import Case, Urgency, urgency
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import NotFoundError
from suppression.domain.ledger.entries import is_reference
from suppression.domain.suppressions.model import Suppression
from suppression.storage.cases.rows import (
    find_case,
    list_closed_cases,
    list_open_cases,
    suppressions_of_case,
)
from suppression.storage.cases.timeline import list_events, list_notes
from suppression.storage.engine.database import reading
from suppression.storage.suppressions.rows import find_suppressions_of_cases
from suppression.storage.users.rows import logins_of
from suppression.usecases.cases.open import decrypt_contact, encryption_context
from suppression.usecases.cases.several_people import is_of_several_people
from suppression.usecases.services import Services

_MOST_CLOSED = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseDetails:
    """A case with its timeline and stops, and with its contact and notes if they were requested.

    `several_people`: whether its stops in force may be of several people, because a repeat of the
    request brought other identifiers: until 2026-11-30 one common identifier was enough to join a
    case. `logins` maps those actors of the case that are users (`user:3`) to their logins.
    """

    case: Case
    events: tuple[TimelineEvent, ...]
    stops: tuple[Suppression, ...]
    logins: dict[str, str]
    several_people: bool = False
    content: CaseContact | None = field(default=None, repr=False)
    notes: tuple[CaseNote, ...] = field(default=(), repr=False)

    @property
    def times_stopped(self) -> int:
        """Return how often the case stored stops, counted in its timeline."""
        return suppression_dates(self.events)


def cases_by_urgency(controller: Controller, *, now: datetime) -> dict[Urgency, list[Case]]:
    """Return a controller's open cases by urgency, the earliest deadline first in each list.

    Every urgency has a list, which may be empty.
    """
    today = day_in(controller.country, now)
    by_urgency: dict[Urgency, list[Case]] = {heading: [] for heading in Urgency}
    with reading() as transaction:
        for case in list_open_cases(transaction, controller):
            by_urgency[urgency(case, today)].append(case)
    return by_urgency


def list_closed(controller: Controller) -> list[Case]:
    """Return at most 200 closed cases of a controller, the last closed first."""
    with reading() as transaction:
        return list_closed_cases(transaction, controller, limit=_MOST_CLOSED)


def read_case(
    services: Services, controller: Controller, reference: str, *, with_content: bool
) -> CaseDetails:
    """Return a case of this controller by its reference. Raises NotFoundError if it does not exist.

    `with_content`: whether to decrypt the contact and the notes too; then KeyMismatchError is
    raised if no case key decrypts them.
    """
    if not is_reference(reference):
        raise NotFoundError
    with reading() as transaction:
        stored = find_case(transaction, controller, reference, for_update=False)
        if stored is None:
            raise NotFoundError
        events = list_events(transaction, stored.number)
        records = suppressions_of_case(transaction, stored.number)
        stops = find_suppressions_of_cases(transaction, records, for_update=False)
        several_people = is_of_several_people(transaction, events, stops)
        notes = list_notes(transaction, stored.number) if with_content else []
        actors = {event.actor for event in events} | {stored.case.opened_by}
        logins = logins_of(transaction, actors)
    bound = encryption_context(controller, stored.case)
    return CaseDetails(
        case=stored.case,
        events=tuple(events),
        stops=tuple(stops),
        logins=logins,
        several_people=several_people,
        content=decrypt_contact(services, controller, stored) if with_content else None,
        notes=tuple(
            CaseNote(
                event=encrypted_note.event,
                actor=encrypted_note.actor,
                recorded_at=encrypted_note.recorded_at,
                text=services.cipher.decrypt(encrypted_note.content, bound=bound),
            )
            for encrypted_note in notes
        ),
    )
