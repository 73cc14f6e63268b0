"""The content of a case is merged with each repeated request, and is in no `repr`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from suppression.domain.cases.contents import (
    CaseContact,
    TimelineEvent,
    UnparsedIdentifier,
    suppression_dates,
)
from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.vocabulary import Kind

NUMBER = UnparsedIdentifier(kind=Kind.PHONE, text="06 12 3? ..")
CONTENT = CaseContact(name="Zoé Petit", contact="12 rue Cachée", unread=(NUMBER,))


def test_what_was_known_stays_and_what_is_new_is_added() -> None:
    mail = UnparsedIdentifier(kind=Kind.EMAIL, text="zoe@")
    again = CaseContact(name="Z. Petit", writer="Paul Petit", unread=(NUMBER, mail))
    assert CONTENT.merged_with(again) == CaseContact(
        name="Zoé Petit", contact="12 rue Cachée", writer="Paul Petit", unread=(NUMBER, mail)
    )


def test_the_kinds_of_what_nobody_could_read_are_known() -> None:
    mail = UnparsedIdentifier(kind=Kind.EMAIL, text="zoe@")
    assert CaseContact(unread=(NUMBER, mail, NUMBER)).unread_kinds == {Kind.PHONE, Kind.EMAIL}
    assert CaseContact().unread_kinds == set()


OTHER = UnparsedIdentifier(kind=Kind.PHONE, text="06 98 ..")
MAIL = UnparsedIdentifier(kind=Kind.EMAIL, text="zoe@")
ALL = CaseContact(unread=(NUMBER, OTHER, MAIL))


def test_what_was_found_is_no_longer_unreadable() -> None:
    assert CONTENT.without_resolved([Kind.EMAIL]) == CONTENT
    assert CONTENT.without_resolved([Kind.PHONE]).unread == ()


@pytest.mark.parametrize(
    ("kinds", "resolved", "left"),
    [
        ([Kind.PHONE], [], (NUMBER, OTHER, MAIL)),
        ([Kind.PHONE, Kind.PHONE], [], (MAIL,)),
        ([Kind.PHONE], [OTHER.text], (NUMBER, MAIL)),
        ([Kind.PHONE], [NUMBER.text, OTHER.text], (MAIL,)),
        ([Kind.PHONE, Kind.PHONE], [OTHER.text], (MAIL,)),
        ([Kind.EMAIL], [OTHER.text], (NUMBER, OTHER)),
        ([Kind.PHONE], ["06 something else"], (NUMBER, OTHER, MAIL)),
    ],
)
def test_of_two_unreadable_texts_none_goes_unless_it_is_known_which(
    kinds: list[Kind], resolved: list[str], left: tuple[UnparsedIdentifier, ...]
) -> None:
    after = ALL.without_resolved(kinds, resolved)
    assert after.unread == left
    gone = [unparsed.text for unparsed in ALL.unread if unparsed not in left]
    assert ALL.lines_without(after) == "\n".join(gone)


def test_what_a_repeat_says_otherwise_is_left_over() -> None:
    assert CONTENT.without_fields(CONTENT) == ""
    again = CaseContact(name="Paul Petit", contact="8 place Y", writer="Zoé Petit")
    assert CONTENT.without_fields(again) == "Paul Petit\n8 place Y"


@pytest.mark.parametrize(
    ("name", "another", "same"),
    [
        ("Mme PETIT Zoé", False, True),
        ("", False, False),
        ("M.", False, False),
        ("Paul Petit", True, False),
        ("Petit", True, False),
    ],
)
def test_another_name_is_told_from_another_writing(name: str, *, another: bool, same: bool) -> None:
    named = CaseContact(name=name)
    assert CONTENT.names_another(named) is named.names_another(CONTENT) is another
    assert CONTENT.names_same(named) is named.names_same(CONTENT) is same


def test_it_is_read_back_as_it_was_and_never_shown() -> None:
    assert CaseContact.from_json(CONTENT.as_json()) == CONTENT
    assert "Zoé" not in repr(CONTENT)
    assert "06" not in repr(NUMBER)


def test_what_was_given_stays_and_may_be_lacking_in_what_was_kept_before() -> None:
    access_request = CaseContact(given=(NUMBER,))
    assert access_request.merged_with(CONTENT).given == (NUMBER,)
    assert access_request.without_resolved([Kind.PHONE]).given == (NUMBER,)
    assert CaseContact.from_json(access_request.as_json()) == access_request
    old = {name: value for name, value in CONTENT.as_json().items() if name != "given"}
    assert CaseContact.from_json(old) == CONTENT


def test_a_case_has_stopped_as_often_as_it_was_asked() -> None:
    at = datetime(2026, 11, 28, tzinfo=UTC)
    events = [
        TimelineEvent(event=event, actor="worker", recorded_at=at)
        for event in (CaseEvent.STOPPED, CaseEvent.FORGOTTEN, CaseEvent.STOPPED)
    ]
    assert suppression_dates(events) == 2
