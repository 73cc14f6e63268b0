"""The steps of a case that the law allows a DPO to take, and those that it forbids."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from suppression.domain.cases.available_steps import available_steps
from suppression.domain.cases.model import Case, merge_request, with_identifiers_found
from suppression.domain.cases.transitions import (
    AddNote,
    AnswerPerson,
    AskIdentity,
    AskPerson,
    CaseStep,
    Close,
    CloseNothingFound,
    DestroyProof,
    Extend,
    KeepRestriction,
    LiftRestriction,
    Refuse,
    Resume,
    SeeProof,
    TellRecipients,
)
from suppression.domain.cases.vocabulary import (
    CaseEvent,
    CaseKind,
    CaseState,
    ProofMethod,
    RefusalGround,
)
from suppression.domain.errors import InvalidTransitionError
from suppression.domain.vocabulary import Channel, Kind
from tests.domain.cases.examples import AT, RECEIVED, TODAY, example_case

YESTERDAY = TODAY - timedelta(days=1)
ANSWER = AnswerPerson(on=TODAY)
REFUSE = Refuse(ground=RefusalGround.EXCESSIVE, told_on=TODAY, text="each day since May")
EXTEND = Extend(told_on=TODAY, text="many requests")
ASK = AskIdentity(text="two people of this name")
SEE = SeeProof(method=ProofMethod.IN_PERSON, on=YESTERDAY)
DESTROY = DestroyProof(on=TODAY)
KEPT = example_case(CaseKind.RESTRICTION, readable=[Kind.EMAIL])


def after(case: Case, *steps: CaseStep) -> Case:
    for step in steps:
        case = step(case, AT)
    return case


def refusal(case: Case, step: CaseStep) -> str:
    with pytest.raises(InvalidTransitionError) as raised:
        step(case, AT)
    return raised.value.code


def test_an_answered_request_closes() -> None:
    case = after(example_case(CaseKind.ACCESS), ANSWER, Close())
    assert (case.state, case.closed_at) == (CaseState.DONE, AT.now)


@pytest.mark.parametrize(
    "step", [Close(), ANSWER, REFUSE, EXTEND, Resume(), SEE, DESTROY], ids=lambda step: step.event
)
def test_a_closed_case_takes_nothing_but_notes(step: CaseStep) -> None:
    case = after(example_case(CaseKind.ACCESS), ANSWER, Close())
    assert refusal(case, step) == "closed"
    assert AddNote(text="asked again by telephone")(case, AT) == case


@pytest.mark.parametrize("kind", [kind for kind in CaseKind if not kind.refusable])
def test_an_objection_cannot_be_refused(kind: CaseKind) -> None:
    assert refusal(example_case(kind), REFUSE) == "not_refusable"


def test_another_right_is_refused_on_a_ground_with_its_words() -> None:
    case = after(example_case(CaseKind.ACCESS), REFUSE)
    assert (case.state, case.ground, case.answered_on) == (
        CaseState.REFUSED,
        RefusalGround.EXCESSIVE,
        TODAY,
    )
    wordless = dataclasses.replace(REFUSE, text=" ")
    assert refusal(example_case(CaseKind.ACCESS), wordless) == "text_missing"


def test_a_restriction_that_stands_is_lifted_before_it_is_refused() -> None:
    assert refusal(KEPT, REFUSE) == "restriction_stands"
    assert after(KEPT, LiftRestriction(told_on=TODAY), REFUSE).state is CaseState.REFUSED


def test_an_extension_counts_from_receipt() -> None:
    case = after(example_case(CaseKind.ACCESS), EXTEND)
    assert (case.due_on, case.extended_on) == (date(2027, 2, 2), TODAY)
    assert refusal(case, EXTEND) == "extended_already"


def test_an_extension_comes_within_the_first_month_or_never() -> None:
    last = example_case(CaseKind.ACCESS, received_on=date(2026, 10, 21))
    assert after(last, EXTEND).due_on == date(2027, 1, 21)
    late = example_case(CaseKind.ACCESS, received_on=date(2026, 10, 20))
    assert refusal(late, EXTEND) == "too_late_to_extend"


def test_what_has_no_clock_is_not_extended() -> None:
    assert refusal(after(KEPT, ANSWER, KeepRestriction()), EXTEND) == "state"


@pytest.mark.parametrize(
    "day", [RECEIVED - timedelta(days=1), TODAY + timedelta(days=1)], ids=["before", "ahead"]
)
@pytest.mark.parametrize(
    "make_step",
    [
        lambda day: AnswerPerson(on=day),
        lambda day: dataclasses.replace(EXTEND, told_on=day),
        lambda day: dataclasses.replace(REFUSE, told_on=day),
    ],
    ids=["answer", "extend", "refuse"],
)
def test_no_day_lies_ahead_or_before_the_request(
    make_step: Callable[[date], CaseStep], day: date
) -> None:
    assert refusal(example_case(CaseKind.ACCESS), make_step(day)) == "date"


def test_waiting_for_the_person_ends_where_the_case_belongs() -> None:
    case = example_case(CaseKind.OBJECTION_MARKETING, wanted=(Channel.SMS,))
    assert after(case, AskPerson()).state is CaseState.WAITING
    assert after(case, AskPerson(), Resume()).state is CaseState.IDENTIFIER_MISSING
    assert after(example_case(CaseKind.ACCESS), AskPerson(), Resume()).state is CaseState.OPEN
    assert refusal(case, Resume()) == "state"


def test_nothing_found_says_where_one_looked_and_that_the_person_knows() -> None:
    case = example_case(CaseKind.OBJECTION_MARKETING, wanted=(Channel.SMS,))
    nothing_found = CloseNothingFound(text="CRM, mailing tool")
    assert refusal(case, nothing_found) == "unanswered"
    assert after(case, ANSWER, nothing_found).state is CaseState.NOTHING_FOUND
    nowhere = dataclasses.replace(nothing_found, unreachable=True)
    assert after(case, nowhere).state is CaseState.NOTHING_FOUND
    assert refusal(case, CloseNothingFound()) == "text_missing"
    assert (
        after(example_case(CaseKind.ACCESS), ANSWER, nothing_found).state is CaseState.NOTHING_FOUND
    )


def test_what_was_stopped_was_found() -> None:
    case = example_case(CaseKind.OBJECTION_MARKETING, wanted=(Channel.SMS,), readable=[Kind.PHONE])
    assert refusal(case, CloseNothingFound(text="CRM")) == "found"


def test_a_case_does_not_close_while_proof_is_held() -> None:
    case = after(example_case(CaseKind.ACCESS), ASK, SEE, ANSWER)
    assert (case.state, refusal(case, Close())) == (CaseState.OPEN, "proof_held")
    assert refusal(case, REFUSE) == "proof_held"
    assert refusal(case, CloseNothingFound(text="CRM")) == "proof_held"
    assert refusal(case, SEE) == "proof_held"
    gone = after(case, DESTROY, Close())
    assert gone.identity is not None
    assert (gone.identity.destroyed_by, gone.identity.destroyed_on) == ("user:1", TODAY)


def test_proof_is_seen_only_after_it_was_asked_for_a_reason() -> None:
    case = example_case(CaseKind.ACCESS)
    assert refusal(case, SEE) == "identity_not_asked"
    assert refusal(case, AskIdentity()) == "text_missing"
    assert refusal(case, DESTROY) == "no_proof"
    at_work = after(case, ASK, Resume(), SEE)
    assert at_work.state is CaseState.OPEN
    assert refusal(after(at_work, DESTROY), DESTROY) == "no_proof"


def test_proof_is_not_destroyed_before_it_was_seen() -> None:
    case = after(example_case(CaseKind.ACCESS), ASK, SEE)
    assert refusal(case, DestroyProof(on=YESTERDAY - timedelta(days=1))) == "date"


def test_an_objection_never_waits_for_proof() -> None:
    assert refusal(example_case(CaseKind.OBJECTION_MARKETING), ASK) == "identity_not_needed"


def test_recipients_are_told_of_erasures_and_of_objections_to_passing_on() -> None:
    recipients_told = TellRecipients(on=TODAY, text="the printer")
    case = after(example_case(CaseKind.ERASURE), ANSWER, recipients_told, Close())
    assert (case.state, case.recipients_told_on) == (CaseState.DONE, TODAY)
    assert refusal(example_case(CaseKind.ACCESS), recipients_told) == "state"


def test_a_restriction_is_kept_until_the_person_was_told_that_it_ends() -> None:
    assert refusal(KEPT, KeepRestriction()) == "unanswered"
    kept = after(KEPT, ANSWER, KeepRestriction())
    assert (kept.state, refusal(kept, Close())) == (CaseState.RESTRICTED, "restriction_stands")
    assert refusal(kept, LiftRestriction(told_on=None)) == "person_untold"
    lifted = after(kept, LiftRestriction(told_on=TODAY))
    assert lifted.lifted_on == TODAY
    assert refusal(lifted, LiftRestriction(told_on=TODAY)) == "state"
    assert refusal(lifted, KeepRestriction()) == "state"
    assert after(lifted, Close()).state is CaseState.DONE


def test_only_a_restriction_is_kept_or_lifted() -> None:
    case = example_case(CaseKind.ACCESS)
    assert refusal(case, KeepRestriction()) == "state"
    assert refusal(case, LiftRestriction(told_on=TODAY)) == "state"


def test_nothing_is_written_into_a_case_that_was_forgotten() -> None:
    case = dataclasses.replace(after(example_case(CaseKind.ACCESS), ANSWER, Close()))
    forgotten = dataclasses.replace(case, forgotten_at=AT.now)
    assert refusal(forgotten, AddNote(text="more")) == "forgotten"


def test_a_page_offers_what_the_case_takes_and_nothing_else() -> None:
    objection = available_steps(
        example_case(CaseKind.OBJECTION_MARKETING, wanted=(Channel.SMS,), readable=[Kind.PHONE]), AT
    )
    assert CaseEvent.ANSWERED in objection
    assert objection.isdisjoint({CaseEvent.REFUSED, CaseEvent.IDENTITY_ASKED, CaseEvent.CLOSED})
    assert CaseEvent.REFUSED in available_steps(example_case(CaseKind.ACCESS), AT)
    done = after(example_case(CaseKind.ACCESS), ANSWER, Close())
    assert available_steps(done, AT) == {CaseEvent.NOTED}


NOTHING_STOPPED = example_case(CaseKind.RESTRICTION, unreadable=[Kind.PHONE])


def test_a_restriction_of_nothing_is_not_lifted_and_takes_its_identifier_later() -> None:
    assert NOTHING_STOPPED.state is CaseState.IDENTIFIER_MISSING
    assert refusal(NOTHING_STOPPED, LiftRestriction(told_on=TODAY)) == "nothing_stopped"
    assert CaseEvent.LIFTED not in available_steps(NOTHING_STOPPED, AT)
    later = with_identifiers_found(NOTHING_STOPPED, [Kind.PHONE])
    assert after(later, LiftRestriction(told_on=TODAY)).lifted_on == TODAY


def test_a_restriction_of_nothing_is_refused_as_another_right_is() -> None:
    assert CaseEvent.REFUSED in available_steps(NOTHING_STOPPED, AT)
    assert after(NOTHING_STOPPED, REFUSE).state is CaseState.REFUSED
    assert refusal(NOTHING_STOPPED, Close()) == "not_stopped"


def test_a_restriction_of_one_identifier_of_two_stands() -> None:
    both = example_case(CaseKind.RESTRICTION, readable=[Kind.EMAIL], unreadable=[Kind.PHONE])
    repeated = merge_request(NOTHING_STOPPED, both, "FR")
    completed = with_identifiers_found(NOTHING_STOPPED, [Kind.EMAIL], [Kind.PHONE])
    for case in (both, repeated, completed):
        assert not case.stopped
        assert refusal(case, REFUSE) == "restriction_stands"
        assert after(case, LiftRestriction(told_on=TODAY), REFUSE).state is CaseState.REFUSED
