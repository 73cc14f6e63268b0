"""The channels, purpose and topic of a request, matched with the kinds of its identifiers."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from suppression.domain.errors import ChannelMismatchError, FieldError, InvalidValueError
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, Kind, Purpose, Reason, channels_of


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestedScope:
    """Channels, purpose and topic that a request names. `channels`: None if it has no list of them.

    `all_channels`: whether `all` was sent instead of a list.
    """

    channels: tuple[Channel, ...] | None
    all_channels: bool = False
    purpose: Purpose | None = None
    topic: str = ""

    @property
    def channels_sent(self) -> bool:
        """Whether the request named channels, or all of them."""
        return self.all_channels or self.channels is not None


def scopes_of(
    requested: RequestedScope, kinds: Sequence[Kind], reasons: Sequence[Reason]
) -> list[list[Scope]]:
    """Return the scopes of each identifier, a list for each of `kinds`, in their order.

    Raise ChannelMismatchError for a channel that no identifier fits or an identifier that no
    channel takes, and InvalidValueError for no channel, the purpose `service`, or fields that
    contradict each other (docs/architecture.md#suppressions).
    """
    if any(reason.covers_everything for reason in reasons):
        _check_total_reasons(requested, reasons)
        return [[Scope(channel=None, purpose=None)] for _ in kinds]
    purpose = requested.purpose or Purpose.MARKETING
    if purpose is Purpose.SERVICE:
        raise InvalidValueError.at(
            "/purpose", "Service messages cannot be stopped; use `marketing`."
        )
    if not purpose.has_channel:
        _refuse_channels(requested, f"Remove this: `{purpose}` concerns a kind, not a channel.")
        return [[Scope(channel=None, purpose=purpose)] for _ in kinds]
    return _on_channels(requested, purpose, kinds)


def objections(kind: Kind, targets: AbstractSet[Channel | Purpose]) -> tuple[Scope, ...]:
    """Return the scopes of an objection to these channels and purposes, in one fixed order.

    Channels that take no identifier of this kind are left out.

    >>> [str(scope.channel or scope.purpose) for scope in objections(Kind.PHONE, set(Channel))]
    ['sms', 'telephone']
    """
    on_channels = tuple(
        Scope(channel=channel, purpose=Purpose.MARKETING)
        for channel in channels_of(kind)
        if channel in targets
    )
    return on_channels + tuple(
        Scope(channel=None, purpose=purpose) for purpose in Purpose if purpose in targets
    )


def scopes_of_one(
    requested: RequestedScope, kind: Kind, topics: Collection[str] = ()
) -> tuple[Scope, ...]:
    """Return one identifier's scopes, one per channel and topic; without `topics`, for all topics.

    `requested.topic` is ignored. Raise InvalidValueError at `/topics` for topics of a purpose that
    has none, and the errors of `scopes_of`: InvalidValueError, and ChannelMismatchError, here with
    pointers into `/channels` alone.

    >>> sms = RequestedScope(channels=(Channel.SMS,))
    >>> [scope.topic for scope in scopes_of_one(sms, Kind.PHONE, ["offers", "news", "offers"])]
    ['news', 'offers']
    """
    if topics and requested.purpose is not None and not requested.purpose.has_channel:
        raise InvalidValueError.at("/topics", f"Remove this: `{requested.purpose}` has no topics.")
    try:
        (scopes,) = scopes_of(requested, [kind], [])
    except ChannelMismatchError as error:
        faults = [field for field in error.faults if field.pointer.startswith("/channels")]
        raise ChannelMismatchError(faults=tuple(faults)) from None
    return tuple(
        dataclasses.replace(scope, topic=topic)
        for scope in scopes
        for topic in sorted(set(topics)) or ("",)
    )


def _on_channels(
    requested: RequestedScope, purpose: Purpose, kinds: Sequence[Kind]
) -> list[list[Scope]]:
    """Return the scopes of each identifier on the channels that take its kind.

    Raise InvalidValueError without a channel, ChannelMismatchError for a channel that takes no
    identifier or an identifier that no channel takes.
    """
    named = tuple(Channel) if requested.all_channels else requested.channels
    if not named:
        raise InvalidValueError.at("/channels", 'Send a list of channels, or "all".')
    per_identifier = [
        [channel for channel in channels_of(kind) if channel in named] for kind in kinds
    ]
    unfit = [
        FieldError(
            pointer=f"/identifiers/{index}", detail=f"No channel of this request takes {kind}."
        )
        for index, (kind, channels) in enumerate(zip(kinds, per_identifier, strict=True))
        if not channels
    ]
    unfit += [
        FieldError(
            pointer=f"/channels/{index}",
            detail=f"Channel {channel} takes a {channel.kind}.",
        )
        for index, channel in enumerate(requested.channels or ())
        if channel.kind not in kinds
    ]
    if unfit:
        raise ChannelMismatchError(faults=tuple(unfit))
    return [
        [Scope(channel=channel, purpose=purpose, topic=requested.topic) for channel in channels]
        for channels in per_identifier
    ]


def _check_total_reasons(requested: RequestedScope, reasons: Sequence[Reason]) -> None:
    """Raise InvalidValueError if a restriction or death comes with channel, topic or purpose.

    Both cover every channel and purpose. Raise it too if they come with any other reason.
    """
    if not all(reason.covers_everything for reason in reasons):
        raise InvalidValueError.at(
            "/reasons", "Send `restriction` and `deceased` apart from other reasons."
        )
    detail = "Remove this: `restriction` and `deceased` cover every channel and purpose."
    _refuse_channels(requested, detail)
    if requested.purpose is not None:
        raise InvalidValueError.at("/purpose", detail)


def _refuse_channels(requested: RequestedScope, detail: str) -> None:
    """Raise InvalidValueError if the request names a channel or a topic."""
    if requested.channels_sent:
        raise InvalidValueError.at("/channels", detail)
    if requested.topic:
        raise InvalidValueError.at("/topic", detail)
