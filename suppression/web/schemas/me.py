"""Schemas of the answers of /v1/me, /livez and /readyz."""

from __future__ import annotations

from marshmallow import fields

from suppression.domain.vocabulary import (
    ATTESTABLE,
    ApiScope,
    Channel,
    Preset,
    Purpose,
    Rule,
    Sector,
)
from suppression.web.schemas.base import (
    AnswerSchema,
    EnumField,
    NestedObject,
    StrictBoolean,
    StrictList,
    StrictSchema,
    StrictString,
)
from suppression.web.schemas.identifiers import Country


class ControllerSchema(AnswerSchema):
    """The controller of an API key."""

    slug = StrictString(required=True)
    name = StrictString(required=True)
    country = Country(required=True)


class HoursSchema(AnswerSchema):
    """The hours of allowed contacts: ISO days (Monday is 1), spans like 10:00-13:00."""

    days = StrictList(fields.Integer(), limit=7, required=True)
    spans = StrictList(StrictString(), limit=24, required=True)
    holidays = StrictString()
    time_zone = StrictString()


class PolicySchema(AnswerSchema):
    """The policy of a controller for one channel and purpose.

    `channel` is null if the purpose has none, as for profiling and sharing.
    """

    channel = EnumField(Channel, allow_none=True, required=True)
    purpose = EnumField(Purpose, required=True)
    rule = EnumField(Rule, required=True)
    attestable = StrictList(EnumField(ATTESTABLE), limit=len(ATTESTABLE), required=True)
    closed = StrictBoolean(required=True)
    consent_months = fields.Integer(required=True)
    appointment_minutes = fields.Integer(required=True)
    attempts = fields.Integer(required=True)
    attempts_days = fields.Integer(required=True)
    silence_days = fields.Integer(required=True)
    hours = NestedObject(HoursSchema)


class TopicSchema(AnswerSchema):
    """A topic of the controller: its slug and its names in French and English."""

    topic = StrictString(required=True)
    fr = StrictString(required=True)
    en = StrictString(required=True)


class MeSchema(AnswerSchema):
    """The controller of an API key with its policies and topics, and the key's scopes."""

    controller = NestedObject(ControllerSchema, required=True)
    scopes = StrictList(EnumField(ApiScope), limit=len(ApiScope), required=True)
    preset = EnumField(Preset, required=True)
    sector = EnumField(Sector)
    policy_version = fields.Integer(required=True)
    policies = StrictList(NestedObject(PolicySchema), limit=100, required=True)
    topics = StrictList(NestedObject(TopicSchema), limit=1000, required=True)


class LiveSchema(StrictSchema):
    """The answer of /livez, `{"status": "ok"}`: the process runs."""

    status = StrictString(required=True)


class ReadySchema(StrictSchema):
    """The answer of /readyz: the version, and each part as "ok" or "failing".

    The clock is "ok", "off" or "unknown".
    """

    database = StrictString(required=True)
    schema = StrictString(required=True)
    keys = StrictString(required=True)
    writes = StrictString(required=True)
    clock = StrictString(required=True)
    version = StrictString(required=True)
