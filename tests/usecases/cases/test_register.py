"""The register stores stop and case together, joins repeated requests, and forgets old cases."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from suppression.domain.cases.contents import CaseContact, UnparsedIdentifier
from suppression.domain.cases.model import RequestReceived, Urgency
from suppression.domain.cases.transitions import (
    AddNote,
    AnswerPerson,
    Close,
    KeepRestriction,
    LiftRestriction,
)
from suppression.domain.cases.vocabulary import (
    CameBy,
    CaseEvent,
    CaseKind,
    CaseState,
    LookUpPurpose,
)
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import InvalidTransitionError, NotFoundError
from suppression.domain.users.model import User
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import Channel, Decision, Kind
from suppression.storage.engine.base import db
from suppression.usecases.cases.open import CaseOutcome, CaseRequest, create_cases
from suppression.usecases.cases.queries import cases_by_urgency, list_closed, read_case
from suppression.usecases.cases.take_step import (
    suppress_identifiers_found,
    take_step,
    undo_suppressions,
)
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.lookup.look_up import look_up_person
from suppression.usecases.operations.retention import purge_cases
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user, list_users
from tests.api import Api
from tests.conftest import Clock

EMAIL = "zoe.petit@example.fr"
PHONE = "06 12 34 56 78"
RECEIVED = date(2026, 11, 16)
ANSWER = AnswerPerson(on=date(2026, 11, 20))


class Office:
    """A DPO of one controller, who records requests and takes steps by the use cases."""

    def __init__(self, app: Flask, api: Api, clock: Clock) -> None:
        self.services: Services = app.extensions["suppression"]
        self.api, self.clock = api, clock
        self.controller: Controller = find_controller("okwind")
        create_user(self.services, self.controller, "m.durand", Role.DPO, now=clock.now)
        self.user: User = list_users(self.controller)[0]

    def record(
        self,
        kind: CaseKind = CaseKind.OBJECTION_MARKETING,
        *identifiers: tuple[Kind, str],
        wanted: tuple[Channel, ...] = (Channel.EMAIL,),
        unread: tuple[UnparsedIdentifier, ...] = (),
        received_on: date = RECEIVED,
        name: str = "Zoé Petit-Dubois",
    ) -> CaseOutcome:
        self.api.seen.update({name, "12 rue Cachée", *(v for _, v in identifiers)})
        new = CaseRequest(
            controller=self.controller,
            arrival=RequestReceived(
                kind=kind,
                came_by=CameBy.LETTER,
                received_on=received_on,
                wanted=wanted if kind.by_channel else (),
                readable=frozenset(kind for kind, _ in identifiers),
                unreadable=frozenset(unparsed.kind for unparsed in unread),
            ),
            subjects=tuple(
                self.services.subject(self.controller, identifier_kind, value)
                for identifier_kind, value in identifiers
            ),
            content=CaseContact(name=name, contact="12 rue Cachée", unread=unread),
        )
        return create_cases(self.services, [new], by=self.user, now=self.clock.now)[0]

    def step(self, recorded: CaseOutcome, *steps: object) -> None:
        for step in steps:
            take_step(
                self.services,
                self.controller,
                recorded.case.reference,
                step,  # type: ignore[arg-type]
                by=self.user,
                now=self.clock.now,
            )

    def file(self, recorded: CaseOutcome) -> object:
        return self.read(recorded)

    def read(self, recorded: CaseOutcome):  # type: ignore[no-untyped-def]  # noqa: ANN201
        return read_case(self.services, self.controller, recorded.case.reference, with_content=True)


@pytest.fixture
def office(app: Flask, api: Api, clock: Clock) -> Iterator[Office]:
    with app.app_context():
        yield Office(app, api, clock)


def test_a_recorded_stop_denies_the_next_check_and_opens_a_case(office: Office) -> None:
    recorded = office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    assert office.api.decision("email", EMAIL) == "deny"
    assert recorded.case.due_on == date(2026, 12, 16)
    file = office.read(recorded)
    assert [event.event for event in file.events] == [CaseEvent.OPENED, CaseEvent.STOPPED]
    assert file.content.name == "Zoé Petit-Dubois"
    assert file.logins == {office.user.actor: "m.durand"}
    assert len(file.stops) == 1


def test_the_same_request_again_joins_its_case(office: Office) -> None:
    first = office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    again = office.record(
        CaseKind.OBJECTION_MARKETING,
        (Kind.EMAIL, EMAIL.upper()),
        (Kind.PHONE, PHONE),
        wanted=(Channel.EMAIL, Channel.TELEPHONE),
        received_on=date(2026, 11, 10),
    )
    assert (again.joined, again.case.reference) == (True, first.case.reference)
    assert again.case.due_on == date(2026, 12, 10)
    assert office.api.decision("telephone", PHONE) == "deny"
    assert len(cases_by_urgency(office.controller, now=office.clock.now)[Urgency.QUEUE]) == 1
    other = office.record(CaseKind.OBJECTION_PROFILING, (Kind.EMAIL, EMAIL))
    assert not other.joined


def test_a_request_beside_a_case_that_no_key_opens_is_stored_as_its_own(office: Office) -> None:
    """It was a 503, and its stop was not stored."""
    office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET content = :other"), {"other": b"?"})
    both = ((Kind.EMAIL, EMAIL), (Kind.PHONE, PHONE))
    wanted = (Channel.EMAIL, Channel.TELEPHONE)
    assert not office.record(CaseKind.OBJECTION_MARKETING, *both, wanted=wanted).joined
    assert office.api.decision("telephone", PHONE) == "deny"


def test_a_letter_without_the_number_waits_until_it_is_found(office: Office) -> None:
    recorded = office.record(
        CaseKind.OBJECTION_MARKETING,
        wanted=(Channel.TELEPHONE,),
        unread=(UnparsedIdentifier(kind=Kind.PHONE, text="06 12 34 56 7? smudged"),),
    )
    assert recorded.case.state is CaseState.IDENTIFIER_MISSING
    assert office.read(recorded).content.unread[0].text == "06 12 34 56 7? smudged"
    office.api.seen.add("06 12 34 56 7? smudged")
    subject = office.services.subject(office.controller, Kind.PHONE, PHONE)
    case = suppress_identifiers_found(
        office.services,
        office.controller,
        recorded.case.reference,
        [subject],
        by=office.user,
        now=office.clock.now,
    )
    assert case.state is CaseState.OPEN
    assert office.api.decision("telephone", PHONE) == "deny"
    assert office.api.decision("sms", PHONE) == "allow"
    assert office.read(recorded).content.unread == ()


def test_undoing_a_mistake_lifts_the_case_s_own_stop_and_no_other(office: Office) -> None:
    recorded = office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    undo_suppressions(
        office.controller, recorded.case.reference, by=office.user, now=office.clock.now
    )
    assert office.api.decision("email", EMAIL) == "allow"
    office.api.stop("email", EMAIL)
    other = office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    undo_suppressions(office.controller, other.case.reference, by=office.user, now=office.clock.now)
    assert office.api.decision("email", EMAIL) == "deny"


def test_a_restriction_denies_everything_until_it_is_lifted(office: Office) -> None:
    recorded = office.record(CaseKind.RESTRICTION, (Kind.EMAIL, EMAIL))
    assert office.api.decision("email", EMAIL, purpose="service") == "deny"
    office.step(recorded, ANSWER, KeepRestriction())
    with pytest.raises(InvalidTransitionError):
        office.step(recorded, LiftRestriction(told_on=None))
    assert office.api.decision("email", EMAIL) == "deny"
    office.step(recorded, LiftRestriction(told_on=RECEIVED), Close())
    assert office.api.decision("email", EMAIL) == "allow"


def test_what_a_closed_case_keeps_is_gone_after_its_period(office: Office) -> None:
    recorded = office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    office.step(recorded, AddNote(text="rang twice, sounded cross"), ANSWER, Close())
    assert list_closed(office.controller)[0].state is CaseState.DONE
    office.clock.turn(days=35 * 30)
    assert purge_cases(now=office.clock.now) == 0
    office.clock.turn(days=60)
    assert purge_cases(now=office.clock.now) == 1
    assert purge_cases(now=office.clock.now) == 0
    file = office.read(recorded)
    assert (file.content, file.notes) == (CaseContact(), ())
    assert file.events[-1].event is CaseEvent.FORGOTTEN
    assert office.api.decision("email", EMAIL) == "deny", "the stop stays"
    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM case_notes")).scalar_one()
    assert kept == 0


def test_a_case_of_another_controller_is_not_there(office: Office, new_api: object) -> None:
    recorded = office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    new_api("okonect")  # type: ignore[operator]
    other = find_controller("okonect")
    reference = recorded.case.reference
    with pytest.raises(NotFoundError):
        read_case(office.services, other, reference, with_content=True)
    with pytest.raises(NotFoundError):
        undo_suppressions(other, reference, by=office.user, now=office.clock.now)


def test_a_look_up_names_its_purpose_in_the_ledger_and_no_value(office: Office) -> None:
    recorded = office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    subject = office.services.subject(office.controller, Kind.EMAIL, EMAIL, consent=True)
    lookup_result = look_up_person(
        office.services,
        office.controller,
        [subject],
        LookUpPurpose.COMPLAINT,
        by=office.user,
        now=office.clock.now,
    )[0]
    assert lookup_result.cases == (recorded.case,)
    assert [checked_scope.answer.decision for checked_scope in lookup_result.checked] == [
        Decision.DENY
    ]
    with db.engine.connect() as connection:
        entry = connection.execute(
            text("SELECT actor, ref, record_id FROM ledger_entries WHERE type = 'q'")
        ).one()
    assert tuple(entry) == (office.user.actor, "complaint", None)


def test_a_look_up_of_an_earlier_day_tells_what_a_check_would_have_said(office: Office) -> None:
    before = office.clock.now
    office.clock.turn(days=2)
    office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    subject = office.services.subject(office.controller, Kind.EMAIL, EMAIL, consent=True)
    then, now = (
        look_up_person(
            office.services,
            office.controller,
            [subject],
            LookUpPurpose.AUTHORITY,
            by=office.user,
            now=office.clock.now,
            at=at,
        )[0]
        for at in (before, None)
    )
    assert [checked_scope.answer.decision for checked_scope in then.checked] == [Decision.ALLOW]
    assert [checked_scope.answer.decision for checked_scope in now.checked] == [Decision.DENY]
    assert (then.in_force, len(now.in_force)) == ((), 1)


@pytest.mark.parametrize(
    "change", ["UPDATE case_events SET actor = 'x'", "DELETE FROM case_events"]
)
def test_a_timeline_can_be_neither_changed_nor_deleted(office: Office, change: str) -> None:
    office.record(CaseKind.ACCESS)
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(change))


def test_an_unknown_sandbox_or_nobody_opens_a_case_all_the_same(office: Office) -> None:
    recorded = office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, "suppressed@example.test"))
    office.api.seen.discard("suppressed@example.test")
    assert office.read(recorded).stops == ()
    assert dataclasses.asdict(recorded.case)["kind"] == CaseKind.OBJECTION_MARKETING
