"""How cases open, what they lack, when they close, and where the page Today lists them."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from suppression.domain.cases.model import (
    Urgency,
    closing_blockers,
    merge_request,
    urgency,
    with_identifiers_found,
    with_suppressions_undone,
)
from suppression.domain.cases.vocabulary import TRANSITIONS, CaseKind, CaseState
from suppression.domain.errors import InvalidTransitionError
from suppression.domain.vocabulary import Channel, Kind
from tests.domain.cases.examples import RECEIVED, TODAY, example_case

MARKETING = CaseKind.OBJECTION_MARKETING


def test_a_stop_that_could_be_read_opens_a_case_with_its_deadline() -> None:
    case = example_case(MARKETING, wanted=(Channel.EMAIL,), readable=[Kind.EMAIL])
    assert (case.state, case.missing, case.due_on) == (CaseState.OPEN, (), date(2026, 12, 2))


def test_a_letter_without_the_number_waits_for_it() -> None:
    case = example_case(MARKETING, wanted=(Channel.TELEPHONE, Channel.POST), readable=[Kind.POSTAL])
    assert case.state is CaseState.IDENTIFIER_MISSING
    assert case.missing == (Channel.TELEPHONE,)


def test_one_unreadable_number_keeps_the_channel_missing_beside_a_readable_one() -> None:
    case = example_case(
        MARKETING, wanted=(Channel.SMS,), readable=[Kind.PHONE], unreadable=[Kind.PHONE]
    )
    assert case.missing == (Channel.SMS,)


def test_a_death_without_an_identifier_waits_for_one() -> None:
    assert example_case(CaseKind.DEATH).state is CaseState.IDENTIFIER_MISSING
    assert example_case(CaseKind.DEATH, readable=[Kind.EMAIL]).state is CaseState.OPEN
    both = example_case(CaseKind.DEATH, readable=[Kind.EMAIL], unreadable=[Kind.PHONE])
    assert both.state is CaseState.IDENTIFIER_MISSING


def test_an_access_needs_no_identifier_to_open() -> None:
    assert example_case(CaseKind.ACCESS).state is CaseState.OPEN


def test_a_found_identifier_opens_its_channels() -> None:
    case = example_case(MARKETING, wanted=(Channel.EMAIL, Channel.SMS, Channel.TELEPHONE))
    half = with_identifiers_found(case, [Kind.PHONE])
    assert (half.state, half.missing) == (CaseState.IDENTIFIER_MISSING, (Channel.EMAIL,))
    assert with_identifiers_found(half, [Kind.EMAIL]).state is CaseState.OPEN


def test_a_found_identifier_leaves_a_case_that_waits_waiting() -> None:
    case = example_case(MARKETING, wanted=(Channel.EMAIL,)).moved_to(CaseState.WAITING)
    assert with_identifiers_found(case, [Kind.EMAIL]).state is CaseState.WAITING


def test_a_closed_case_takes_no_further_stop() -> None:
    case = dataclasses.replace(example_case(CaseKind.DEATH), state=CaseState.DONE)
    with pytest.raises(InvalidTransitionError):
        with_identifiers_found(case, [Kind.EMAIL])


def test_the_same_request_again_keeps_the_earlier_deadline() -> None:
    case = example_case(MARKETING, wanted=(Channel.EMAIL,), readable=[Kind.EMAIL])
    earlier = RECEIVED - timedelta(days=3)
    again = example_case(
        MARKETING, wanted=(Channel.SMS,), readable=[Kind.PHONE], received_on=earlier
    )
    joined = merge_request(case, again, "FR")
    assert (joined.received_on, joined.due_on) == (earlier, date(2026, 11, 30))
    assert joined.wanted == (Channel.EMAIL, Channel.SMS)
    assert merge_request(again, case, "FR").received_on == earlier


def test_the_same_request_with_a_further_channel_waits_for_its_identifier() -> None:
    case = example_case(MARKETING, wanted=(Channel.EMAIL,), readable=[Kind.EMAIL])
    again = example_case(MARKETING, wanted=(Channel.SMS,))
    assert merge_request(case, again, "FR").state is CaseState.IDENTIFIER_MISSING
    waiting = case.moved_to(CaseState.WAITING)
    assert merge_request(waiting, again, "FR").state is CaseState.WAITING


def test_an_extended_deadline_counts_from_the_earlier_receipt_too() -> None:
    case = example_case(MARKETING, wanted=(Channel.EMAIL,), readable=[Kind.EMAIL])
    later = dataclasses.replace(case, extended_on=TODAY, due_on=date(2027, 2, 2))
    assert merge_request(later, case, "FR").due_on == date(2027, 2, 2)
    earlier = dataclasses.replace(case, received_on=date(2026, 10, 20))
    assert merge_request(later, earlier, "FR").due_on == date(2027, 1, 20)


@pytest.mark.parametrize("first_unread", [True, False])
def test_what_one_of_two_letters_left_unreadable_is_not_stopped_by_the_other(
    *, first_unread: bool
) -> None:
    whole = example_case(CaseKind.OBJECTION_SHARING, readable=[Kind.EMAIL])
    partly = example_case(
        CaseKind.OBJECTION_SHARING, readable=[Kind.EMAIL], unreadable=[Kind.PHONE]
    )
    pair = (partly, whole) if first_unread else (whole, partly)
    assert merge_request(*pair, "FR").state is CaseState.IDENTIFIER_MISSING


def test_what_a_repeat_adds_is_told_to_whom_the_data_was_passed() -> None:
    case = example_case(CaseKind.OBJECTION_SHARING, readable=[Kind.EMAIL])
    with_recipients_told = dataclasses.replace(case, recipients_told_on=TODAY)
    assert merge_request(with_recipients_told, case, "FR").recipients_told_on is None


def test_a_restriction_that_is_kept_stays_so_unless_more_is_to_be_stopped() -> None:
    case = example_case(CaseKind.RESTRICTION, readable=[Kind.EMAIL])
    kept = dataclasses.replace(case, state=CaseState.RESTRICTED)
    assert merge_request(kept, case, "FR").state is CaseState.RESTRICTED
    partly = dataclasses.replace(case, stopped=False)
    assert merge_request(kept, partly, "FR").state is CaseState.IDENTIFIER_MISSING


def test_one_of_two_unreadable_identifiers_leaves_the_other_to_be_found() -> None:
    case = example_case(MARKETING, wanted=(Channel.SMS,), unreadable=[Kind.PHONE])
    assert with_identifiers_found(case, [Kind.PHONE], [Kind.PHONE]).missing == (Channel.SMS,)
    death = example_case(CaseKind.DEATH, unreadable=[Kind.PHONE, Kind.EMAIL])
    half = with_identifiers_found(death, [Kind.PHONE], [Kind.EMAIL])
    assert half.state is CaseState.IDENTIFIER_MISSING
    assert with_identifiers_found(half, [Kind.EMAIL]).state is CaseState.OPEN


def test_an_identifier_that_would_stop_nothing_is_refused() -> None:
    case = example_case(MARKETING, wanted=(Channel.EMAIL,))
    with pytest.raises(InvalidTransitionError) as refused:
        with_identifiers_found(case, [Kind.EMAIL, Kind.PHONE])
    assert refused.value.code == "channel_unasked"
    with pytest.raises(InvalidTransitionError):
        with_identifiers_found(example_case(CaseKind.ACCESS), [Kind.EMAIL])
    restriction = example_case(CaseKind.RESTRICTION, readable=[Kind.EMAIL])
    with pytest.raises(InvalidTransitionError):
        with_identifiers_found(dataclasses.replace(restriction, lifted_on=TODAY), [Kind.EMAIL])


def test_a_restriction_is_no_mistake_that_is_lifted_unsaid() -> None:
    with pytest.raises(InvalidTransitionError) as refused:
        with_suppressions_undone(example_case(CaseKind.RESTRICTION, readable=[Kind.EMAIL]))
    assert refused.value.code == "person_untold"


def test_a_closed_state_is_the_end() -> None:
    case = dataclasses.replace(example_case(CaseKind.ACCESS), state=CaseState.DONE)
    with pytest.raises(InvalidTransitionError):
        case.moved_to(CaseState.OPEN)
    assert {state for state in CaseState if state.closed} == {
        CaseState.DONE,
        CaseState.NOTHING_FOUND,
        CaseState.REFUSED,
    }


def test_every_state_can_be_reached_and_left_to_an_end() -> None:
    assert set(TRANSITIONS) == set(CaseState)
    reached = {CaseState.OPEN, CaseState.IDENTIFIER_MISSING}
    for _ in CaseState:
        reached |= {after for state in reached for after in TRANSITIONS[state]}
    assert reached == set(CaseState)


def test_what_is_missing_keeps_a_case_from_closing() -> None:
    assert closing_blockers(example_case(MARKETING, wanted=(Channel.SMS,))) == (
        "not_stopped",
        "unanswered",
    )
    assert closing_blockers(example_case(CaseKind.ERASURE)) == ("unanswered", "recipients_untold")
    assert closing_blockers(example_case(CaseKind.RESTRICTION, readable=[Kind.EMAIL])) == (
        "unanswered",
        "restriction_stands",
    )


def test_nobody_needs_to_answer_the_dead() -> None:
    assert closing_blockers(example_case(CaseKind.DEATH, readable=[Kind.EMAIL])) == ()


def test_today_puts_what_is_late_first() -> None:
    case = example_case(CaseKind.ACCESS)
    waiting = case.moved_to(CaseState.WAITING)
    assert urgency(waiting, date(2026, 12, 3)) is Urgency.OVERDUE
    assert urgency(waiting, date(2026, 11, 25)) is Urgency.DUE_SOON
    assert urgency(waiting, date(2026, 11, 24)) is Urgency.WAITING
    assert urgency(case, date(2026, 11, 24)) is Urgency.QUEUE
    missing = example_case(CaseKind.DEATH)
    assert urgency(missing, TODAY) is Urgency.IDENTIFIER_MISSING


def test_what_has_no_clock_is_never_overdue() -> None:
    kept = dataclasses.replace(example_case(CaseKind.RESTRICTION), state=CaseState.RESTRICTED)
    assert urgency(kept, date(2030, 1, 1)) is Urgency.QUEUE


def test_only_what_could_wait_may_ask_for_proof_of_identity() -> None:
    asking = {kind for kind in CaseKind if kind.may_ask_identity}
    assert CaseKind.ACCESS in asking
    assert MARKETING not in asking
    assert MARKETING.by_channel
    assert not CaseKind.OBJECTION_PROFILING.by_channel


def test_a_mistake_that_was_lifted_leaves_its_channels_missing() -> None:
    case = example_case(MARKETING, wanted=(Channel.EMAIL,), readable=[Kind.EMAIL])
    lifted = with_suppressions_undone(case)
    assert (lifted.state, lifted.missing) == (CaseState.IDENTIFIER_MISSING, (Channel.EMAIL,))
    with pytest.raises(InvalidTransitionError):
        with_suppressions_undone(lifted)
    with pytest.raises(InvalidTransitionError):
        with_suppressions_undone(example_case(CaseKind.ACCESS))
    closed = with_suppressions_undone(dataclasses.replace(case, state=CaseState.DONE))
    assert (closed.state, closed.stopped) == (CaseState.DONE, False)
