"""Change a case by a step, a late stop or an undo, with its timeline event, in one transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime

from suppression.domain.cases.contents import CaseContact, TimelineEvent, suppression_dates
from suppression.domain.cases.deadlines import day_in
from suppression.domain.cases.model import Case, with_identifiers_found, with_suppressions_undone
from suppression.domain.cases.transitions import CaseStep, LiftRestriction, StepContext
from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import InvalidTransitionError, NotFoundError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.entries import AuditContext, is_reference
from suppression.domain.users.model import User
from suppression.domain.vocabulary import ReleaseWhy
from suppression.storage.cases.rows import (
    StoredCase,
    add_case_suppressions,
    find_case,
    save_case,
    save_content,
    suppressions_of_case,
)
from suppression.storage.cases.timeline import add_event, add_note, list_events
from suppression.storage.engine.clocks import earlier_now
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.suppressions.rows import find_suppressions_of_cases
from suppression.usecases.cases.open import decrypt_contact, encryption_context, stop_for_case
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.releases.end_outlived_consents import end_outlived_consents
from suppression.usecases.releases.release_row import release_row
from suppression.usecases.services import Services
from suppression.usecases.suppressions.lock_for_stops import lock_for_stops


def take_step(
    services: Services,
    controller: Controller,
    reference: str,
    step: CaseStep,
    *,
    by: User,
    now: datetime,
) -> Case:
    """Take a step in a case and return the case after it.

    Lifting a restriction also releases the stops that the case stored. Raises
    InvalidTransitionError with the reason's code if the step is not possible, or if a lift would
    release stops that were stored after the user's page was rendered; NotFoundError if the
    controller has no case with this reference; then nothing is stored.
    """
    step_context = StepContext(
        now=now,
        today=day_in(controller.country, now),
        country=controller.country,
        actor=by.actor,
    )
    with writing() as transaction:
        stored = _lock_case(transaction, controller, reference)
        case = step(stored.case, step_context)
        if isinstance(step, LiftRestriction):
            _refuse_unseen(transaction, stored, step.seen)
            _release_all(transaction, controller, stored, ReleaseWhy.PERSON_ASKED, by=by, now=now)
        save_case(transaction, stored.number, case)
        event = TimelineEvent(event=step.event, actor=by.actor, recorded_at=now)
        add_event(transaction, stored.number, event)
        if step.text.strip():
            bound = encryption_context(controller, case)
            content = services.cipher.encrypt(step.text.strip(), bound=bound)
            add_note(transaction, stored.number, event, content=content)
    return case


def suppress_identifiers_found(  # noqa: PLR0913 - what is found, and what it was
    services: Services,
    controller: Controller,
    reference: str,
    subjects: Sequence[Subject],
    *,
    by: User,
    now: datetime,
    resolved: Collection[str] = (),
) -> Case:
    """Store stops for identifiers that were found after a case was opened; return the changed case.

    `resolved`: the unread texts that the user says meant these identifiers. A text no longer unread
    (`CaseContact.without_resolved`) becomes a note. Raises NotFoundError for an unknown case,
    InvalidTransitionError if it allows no such stops, KeyMismatchError if no key decrypts it.
    """
    kinds = [subject.kind for subject in subjects]
    with writing() as transaction:
        lock_for_stops(transaction, subjects)  # before the case, as `create_cases` does
        stored = _lock_case(transaction, controller, reference)
        known = decrypt_contact(services, controller, stored)
        content = known.without_resolved(kinds, resolved)
        case = with_identifiers_found(stored.case, set(kinds), content.unread_kinds)
        context = new_audit_context(by.actor, now=now, ref=reference)
        stops = stop_for_case(
            transaction,
            controller,
            _dated_by_newest_request(transaction, controller, stored, now),
            subjects,
            context,
            whole_address=False,
        )
        add_case_suppressions(transaction, stored.number, [record for record, _ in stops])
        save_case(transaction, stored.number, case)
        event = TimelineEvent(event=CaseEvent.STOPPED, actor=by.actor, recorded_at=now)
        add_event(transaction, stored.number, event)
        bound = encryption_context(controller, case)
        _save_known(services, transaction, stored.number, known, content, event, bound=bound)
    return case


def undo_suppressions(
    controller: Controller, reference: str, *, by: User, now: datetime, seen: int = 1
) -> Case:
    """Release, as a mistake, the stops that a case stored, and no others; return the changed case.

    `seen` is how often the case had stored stops when the user's page was rendered. Raises
    InvalidTransitionError if the case has stored stops again since, has none to undo, or is a
    restriction; NotFoundError if the controller has no such case.
    """
    with writing() as transaction:
        stored = _lock_case(transaction, controller, reference)
        case = with_suppressions_undone(stored.case)
        _refuse_unseen(transaction, stored, seen)
        _release_all(transaction, controller, stored, ReleaseWhy.MISTAKE, by=by, now=now)
        save_case(transaction, stored.number, case)
        event = TimelineEvent(event=CaseEvent.RELEASED, actor=by.actor, recorded_at=now)
        add_event(transaction, stored.number, event)
    return case


def _save_known(  # noqa: PLR0913 - what was known and what is left
    services: Services,
    transaction: Transaction,
    number: int,
    known: CaseContact,
    content: CaseContact,
    event: TimelineEvent,
    *,
    bound: str,
) -> None:
    """Replace the content of a case; store as a note the unread texts that it no longer has."""
    save_content(transaction, number, services.cipher.encrypt(content.as_json(), bound=bound))
    if lines := known.lines_without(content):
        note = services.cipher.encrypt(lines, bound=bound)
        add_note(transaction, number, event, content=note)


def _dated_by_newest_request(
    transaction: Transaction, controller: Controller, stored: StoredCase, now: datetime
) -> Case:
    """Return the case dated by its newest request: today if the request was repeated.

    The day of a repeat is not stored, and its stop must outrank every consent given before it.
    """
    events = list_events(transaction, stored.number)
    if all(event.event is not CaseEvent.REPEATED for event in events):
        return stored.case
    return dataclasses.replace(stored.case, received_on=day_in(controller.country, now))


def _refuse_unseen(transaction: Transaction, stored: StoredCase, seen: int) -> None:
    """Raise InvalidTransitionError if the case stored stops more often than `seen` times.

    More stops mean that, after the user's page was rendered, the request was repeated or another of
    the person's identifiers was found.
    """
    if suppression_dates(list_events(transaction, stored.number)) > seen:
        raise InvalidTransitionError("asked_again")


def _lock_case(transaction: Transaction, controller: Controller, reference: str) -> StoredCase:
    if not is_reference(reference):
        raise NotFoundError
    stored = find_case(transaction, controller, reference, for_update=True)
    if stored is None:
        raise NotFoundError
    return stored


def _release_all(
    transaction: Transaction,
    controller: Controller,
    stored: StoredCase,
    why: ReleaseWhy,
    *,
    by: User,
    now: datetime,
) -> None:
    fresh = new_audit_context(by.actor, now=now, ref=stored.case.reference)
    context = AuditContext(
        actor=fresh.actor,
        recorded_at=now,
        reference=fresh.reference,
        ref=fresh.ref,
        why=why,
    )
    records = suppressions_of_case(transaction, stored.number)
    rows = find_suppressions_of_cases(transaction, records, for_update=True)
    by_both = earlier_now(transaction, now)
    in_force = [row for row in rows if row.in_force(by_both)]
    for row in in_force:
        release_row(transaction, controller, row, context)
    end_outlived_consents(transaction, controller, (), in_force, context)
