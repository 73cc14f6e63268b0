"""The answer of /v1/me, and of the health routes."""

from __future__ import annotations

from marshmallow import fields

from suppression.domain.vocabulary import ATTESTABLE, Channel, Preset, Purpose, Rule, Scope, Sector
from suppression.web.schemas.base import (
    AnswerSchema,
    Items,
    StrictSchema,
    Text,
    Thing,
    Word,
    YesOrNo,
)
from suppression.web.schemas.identifiers import Country


class ControllerSchema(AnswerSchema):
    """The controller of a key."""

    slug = Text(required=True)
    name = Text(required=True)
    country = Country(required=True)


class HoursSchema(AnswerSchema):
    """When a contact may happen: ISO days (Monday is 1), spans like 10:00-13:00."""

    days = Items(fields.Integer(), most=7, required=True)
    spans = Items(Text(), most=24, required=True)
    holidays = Text()
    time_zone = Text()


class PolicySchema(AnswerSchema):
    """The rule for a channel and purpose."""

    channel = Word(Channel, allow_none=True, required=True)
    purpose = Word(Purpose, required=True)
    rule = Word(Rule, required=True)
    attestable = Items(Word(ATTESTABLE), most=len(ATTESTABLE), required=True)
    closed = YesOrNo(required=True)
    consent_months = fields.Integer(required=True)
    appointment_minutes = fields.Integer(required=True)
    attempts = fields.Integer(required=True)
    attempts_days = fields.Integer(required=True)
    silence_days = fields.Integer(required=True)
    hours = Thing(HoursSchema)


class TopicSchema(AnswerSchema):
    """A topic of the controller."""

    topic = Text(required=True)
    fr = Text(required=True)
    en = Text(required=True)


class MeSchema(AnswerSchema):
    """Who a key speaks for, and what it may do."""

    controller = Thing(ControllerSchema, required=True)
    scopes = Items(Word(Scope), most=len(Scope), required=True)
    preset = Word(Preset, required=True)
    sector = Word(Sector)
    policy_version = fields.Integer(required=True)
    policies = Items(Thing(PolicySchema), most=100, required=True)
    topics = Items(Thing(TopicSchema), most=1000, required=True)


class LiveSchema(StrictSchema):
    """The process answers."""

    status = Text(required=True)


class ReadySchema(StrictSchema):
    """The service's version, and whether it can work: each of the rest is "ok" or "failing".

    The clock is "ok", "off" or "unknown".
    """

    database = Text(required=True)
    schema = Text(required=True)
    keys = Text(required=True)
    writes = Text(required=True)
    clock = Text(required=True)
    version = Text(required=True)
