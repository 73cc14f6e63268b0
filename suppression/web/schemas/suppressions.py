"""Stops, searches and releases, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from suppression.domain.suppressions.model import Outcome
from suppression.domain.vocabulary import (
    STOP_EVIDENCE,
    Channel,
    ClientClass,
    EntryType,
    Evidence,
    Kind,
    Purpose,
    Reason,
    ReleaseWhy,
)
from suppression.web.schemas.base import (
    AnswerSchema,
    Items,
    Messages,
    Moment,
    StrictSchema,
    Text,
    Thing,
    Word,
    YesOrNo,
)
from suppression.web.schemas.error_prefixes import WRONG_TYPE
from suppression.web.schemas.identifiers import (
    Country,
    IdentifierField,
    IdentifierSchema,
    TopicSlug,
)

MAX_IDENTIFIERS = 100
ALL = "all"
_OF_SUPPRESSIONS = frozenset(
    {EntryType.STOP, EntryType.REPEATED, EntryType.EXTENDED, EntryType.RELEASE}
)


class ChannelsField(fields.Field[Any]):
    """A list of channels, or "all": a tuple of channels or the word."""

    default_error_messages: Messages = {  # noqa: RUF012 - marshmallow's own name and type
        "null": f"{WRONG_TYPE} leave the field out, or send a value."
    }
    _list = Items(Word(Channel), most=len(Channel))

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object
    ) -> tuple[Channel, ...] | str:
        if value == ALL:
            return ALL
        if not isinstance(value, list):
            raise ValidationError(f'{WRONG_TYPE} send a list of channels, or "all".')
        channels: list[Channel] = self._list.deserialize(value, attr, data)  # type: ignore[assignment]
        return tuple(channels)


class SuppressionRequestSchema(StrictSchema):
    """A stop."""

    identifiers = Items(Thing(IdentifierSchema), most=MAX_IDENTIFIERS, required=True)
    channels = ChannelsField()
    purpose = Word(Purpose)
    topic = TopicSlug()
    reason = Word(Reason)
    occurred_at = Moment()
    expires_at = Moment()
    whole_address = YesOrNo()
    ref = Text()


class StopResultSchema(AnswerSchema):
    """What became of one identifier on one channel."""

    index = fields.Integer(required=True)
    channel = Word(Channel, allow_none=True, required=True)
    outcome = Word(Outcome, required=True)
    suppression_id = Text(required=True)
    since = Moment(required=True)
    whole_address = YesOrNo()
    sandbox = YesOrNo()


class SuppressionAnswerSchema(AnswerSchema):
    """The reference to keep, and a result per identifier and channel."""

    reference = Text(required=True)
    results = Items(Thing(StopResultSchema), most=MAX_IDENTIFIERS, required=True)


class SearchRequestSchema(StrictSchema):
    """Whose suppressions to show."""

    kind = Word(Kind, required=True)
    identifier = IdentifierField()
    sha256 = Text()
    scheme = Text()
    country = Country()
    channel = Word(Channel)


class StandingSchema(AnswerSchema):
    """A suppression in force."""

    suppression_id = Text(required=True)
    channel = Word(Channel, allow_none=True, required=True)
    purpose = Word(Purpose, allow_none=True, required=True)
    topic = Text()
    reason = Word(Reason, required=True)
    evidence = Word(STOP_EVIDENCE, required=True)
    source = Text()
    since = Moment(required=True)
    last_occurred_at = Moment(required=True)
    expires_at = Moment()


class HistorySchema(AnswerSchema):
    """A ledger entry."""

    type = Word(_OF_SUPPRESSIONS, required=True)
    suppression_id = Text(required=True)
    channel = Word(Channel, allow_none=True, required=True)
    purpose = Word(Purpose, allow_none=True, required=True)
    topic = Text()
    reason = Word(Reason, required=True)
    evidence = Word(Evidence, required=True)
    source = Text()
    occurred_at = Moment(required=True)
    expires_at = Moment()
    recorded_at = Moment(required=True)
    actor = Text(required=True)
    ref = Text()
    why = Word(ReleaseWhy)
    client_class = Word(ClientClass)
    reference = Text(required=True)


class SearchAnswerSchema(AnswerSchema):
    """What is in force, and its history."""

    in_force = Items(Thing(StandingSchema), most=MAX_IDENTIFIERS, required=True)
    history = Items(Thing(HistorySchema), most=MAX_IDENTIFIERS, required=True)


class ReleaseRequestSchema(StrictSchema):
    """A release."""

    identifiers = Items(Thing(IdentifierSchema), most=MAX_IDENTIFIERS, required=True)
    channels = ChannelsField()
    purpose = Word(Purpose)
    topic = TopicSlug()
    reasons = Items(Word(Reason), most=len(Reason))
    why = Word(ReleaseWhy, required=True)


class ReleaseRowSchema(AnswerSchema):
    """A suppression that was released, or still denies."""

    index = fields.Integer(required=True)
    suppression_id = Text(required=True)
    channel = Word(Channel, allow_none=True, required=True)
    purpose = Word(Purpose, allow_none=True, required=True)
    topic = Text()
    reason = Word(Reason, required=True)
    since = Moment(required=True)
    whole_address = YesOrNo()


class ReleaseAnswerSchema(AnswerSchema):
    """What was lifted, and what still denies."""

    reference = Text(required=True)
    released = Items(Thing(ReleaseRowSchema), most=MAX_IDENTIFIERS, required=True)
    still_denied_by = Items(Thing(ReleaseRowSchema), most=MAX_IDENTIFIERS, required=True)
