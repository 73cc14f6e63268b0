"""Schemas of stops, searches and releases: requests and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from suppression.domain.suppressions.kinds import StopKind
from suppression.domain.suppressions.model import Outcome
from suppression.domain.vocabulary import (
    STOP_EVIDENCE,
    Channel,
    ClientClass,
    EntryType,
    Evidence,
    Purpose,
    Reason,
    ReleaseWhy,
)
from suppression.web.schemas.base import (
    WRONG_TYPE,
    AnswerSchema,
    DateTimeField,
    EnumField,
    Messages,
    NestedObject,
    StrictBoolean,
    StrictList,
    StrictSchema,
    StrictString,
)
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
    """A field for a list of channels, or "all"; it loads a tuple of Channel, or "all"."""

    default_error_messages: Messages = {  # noqa: RUF012 - marshmallow's own name and type
        "null": f"{WRONG_TYPE} leave the field out, or send a value."
    }
    _list = StrictList(EnumField(Channel), limit=len(Channel))

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
    """A request to record stops."""

    identifiers = StrictList(NestedObject(IdentifierSchema), limit=MAX_IDENTIFIERS, required=True)
    channels = ChannelsField()
    purpose = EnumField(Purpose)
    topic = TopicSlug()
    reason = EnumField(Reason)
    occurred_at = DateTimeField()
    expires_at = DateTimeField()
    whole_address = StrictBoolean()
    ref = StrictString()


class StopResultSchema(AnswerSchema):
    """The result of one stop of the identifier at `index`, from 0.

    `channel` is null for a stop on everything, and if the purpose has no channel.
    """

    index = fields.Integer(required=True)
    channel = EnumField(Channel, allow_none=True, required=True)
    outcome = EnumField(Outcome, required=True)
    suppression_id = StrictString(required=True)
    since = DateTimeField(required=True)
    whole_address = StrictBoolean()
    sandbox = StrictBoolean()


class SuppressionAnswerSchema(AnswerSchema):
    """The answer to a request for stops: its reference, and a result for each stop."""

    reference = StrictString(required=True)
    results = StrictList(NestedObject(StopResultSchema), limit=MAX_IDENTIFIERS, required=True)


class SearchRequestSchema(StrictSchema):
    """The request that searches the suppressions of an identifier or a mail domain."""

    kind = EnumField(StopKind, required=True)
    identifier = IdentifierField()
    sha256 = StrictString()
    scheme = StrictString()
    country = Country()
    channel = EnumField(Channel)


class StandingSchema(AnswerSchema):
    """A suppression in force.

    `channel` is null if the purpose has none; `channel` and `purpose` are null for a stop on
    everything.
    """

    suppression_id = StrictString(required=True)
    channel = EnumField(Channel, allow_none=True, required=True)
    purpose = EnumField(Purpose, allow_none=True, required=True)
    topic = StrictString()
    reason = EnumField(Reason, required=True)
    evidence = EnumField(STOP_EVIDENCE, required=True)
    source = StrictString()
    since = DateTimeField(required=True)
    last_occurred_at = DateTimeField(required=True)
    expires_at = DateTimeField()


class HistorySchema(AnswerSchema):
    """A ledger entry about a suppression.

    `channel` is null if the purpose has none; `channel` and `purpose` are null for a stop on
    everything.
    """

    type = EnumField(_OF_SUPPRESSIONS, required=True)
    suppression_id = StrictString(required=True)
    channel = EnumField(Channel, allow_none=True, required=True)
    purpose = EnumField(Purpose, allow_none=True, required=True)
    topic = StrictString()
    reason = EnumField(Reason, required=True)
    evidence = EnumField(Evidence, required=True)
    source = StrictString()
    occurred_at = DateTimeField(required=True)
    expires_at = DateTimeField()
    recorded_at = DateTimeField(required=True)
    actor = StrictString(required=True)
    ref = StrictString()
    why = EnumField(ReleaseWhy)
    client_class = EnumField(ClientClass)
    reference = StrictString(required=True)


class SearchAnswerSchema(AnswerSchema):
    """An identifier's suppressions in force, and the ledger entries of these and of past ones."""

    in_force = StrictList(NestedObject(StandingSchema), limit=MAX_IDENTIFIERS, required=True)
    history = StrictList(NestedObject(HistorySchema), limit=MAX_IDENTIFIERS, required=True)


class ReleaseRequestSchema(StrictSchema):
    """A request to release suppressions."""

    identifiers = StrictList(NestedObject(IdentifierSchema), limit=MAX_IDENTIFIERS, required=True)
    channels = ChannelsField()
    purpose = EnumField(Purpose)
    topic = TopicSlug()
    reasons = StrictList(EnumField(Reason), limit=len(Reason))
    why = EnumField(ReleaseWhy, required=True)


class ReleaseRowSchema(AnswerSchema):
    """A suppression that a release lifted, or that still denies after the release.

    `index` counts the identifiers of the request from 0. `channel` is null if the purpose has none;
    `channel` and `purpose` are null for a stop on everything.
    """

    index = fields.Integer(required=True)
    suppression_id = StrictString(required=True)
    channel = EnumField(Channel, allow_none=True, required=True)
    purpose = EnumField(Purpose, allow_none=True, required=True)
    topic = StrictString()
    reason = EnumField(Reason, required=True)
    since = DateTimeField(required=True)
    whole_address = StrictBoolean()


class ReleaseAnswerSchema(AnswerSchema):
    """The reference of a release, the suppressions that it lifted, and those that still deny."""

    reference = StrictString(required=True)
    released = StrictList(NestedObject(ReleaseRowSchema), limit=MAX_IDENTIFIERS, required=True)
    still_denied_by = StrictList(
        NestedObject(ReleaseRowSchema), limit=MAX_IDENTIFIERS, required=True
    )
