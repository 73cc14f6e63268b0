"""The states of imports, and the options for rows that do not state a value themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from suppression.domain.calendar.date_parsing import DateRange
from suppression.domain.errors import ImportStateError, InvalidValueError, UnknownFieldError
from suppression.domain.imports.model import ImportAction, ImportState, state_after
from suppression.domain.imports.options import OPTION_NAMES, ImportOptions, parse_options
from suppression.domain.imports.vocabulary import CHANNEL_OF_WORD, REASON_OF_WORD
from suppression.domain.suppressions.kinds import STATABLE_REASONS
from suppression.domain.vocabulary import Channel, Kind, Purpose, Reason

WORDS = {
    "channels": "sms,telephone",
    "purpose": "marketing",
    "topic": "newsletter",
    "reason": "objection",
    "occurred_at": "2026-01-02T03:04:05Z",
    "expires_at": "2027-01-02T03:04:05Z",
    "country": "be",
    "kind": "phone",
    "scheme": "meta-phone",
    "whole_address": "yes",
}


@pytest.mark.parametrize("state", ImportState)
@pytest.mark.parametrize("wish", ImportAction)
def test_a_wish_that_was_granted_is_granted_again(state: ImportState, wish: ImportAction) -> None:
    try:
        granted = state_after(state, wish)
    except ImportStateError:
        return
    assert state_after(granted, wish) is granted


def test_only_what_was_discarded_or_undone_is_over() -> None:
    assert {import_state for import_state in ImportState if import_state.over} == {
        ImportState.DISCARDED,
        ImportState.UNDONE,
    }


def test_every_term_can_be_worded() -> None:
    instant = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert parse_options(WORDS) == ImportOptions(
        channels=(Channel.SMS, Channel.TELEPHONE),
        purpose=Purpose.MARKETING,
        topic="newsletter",
        reason=Reason.OBJECTION,
        occurred_at=DateRange(instant, instant),
        expires_at=datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC),
        country="BE",
        kind=Kind.PHONE,
        scheme="meta-phone",
        whole_address=True,
    )
    assert (
        parse_options({})
        == parse_options({"channels": "all", "whole_address": "no"})
        == ImportOptions()
    )
    assert set(WORDS) == OPTION_NAMES


@pytest.mark.parametrize("name", sorted(set(WORDS) - {"scheme"}))
def test_a_value_that_is_none_is_named(name: str) -> None:
    with pytest.raises(InvalidValueError) as raised:
        parse_options({name: "No such thing"})
    assert [fault.pointer for fault in raised.value.faults] == [f"/{name}"]


def test_a_word_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownFieldError):
        parse_options({"reasons": "objection"})


@pytest.mark.parametrize("name", sorted(WORDS))
def test_each_term_makes_another_import_of_the_same_bytes(name: str) -> None:
    without = {name_sent: word for name_sent, word in WORDS.items() if name_sent != name}
    changed = {"purpose": "sharing"} if name == "purpose" else {}
    assert (
        parse_options(without | changed).canonical_text() != parse_options(WORDS).canonical_text()
    )


def test_terms_cover_the_channels_that_a_kind_has() -> None:
    options = ImportOptions(channels=(Channel.SMS, Channel.EMAIL))
    covered = options.coverage(None, Kind.PHONE)
    assert covered is not None
    assert covered.channels == (Channel.SMS,)
    assert options.coverage((Channel.POST,), Kind.PHONE) is None
    everything = ImportOptions().coverage(None, Kind.PHONE)
    assert everything is not None
    assert everything.all_channels
    sharing = ImportOptions(purpose=Purpose.SHARING).coverage(None, Kind.PHONE)
    assert sharing is not None
    assert not sharing.channels_sent


def test_every_reason_and_every_channel_has_words() -> None:
    assert set(REASON_OF_WORD.values()) == STATABLE_REASONS
    assert set(CHANNEL_OF_WORD.values()) == set(Channel)
    assert all(
        REASON_OF_WORD[str(reason).replace("_", " ")] is reason for reason in STATABLE_REASONS
    )
