"""Checks and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from suppression.domain.vocabulary import (
    ATTESTABLE,
    Audience,
    Basis,
    Channel,
    Decision,
    Kind,
    Purpose,
)
from suppression.web.schemas.base import (
    AnswerSchema,
    Items,
    Moment,
    StrictSchema,
    Text,
    Thing,
    Word,
    YesOrNo,
)
from suppression.web.schemas.identifiers import Country, IdentifierField, TopicSlug

MAX_BATCH = 10_000


class EnvelopeSchema(StrictSchema):
    """What a check says besides its identifier."""

    channel = Word(Channel)
    kind = Word(Kind)
    country = Country()
    purpose = Word(Purpose)
    topic = TopicSlug()
    audience = Word(Audience)
    basis = Word(ATTESTABLE)
    appointment_at = Moment()
    at = Moment()


class CheckSchema(EnvelopeSchema):
    """One check."""

    identifier = IdentifierField()
    sha256 = Text()
    scheme = Text()
    reserve = YesOrNo()
    correlation_id = Text()


_CHANNELS = {str(one): one for one in Channel}


def plain_check(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What CheckSchema loads of the plainest body: a channel, a string, a correlation_id at most.

    None for any other: what is wrong with it, and how it is read, is for the schema to say.
    """
    channel = body.get("channel")
    if not isinstance(channel, str) or channel not in _CHANNELS:
        return None
    others = [value for name, value in body.items() if name in _PLAIN_FIELDS]
    if len(others) + 1 != len(body) or not all(isinstance(one, str) for one in others):
        return None
    return {**body, "channel": _CHANNELS[channel]}


_PLAIN_FIELDS = {"identifier", "correlation_id"}


class FlatBatchSchema(EnvelopeSchema):
    """Up to 10,000 identifiers with the same question; each is read by itself."""

    identifiers = Items(fields.Raw(allow_none=True), most=MAX_BATCH, required=True)


class MixedBatchSchema(StrictSchema):
    """Up to 10,000 checks; each is read by itself."""

    items = Items(fields.Raw(allow_none=True), most=MAX_BATCH, required=True)


class ReasonSchema(AnswerSchema):
    """One reason of an answer."""

    code = Text(required=True)
    since = Moment()
    topic = Text()


class CheckAnswerSchema(AnswerSchema):
    """The answer to one check."""

    decision = Word(Decision, required=True)
    basis = Word(Basis)
    attested = YesOrNo()
    audience = Word(Audience)
    reasons = Items(Thing(ReasonSchema), most=MAX_BATCH, required=True)
    checked_at = Moment(required=True)
    valid_until = Moment()
    retry_at = Moment()
    attempt_id = Text()
    correlation_id = Text()


class SummarySchema(AnswerSchema):
    """How often each decision stands in a batch, and how many items have each reason."""

    allow = fields.Integer(required=True)
    deny = fields.Integer(required=True)
    unknown = fields.Integer(required=True)  # type: ignore[assignment]  # also an option of Schema
    reasons = fields.Dict(keys=Text(), values=fields.Integer(), required=True)


class MixedAnswerSchema(AnswerSchema):
    """The answers to a mixed batch, in the order of its items."""

    results = Items(Thing(CheckAnswerSchema), most=MAX_BATCH, required=True)
    summary = Thing(SummarySchema, required=True)


class DetailSchema(AnswerSchema):
    """Why one identifier of a flat batch is not allowed."""

    index = fields.Integer(required=True)
    reasons = Items(Thing(ReasonSchema), most=MAX_BATCH, required=True)
    retry_at = Moment()


class FlatAnswerSchema(AnswerSchema):
    """One letter per identifier: A allow, D deny, U unknown; details for each D and U."""

    decisions = Text(required=True)
    details = Items(Thing(DetailSchema), most=MAX_BATCH, required=True)
    summary = Thing(SummarySchema, required=True)
    attested = YesOrNo()
    checked_at = Moment(required=True)
    valid_until = Moment()
