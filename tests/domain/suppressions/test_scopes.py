"""Which scopes a request covers, and which fields are named if they do not fit together."""

from __future__ import annotations

import pytest

from suppression.domain.errors import ChannelMismatchError, InvalidValueError
from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope, scopes_of
from suppression.domain.vocabulary import Channel, Kind, Purpose, Reason

OBJECTION = [Reason.OBJECTION]
EVERYTHING = [Reason.RESTRICTION, Reason.DECEASED]
ALL = RequestedScope(channels=None, all_channels=True)
NO_CHANNELS = RequestedScope(channels=None)


def test_all_is_every_channel_that_each_identifiers_kind_takes() -> None:
    assert _channels(ALL, Kind.PHONE, Kind.EMAIL, Kind.POSTAL) == [
        [Channel.SMS, Channel.TELEPHONE],
        [Channel.EMAIL],
        [Channel.POST],
    ]


def test_each_identifier_gets_the_named_channels_that_take_its_kind() -> None:
    coverage = _on(Channel.TELEPHONE, Channel.EMAIL)
    assert _channels(coverage, Kind.EMAIL, Kind.PHONE) == [[Channel.EMAIL], [Channel.TELEPHONE]]


def test_a_channel_named_twice_is_covered_once() -> None:
    assert _channels(_on(Channel.SMS, Channel.SMS), Kind.PHONE) == [[Channel.SMS]]


def test_a_stop_is_for_marketing_and_every_topic_unless_it_says_otherwise() -> None:
    assert scopes_of(_on(Channel.EMAIL), [Kind.EMAIL], OBJECTION) == [
        [Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic="")]
    ]


def test_a_topic_goes_with_every_channel() -> None:
    coverage = RequestedScope(channels=None, all_channels=True, topic="offers")
    (scopes,) = scopes_of(coverage, [Kind.PHONE], OBJECTION)
    assert [scope.topic for scope in scopes] == ["offers", "offers"]


@pytest.mark.parametrize("purpose", [Purpose.PROFILING, Purpose.SHARING])
def test_profiling_and_sharing_concern_a_kind_and_no_channel(purpose: Purpose) -> None:
    coverage = RequestedScope(channels=None, purpose=purpose)
    scope = Scope(channel=None, purpose=purpose)
    assert scopes_of(coverage, [Kind.EMAIL, Kind.PHONE], OBJECTION) == [[scope], [scope]]


@pytest.mark.parametrize("reason", EVERYTHING)
def test_a_restriction_and_a_death_cover_everything(reason: Reason) -> None:
    scope = Scope(channel=None, purpose=None)
    assert scopes_of(NO_CHANNELS, [Kind.EMAIL, Kind.POSTAL], [reason]) == [[scope], [scope]]


def test_a_release_without_reasons_is_of_channels() -> None:
    assert _refused(NO_CHANNELS, reasons=[]) == ["/channels"]


def test_a_channel_that_no_identifier_fits_is_named_by_its_place() -> None:
    coverage = _on(Channel.EMAIL, Channel.POST, Channel.SMS)
    assert _unfit(coverage, Kind.EMAIL) == ["/channels/1", "/channels/2"]


def test_an_identifier_that_fits_no_channel_is_named_by_its_place() -> None:
    coverage = _on(Channel.EMAIL)
    assert _unfit(coverage, Kind.EMAIL, Kind.PHONE, Kind.POSTAL) == [
        "/identifiers/1",
        "/identifiers/2",
    ]


def test_everything_that_does_not_fit_is_named_at_once() -> None:
    assert _unfit(_on(Channel.EMAIL), Kind.PHONE) == ["/identifiers/0", "/channels/0"]


@pytest.mark.parametrize("coverage", [NO_CHANNELS, RequestedScope(channels=())])
def test_a_stop_without_channels_is_told_to_send_some(coverage: RequestedScope) -> None:
    assert _refused(coverage) == ["/channels"]


def test_service_messages_cannot_be_stopped() -> None:
    coverage = RequestedScope(channels=(Channel.EMAIL,), purpose=Purpose.SERVICE)
    assert _refused(coverage) == ["/purpose"]


@pytest.mark.parametrize("purpose", [Purpose.PROFILING, Purpose.SHARING])
def test_profiling_and_sharing_take_neither_channels_nor_a_topic(purpose: Purpose) -> None:
    for channels in ((Channel.EMAIL,), ()):
        assert _refused(RequestedScope(channels=channels, purpose=purpose)) == ["/channels"]
    every = RequestedScope(channels=None, all_channels=True, purpose=purpose)
    assert _refused(every) == ["/channels"]
    assert _refused(RequestedScope(channels=None, purpose=purpose, topic="offers")) == ["/topic"]


@pytest.mark.parametrize("reason", EVERYTHING)
@pytest.mark.parametrize(
    ("coverage", "pointer"),
    [
        (ALL, "/channels"),
        (RequestedScope(channels=(Channel.EMAIL,)), "/channels"),
        (RequestedScope(channels=None, topic="offers"), "/topic"),
        (RequestedScope(channels=None, purpose=Purpose.MARKETING), "/purpose"),
        (RequestedScope(channels=None, purpose=Purpose.SERVICE), "/purpose"),
    ],
)
def test_what_covers_everything_takes_nothing_narrower(
    reason: Reason, coverage: RequestedScope, pointer: str
) -> None:
    assert _refused(coverage, reasons=[reason]) == [pointer]


def test_what_covers_everything_is_released_apart_from_other_reasons() -> None:
    assert _refused(NO_CHANNELS, reasons=[Reason.DECEASED, Reason.OBJECTION]) == ["/reasons"]
    assert len(scopes_of(NO_CHANNELS, [Kind.EMAIL], EVERYTHING)) == 1


def _on(*channels: Channel) -> RequestedScope:
    return RequestedScope(channels=channels)


def _channels(coverage: RequestedScope, *kinds: Kind) -> list[list[Channel | None]]:
    covered = scopes_of(coverage, kinds, OBJECTION)
    return [[scope.channel for scope in scopes] for scopes in covered]


def _refused(coverage: RequestedScope, *, reasons: list[Reason] = OBJECTION) -> list[str]:
    with pytest.raises(InvalidValueError) as refusal:
        scopes_of(coverage, [Kind.EMAIL], reasons)
    return [fault.pointer for fault in refusal.value.faults]


def _unfit(coverage: RequestedScope, *kinds: Kind) -> list[str]:
    with pytest.raises(ChannelMismatchError) as refusal:
        scopes_of(coverage, kinds, OBJECTION)
    return [fault.pointer for fault in refusal.value.faults]
