"""A repeated request keeps what it adds, and two clerks at one time open only one case."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from suppression.domain.cases.contents import UnparsedIdentifier
from suppression.domain.cases.model import Urgency
from suppression.domain.cases.transitions import AnswerPerson
from suppression.domain.cases.vocabulary import CaseEvent, CaseKind
from suppression.domain.vocabulary import Channel, Kind
from suppression.storage.engine.database import writing
from suppression.usecases.cases.queries import cases_by_urgency
from suppression.usecases.cases.take_step import suppress_identifiers_found, undo_suppressions
from suppression.usecases.suppressions.lock_for_stops import lock_for_stops
from tests.databases import BACKENDS
from tests.usecases.cases.test_register import EMAIL, PHONE, Office, office

__all__ = ["office"]


def test_who_writes_after_the_answer_is_owed_another(office: Office) -> None:
    first = office.record(CaseKind.OBJECTION_PROFILING, (Kind.EMAIL, EMAIL))
    office.step(first, AnswerPerson(on=date(2026, 11, 18)))
    same_letter = office.record(
        CaseKind.OBJECTION_PROFILING, (Kind.EMAIL, EMAIL), received_on=date(2026, 11, 17)
    )
    assert same_letter.joined
    later = office.record(
        CaseKind.OBJECTION_PROFILING, (Kind.EMAIL, EMAIL), received_on=date(2026, 11, 19)
    )
    assert not later.joined
    assert later.case.due_on == date(2026, 12, 21)


def test_another_person_behind_the_same_number_is_not_forgotten(office: Office) -> None:
    office.record(CaseKind.OBJECTION_SHARING, (Kind.PHONE, PHONE), name="Paul Petit-Dubois")
    again = office.record(CaseKind.OBJECTION_SHARING, (Kind.PHONE, PHONE))
    assert (again.joined, office.read(again).content.name) == (False, "Zoé Petit-Dubois")


def test_a_name_that_is_written_otherwise_is_kept_as_a_note(office: Office) -> None:
    office.record(CaseKind.OBJECTION_SHARING, (Kind.PHONE, PHONE))
    name = "Mme PETIT-DUBOIS Zoé"
    again = office.record(CaseKind.OBJECTION_SHARING, (Kind.PHONE, PHONE), name=name)
    file = office.read(again)
    assert (again.joined, file.content.name) == (True, "Zoé Petit-Dubois")
    assert [(note.event, note.text) for note in file.notes] == [(CaseEvent.REPEATED, name)]


def test_one_person_s_mistake_lifts_nothing_of_a_case_that_was_joined_twice(
    office: Office,
) -> None:
    first = office.record(CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL))
    office.step(first, AnswerPerson(on=date(2026, 11, 18)))
    later = office.record(
        CaseKind.OBJECTION_MARKETING, (Kind.EMAIL, EMAIL), received_on=date(2026, 11, 19)
    )
    undo_suppressions(office.controller, later.case.reference, by=office.user, now=office.clock.now)
    assert office.api.decision("email", EMAIL) == "deny"


@pytest.mark.parametrize(
    ("identifier", "channel"),
    [
        ((Kind.EMAIL, EMAIL), Channel.EMAIL),
        ((Kind.PHONE, PHONE), Channel.TELEPHONE),
    ],
)
def test_clerks_who_record_the_same_letter_at_once_open_one_case(
    app: Flask, office: Office, identifier: tuple[Kind, str], channel: Channel
) -> None:
    def record(_: int) -> str:
        with app.app_context():
            recorded = office.record(CaseKind.OBJECTION_MARKETING, identifier, wanted=(channel,))
        return recorded.case.reference

    with ThreadPoolExecutor(3) as clerks:
        references = set(clerks.map(record, range(3)))
    assert len(references) == 1
    cases = cases_by_urgency(office.controller, now=office.clock.now)
    assert sum(len(cases_of_clerk) for cases_of_clerk in cases.values()) == 1
    assert len(cases[Urgency.QUEUE]) == 1


@pytest.mark.parametrize("backend", BACKENDS[-1:], indirect=True)
def test_who_adds_a_number_waits_for_who_records_it_anew_before_the_case_is_locked(
    app: Flask, office: Office
) -> None:
    """The two once locked case and person in opposite orders: a deadlock, and a 503 for one."""
    first = office.record(
        CaseKind.OBJECTION_MARKETING,
        (Kind.EMAIL, EMAIL),
        wanted=(Channel.EMAIL, Channel.TELEPHONE),
        unread=(UnparsedIdentifier(kind=Kind.PHONE, text="smudged"),),
    )
    number = office.services.subject(office.controller, Kind.PHONE, PHONE)

    def add() -> str:
        with app.app_context():
            case = suppress_identifiers_found(
                office.services,
                office.controller,
                first.case.reference,
                [number],
                by=office.user,
                now=office.clock.now,
            )
        return case.reference

    with ThreadPoolExecutor(1) as clerk:
        with writing() as recording_anew:
            lock_for_stops(recording_anew, [number])
            added = clerk.submit(add)
            time.sleep(0.5)
            assert not added.done()
            locked = recording_anew.execute(text("SELECT reference FROM cases FOR UPDATE NOWAIT"))
            assert [row.reference for row in locked] == [first.case.reference]
        assert added.result() == first.case.reference
