"""Which scopes a request covers: its channels against the kinds of its identifiers."""

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
    """What a stop or a release names. `channels` is None where none were sent."""

    channels: tuple[Channel, ...] | None
    all_channels: bool = False
    purpose: Purpose | None = None
    topic: str = ""

    @property
    def channels_sent(self) -> bool:
        """Whether the request said anything about channels."""
        return self.all_channels or self.channels is not None


def scopes_of(
    coverage: RequestedScope, kinds: Sequence[Kind], reasons: Sequence[Reason]
) -> list[list[Scope]]:
    """The scopes for each identifier, in order (docs/architecture.md#suppressions).

    Raises ChannelMismatchError for a channel that no identifier fits or the other way round, and
    InvalidValueError for fields that do not go together.
    """
    if any(reason.covers_everything for reason in reasons):
        _only_whole(coverage, reasons)
        return [[Scope(channel=None, purpose=None)] for _ in kinds]
    purpose = coverage.purpose or Purpose.MARKETING
    if purpose is Purpose.SERVICE:
        raise InvalidValueError.at(
            "/purpose", "Service messages cannot be stopped; use `marketing`."
        )
    if not purpose.has_channel:
        _refuse_channels(coverage, f"Remove this: `{purpose}` concerns a kind, not a channel.")
        return [[Scope(channel=None, purpose=purpose)] for _ in kinds]
    return _on_channels(coverage, purpose, kinds)


def objections(kind: Kind, wishes: AbstractSet[Channel | Purpose]) -> tuple[Scope, ...]:
    """What a person's wishes stop for an identifier of one kind, in one order everywhere.

    >>> [str(one.channel or one.purpose) for one in objections(Kind.PHONE, set(Channel))]
    ['sms', 'telephone']
    """
    on_channels = tuple(
        Scope(channel=channel, purpose=Purpose.MARKETING)
        for channel in channels_of(kind)
        if channel in wishes
    )
    return on_channels + tuple(
        Scope(channel=None, purpose=purpose) for purpose in Purpose if purpose in wishes
    )


def scopes_of_one(
    coverage: RequestedScope, kind: Kind, topics: Collection[str] = ()
) -> tuple[Scope, ...]:
    """The scopes of one identifier, for each of several topics; for all topics without any.

    >>> sms = RequestedScope(channels=(Channel.SMS,))
    >>> [one.topic for one in scopes_of_one(sms, Kind.PHONE, ["offers", "news", "offers"])]
    ['news', 'offers']
    """
    if topics and coverage.purpose is not None and not coverage.purpose.has_channel:
        raise InvalidValueError.at("/topics", f"Remove this: `{coverage.purpose}` has no topics.")
    try:
        (scopes,) = scopes_of(coverage, [kind], [])
    except ChannelMismatchError as error:
        faults = [fault for fault in error.faults if fault.pointer.startswith("/channels")]
        raise ChannelMismatchError(faults=tuple(faults)) from None
    return tuple(
        dataclasses.replace(scope, topic=topic)
        for scope in scopes
        for topic in sorted(set(topics)) or ("",)
    )


def _on_channels(
    coverage: RequestedScope, purpose: Purpose, kinds: Sequence[Kind]
) -> list[list[Scope]]:
    if not coverage.channels_sent or coverage.channels == ():
        raise InvalidValueError.at("/channels", 'Send a list of channels, or "all".')
    per_identifier = [_channels_for(coverage, kind) for kind in kinds]
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
        for index, channel in enumerate(coverage.channels or ())
        if channel.kind not in kinds
    ]
    if unfit:
        raise ChannelMismatchError(faults=tuple(unfit))
    return [
        [Scope(channel=channel, purpose=purpose, topic=coverage.topic) for channel in channels]
        for channels in per_identifier
    ]


def _channels_for(coverage: RequestedScope, kind: Kind) -> tuple[Channel, ...]:
    if coverage.all_channels:
        return channels_of(kind)
    return tuple(channel for channel in channels_of(kind) if channel in (coverage.channels or ()))


def _only_whole(coverage: RequestedScope, reasons: Sequence[Reason]) -> None:
    """A restriction or a death covers everything: nothing narrower goes with it."""
    if not all(reason.covers_everything for reason in reasons):
        raise InvalidValueError.at(
            "/reasons", "Send `restriction` and `deceased` apart from other reasons."
        )
    detail = "Remove this: `restriction` and `deceased` cover every channel and purpose."
    _refuse_channels(coverage, detail)
    if coverage.purpose is not None:
        raise InvalidValueError.at("/purpose", detail)


def _refuse_channels(coverage: RequestedScope, detail: str) -> None:
    if coverage.channels_sent:
        raise InvalidValueError.at("/channels", detail)
    if coverage.topic:
        raise InvalidValueError.at("/topic", detail)
