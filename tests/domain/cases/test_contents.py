"""What a case keeps of the person: joined with what comes again, and shown to no log."""

from __future__ import annotations

from datetime import UTC, datetime

from suppression.domain.cases.contents import Content, TimelineEvent, Unread, times_stopped
from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.vocabulary import Kind

NUMBER = Unread(kind=Kind.PHONE, text="06 12 3? ..")
CONTENT = Content(name="Zoé Petit", contact="12 rue Cachée", unread=(NUMBER,))


def test_what_was_known_stays_and_what_is_new_is_added() -> None:
    mail = Unread(kind=Kind.EMAIL, text="zoe@")
    again = Content(name="Z. Petit", writer="Paul Petit", unread=(NUMBER, mail))
    assert CONTENT.joined(again) == Content(
        name="Zoé Petit", contact="12 rue Cachée", writer="Paul Petit", unread=(NUMBER, mail)
    )


def test_what_was_found_is_no_longer_unreadable() -> None:
    assert CONTENT.without_unread(Kind.EMAIL) == CONTENT
    assert CONTENT.without_unread(Kind.PHONE).unread == ()


def test_one_that_was_found_leaves_another_unreadable() -> None:
    other = Unread(kind=Kind.PHONE, text="06 98 ..")
    both = CONTENT.joined(Content(unread=(other,)))
    assert both.without_unread(Kind.PHONE).unread == (other,)


def test_what_a_repeat_says_otherwise_is_left_over() -> None:
    assert CONTENT.left_out(CONTENT) == ""
    again = Content(name="Paul Petit", contact="8 place Y", writer="Zoé Petit")
    assert CONTENT.left_out(again) == "Paul Petit\n8 place Y"


def test_it_is_read_back_as_it_was_and_never_shown() -> None:
    assert Content.from_json(CONTENT.as_json()) == CONTENT
    assert "Zoé" not in repr(CONTENT)
    assert "06" not in repr(NUMBER)


def test_what_was_given_stays_and_may_be_lacking_in_what_was_kept_before() -> None:
    asked = Content(given=(NUMBER,))
    assert asked.joined(CONTENT).given == (NUMBER,)
    assert asked.without_unread(Kind.PHONE).given == (NUMBER,)
    assert Content.from_json(asked.as_json()) == asked
    old = {name: value for name, value in CONTENT.as_json().items() if name != "given"}
    assert Content.from_json(old) == CONTENT


def test_a_case_has_stopped_as_often_as_it_was_asked() -> None:
    at = datetime(2026, 11, 28, tzinfo=UTC)
    events = [
        TimelineEvent(event=event, actor="worker", recorded_at=at)
        for event in (CaseEvent.STOPPED, CaseEvent.FORGOTTEN, CaseEvent.STOPPED)
    ]
    assert times_stopped(events) == 2
