"""Record a person's request: open or join a case; store its stops, which are in force at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.cases.contents import CaseContact, TimelineEvent
from suppression.domain.cases.deadlines import end_of_day
from suppression.domain.cases.model import Case, RequestReceived, merge_request, new_case
from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import KeyMismatchError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.arrivals import unless_in_future
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import RecordId
from suppression.domain.suppressions.same_people import (
    differ_in_a_kind,
    each_names_one_more,
    is_stop_of,
)
from suppression.domain.suppressions.scopes import RequestedScope, scopes_of
from suppression.domain.users.model import User
from suppression.domain.vocabulary import Channel, Evidence, Kind
from suppression.storage.cases.rows import (
    StoredCase,
    add_case,
    add_case_suppressions,
    find_open_cases_with_suppressions,
    save_case,
    save_content,
    suppressions_of_case,
)
from suppression.storage.cases.timeline import add_event, add_note, list_events
from suppression.storage.engine.advisory_locks import LockedWork, lock_fingerprints
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.suppressions.rows import find_suppressions, find_suppressions_of_cases
from suppression.usecases.cases.several_people import is_of_several_people
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.services import Services
from suppression.usecases.suppressions.record import StopRequest, record_suppressions


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRequest:
    """A person's request to one controller, as the console parsed it.

    The fingerprints of `subjects` must have been made with this controller's keys.
    """

    controller: Controller
    arrival: RequestReceived
    subjects: tuple[Subject, ...]
    content: CaseContact
    whole_address: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseOutcome:
    """The case that a request opened, or joined if an open case held the same request.

    `stopped`: the channels of the stored stops; None in it means a stop without a channel, such as
    a restriction or an objection to profiling.
    """

    controller: Controller
    case: Case
    joined: bool
    stopped: tuple[Channel | None, ...]


def create_cases(
    services: Services, requests: Sequence[CaseRequest], *, by: User, now: datetime
) -> list[CaseOutcome]:
    """Open a case for each request, or add the request to an open case; store the requests' stops.

    Return one outcome per request, in the order of the controllers' numbers. All is stored in one
    transaction. No request is added to a case that no case key decrypts.
    """
    with writing() as transaction:
        ordered = sorted(requests, key=lambda case_request: case_request.controller.number)
        _lock(transaction, [subject for request in requests for subject in request.subjects])
        return [_open(services, transaction, request, by=by, now=now) for request in ordered]


def _lock(transaction: Transaction, subjects: Sequence[Subject]) -> None:
    """Let no other transaction open a case or store several stops of `subjects` until this ends."""
    fingerprints = {
        fingerprint
        for subject in subjects
        for fingerprint in subject.own_fingerprints | subject.whole_address
    }
    lock_fingerprints(transaction, fingerprints, LockedWork.STOPS)


def stop_for_case(
    transaction: Transaction,
    controller: Controller,
    case: Case,
    subjects: Sequence[Subject],
    context: AuditContext,
    *,
    whole_address: bool,
) -> list[tuple[RecordId, Channel | None]]:
    """Store the stops of a case; return the record id and channel of each, [] if there are none.

    If the case's kind has channels, only `subjects` that the case's channels take are stopped. The
    rows name the case as source, so its undo releases no other stop. Sandbox stops are omitted.
    """
    named = {channel.kind for channel in case.wanted} if case.kind.by_channel else set(Kind)
    fitting = [subject for subject in subjects if subject.kind in named]
    if case.kind.reason is None or not fitting:
        return []
    request = StopRequest(
        subjects=tuple(fitting),
        coverage=_coverage(case, fitting),
        reason=case.kind.reason,
        evidence=Evidence.DPO,
        # Only the day is known. The stop takes the end of that day, so that no consent of that
        # day outlives the stop; for today it takes the present time.
        occurred_at=unless_in_future(
            end_of_day(case.received_on, controller.country), context.recorded_at
        ),
        whole_address=whole_address and any(subject.whole_address for subject in fitting),
        source=f"case:{case.reference}",
        ref=context.ref,
    )
    scopes = scopes_of(request.coverage, [subject.kind for subject in fitting], [request.reason])
    answer = record_suppressions(transaction, controller, request, scopes, context)
    return [
        (stop_result.record_id, stop_result.scope.channel)
        for stop_result in answer.results
        if not stop_result.sandbox
    ]


def encryption_context(controller: Controller, case: Case) -> str:
    """Return the text that binds a case's encrypted content to the case (`bound` of the cipher)."""
    return f"case:{controller.slug}:{case.reference}"


def decrypt_contact(services: Services, controller: Controller, stored: StoredCase) -> CaseContact:
    """Return the decrypted contact of a case; an empty one if the case's content was deleted.

    Raises KeyMismatchError if no case key decrypts it.
    """
    if stored.content is None:
        return CaseContact()
    bound = encryption_context(controller, stored.case)
    return CaseContact.from_json(services.cipher.decrypt(stored.content, bound=bound))


def _open(
    services: Services, transaction: Transaction, request: CaseRequest, *, by: User, now: datetime
) -> CaseOutcome:
    controller = request.controller
    context = new_audit_context(by.actor, now=now)
    fresh = new_case(
        request.arrival,
        reference=context.reference,
        country=controller.country,
        now=now,
        actor=by.actor,
    )
    same_request = _same_request(services, transaction, request, fresh, now=now)
    if same_request:
        stored = _join(services, transaction, same_request, request, fresh, context)
    else:
        bound = encryption_context(controller, fresh)
        content = services.cipher.encrypt(request.content.as_json(), bound=bound)
        stored = add_case(transaction, controller, fresh, content=content)
    context = dataclasses.replace(context, ref=stored.case.reference)
    stops = stop_for_case(
        transaction,
        controller,
        dataclasses.replace(stored.case, wanted=fresh.wanted, received_on=fresh.received_on),
        request.subjects,
        context,
        whole_address=request.whole_address,
    )
    add_case_suppressions(transaction, stored.number, [record for record, _ in stops])
    arrival = CaseEvent.REPEATED if same_request else CaseEvent.OPENED
    for event in [arrival, CaseEvent.STOPPED] if stops else [arrival]:
        line = TimelineEvent(event=event, actor=by.actor, recorded_at=now)
        add_event(transaction, stored.number, line)
    return CaseOutcome(
        controller=controller,
        case=stored.case,
        joined=same_request is not None,
        stopped=tuple(dict.fromkeys(channel for _, channel in stops)),
    )


def _same_request(
    services: Services,
    transaction: Transaction,
    request: CaseRequest,
    fresh: Case,
    *,
    now: datetime,
) -> StoredCase | None:
    """Lock and return the open case that the `fresh` case repeats; None if there is none.

    It is of the same kind and people, readable, not lifted, not answered before the new request
    came, and has a stop of one of these identifiers in force: of several the oldest with the
    request's name, else the oldest. People may share a number, a mailbox, or a surname at an
    address: if one joined another's case, lifting that case would lift the stops of both.
    """
    subjects, controller = request.subjects, request.controller
    if not (records := _records_in_force(transaction, subjects, now=now)):
        return None
    cases = find_open_cases_with_suppressions(
        transaction, controller, fresh.kind, records, received_on=fresh.received_on
    )
    oldest = None
    for stored in cases:
        if stored.case.lifted_on:  # a request that joined it could not be lifted
            continue
        try:
            known = decrypt_contact(services, controller, stored)
        except KeyMismatchError:  # nobody can say whose it is; the stop must be stored all the same
            continue
        named = known.names_same(request.content)
        if not known.names_another(request.content) and _is_of_these_people(
            transaction, stored, subjects, named=named
        ):
            if named:
                return stored
            oldest = oldest or stored
    return oldest


def _records_in_force(
    transaction: Transaction, subjects: Sequence[Subject], *, now: datetime
) -> list[RecordId]:
    """Return the record ids of the stops of these identifiers that are in force."""
    fingerprints = {fingerprint for subject in subjects for fingerprint in subject.own_fingerprints}
    rows = find_suppressions(transaction, fingerprints, for_update=False) if fingerprints else []
    return [
        row.record_id
        for row in rows
        if row.in_force(now) and any(is_stop_of(row, subject) for subject in subjects)
    ]


def _is_of_these_people(
    transaction: Transaction, stored: StoredCase, subjects: Sequence[Subject], *, named: bool
) -> bool:
    """Return whether an open case is of the people whom `subjects` identify.

    `named`: whether the case and the request have the same name. If not, return False also for a
    case that may be of several people, or would be with this request: the request then gets a case
    of its own, whose stops stay when the other case is lifted.
    """
    own = suppressions_of_case(transaction, stored.number)
    stops = find_suppressions_of_cases(transaction, own, for_update=False)
    if differ_in_a_kind(stops, subjects):
        return False
    if named:
        return True
    events = list_events(transaction, stored.number)
    return not (
        each_names_one_more(stops, subjects) or is_of_several_people(transaction, events, stops)
    )


def _join(
    services: Services,
    transaction: Transaction,
    same_request: StoredCase,
    request: CaseRequest,
    fresh: Case,
    context: AuditContext,
) -> StoredCase:
    controller = request.controller
    case = merge_request(same_request.case, fresh, controller.country)
    known = decrypt_contact(services, controller, same_request)
    bound = encryption_context(controller, case)
    encrypted = services.cipher.encrypt(known.merged_with(request.content).as_json(), bound=bound)
    if left_out := known.without_fields(request.content):
        note = services.cipher.encrypt(left_out, bound=bound)
        line = TimelineEvent(
            event=CaseEvent.REPEATED, actor=context.actor, recorded_at=context.recorded_at
        )
        add_note(transaction, same_request.number, line, content=note)
    save_case(transaction, same_request.number, case)
    save_content(transaction, same_request.number, encrypted)
    return StoredCase(number=same_request.number, case=case, content=encrypted)


def _coverage(case: Case, subjects: Sequence[Subject]) -> RequestedScope:
    if not case.kind.by_channel:
        return RequestedScope(channels=None, purpose=case.kind.purpose)
    kinds = {subject.kind for subject in subjects}
    channels = tuple(channel for channel in case.wanted if channel.kind in kinds)
    return RequestedScope(channels=channels, purpose=case.kind.purpose)
