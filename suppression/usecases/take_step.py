"""Take a step in a case: its state, its timeline and what was written, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from suppression.domain.case_contents import TimelineEvent, times_stopped
from suppression.domain.case_steps import LiftRestriction, Moment, Step
from suppression.domain.case_words import CaseEvent
from suppression.domain.cases import Case, after_stop, undone
from suppression.domain.controllers import Controller
from suppression.domain.deadlines import day_in
from suppression.domain.errors import NotFoundError, StepRefusedError
from suppression.domain.fingerprints import Subject
from suppression.domain.ledger import Deed
from suppression.domain.references import is_reference
from suppression.domain.users import User
from suppression.domain.vocabulary import ReleaseWhy
from suppression.storage.case_rows import (
    StoredCase,
    add_case_stops,
    case_by_reference,
    save_case,
    save_content,
    stops_of_case,
)
from suppression.storage.clocks import earlier_now
from suppression.storage.database import Transaction, writing
from suppression.storage.suppression_rows import suppressions_of_cases
from suppression.storage.timeline_rows import add_event, add_note, events_of
from suppression.usecases.end_outlived_consents import end_outlived
from suppression.usecases.lift import lift
from suppression.usecases.open_case import bound_to, read_content, stop_for_case
from suppression.usecases.record_stops import new_deed
from suppression.usecases.services import Services


def take_step(
    services: Services,
    controller: Controller,
    reference: str,
    step: Step,
    *,
    by: User,
    now: datetime,
) -> Case:
    """The case after a step. StepRefusedError says why it is not taken; nothing is stored then."""
    moment = Moment(
        now=now,
        today=day_in(controller.country, now),
        country=controller.country,
        actor=by.actor,
    )
    with writing() as transaction:
        stored = _locked(transaction, controller, reference)
        case = step(stored.case, moment)
        if isinstance(step, LiftRestriction):
            _refuse_unseen(transaction, stored, step.seen)
            _lift_all(transaction, controller, stored, ReleaseWhy.PERSON_ASKED, by=by, now=now)
        save_case(transaction, stored.number, case)
        event = TimelineEvent(event=step.event, actor=by.actor, recorded_at=now)
        add_event(transaction, stored.number, event)
        if step.text.strip():
            bound = bound_to(controller, case)
            content = services.cipher.encrypted(step.text.strip(), bound=bound)
            add_note(transaction, stored.number, event, content=content)
    return case


def stop_found_identifiers(
    services: Services,
    controller: Controller,
    reference: str,
    subjects: Sequence[Subject],
    *,
    by: User,
    now: datetime,
) -> Case:
    """Put into force what waited for an identifier, which was found since."""
    with writing() as transaction:
        stored = _locked(transaction, controller, reference)
        case, content = stored.case, read_content(services, controller, stored)
        for subject in subjects:
            content = content.without_unread(subject.kind)
        found = {subject.kind for subject in subjects}
        case = after_stop(case, found, {one.kind for one in content.unread})
        deed = new_deed(by.actor, now=now, ref=reference)
        stops = stop_for_case(
            transaction, controller, stored.case, subjects, deed, whole_address=False
        )
        add_case_stops(transaction, stored.number, [record for record, _ in stops])
        save_case(transaction, stored.number, case)
        encrypted = services.cipher.encrypted(content.as_json(), bound=bound_to(controller, case))
        save_content(transaction, stored.number, encrypted)
        event = TimelineEvent(event=CaseEvent.STOPPED, actor=by.actor, recorded_at=now)
        add_event(transaction, stored.number, event)
    return case


def undo_stops(
    controller: Controller, reference: str, *, by: User, now: datetime, seen: int = 1
) -> Case:
    """Lift what a case stopped by mistake, and nothing that anybody else has stopped.

    Nor what was asked for again since: `seen` is how often that was, as whoever undoes it saw it.
    """
    with writing() as transaction:
        stored = _locked(transaction, controller, reference)
        case = undone(stored.case)
        _refuse_unseen(transaction, stored, seen)
        _lift_all(transaction, controller, stored, ReleaseWhy.MISTAKE, by=by, now=now)
        save_case(transaction, stored.number, case)
        event = TimelineEvent(event=CaseEvent.RELEASED, actor=by.actor, recorded_at=now)
        add_event(transaction, stored.number, event)
    return case


def _refuse_unseen(transaction: Transaction, stored: StoredCase, seen: int) -> None:
    """Refuse to lift what was asked for more often than whoever lifts it knows."""
    if times_stopped(events_of(transaction, stored.number)) > seen:
        raise StepRefusedError("asked_again")


def _locked(transaction: Transaction, controller: Controller, reference: str) -> StoredCase:
    if not is_reference(reference):
        raise NotFoundError
    stored = case_by_reference(transaction, controller, reference, for_update=True)
    if stored is None:
        raise NotFoundError
    return stored


def _lift_all(
    transaction: Transaction,
    controller: Controller,
    stored: StoredCase,
    why: ReleaseWhy,
    *,
    by: User,
    now: datetime,
) -> None:
    fresh = new_deed(by.actor, now=now, ref=stored.case.reference)
    deed = Deed(
        actor=fresh.actor,
        recorded_at=now,
        reference=fresh.reference,
        ref=fresh.ref,
        why=why,
    )
    records = stops_of_case(transaction, stored.number)
    rows = suppressions_of_cases(transaction, records, for_update=True)
    by_both = earlier_now(transaction, now)
    standing = [row for row in rows if row.in_force(by_both)]
    for row in standing:
        lift(transaction, controller, row, deed)
    end_outlived(transaction, controller, (), standing, deed)
