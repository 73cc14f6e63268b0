"""Schemas of check requests and check results, single and in batches."""

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
    DateTimeField,
    EnumField,
    NestedObject,
    StrictBoolean,
    StrictList,
    StrictSchema,
    StrictString,
)
from suppression.web.schemas.identifiers import Country, IdentifierField, TopicSlug

MAX_BATCH = 10_000


class EnvelopeSchema(StrictSchema):
    """The fields that a single check and a flat batch share."""

    channel = EnumField(Channel)
    kind = EnumField(Kind)
    country = Country()
    purpose = EnumField(Purpose)
    topic = TopicSlug()
    audience = EnumField(Audience)
    basis = EnumField(ATTESTABLE)
    appointment_at = DateTimeField()
    at = DateTimeField()


class CheckSchema(EnvelopeSchema):
    """One check request."""

    identifier = IdentifierField()
    sha256 = StrictString()
    scheme = StrictString()
    reserve = StrictBoolean()
    correlation_id = StrictString()


_CHANNELS = {str(channel): channel for channel in Channel}


def load_plain_check(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a plain body as CheckSchema would load it, but faster; None for any other body.

    A plain body has a known channel and, if anything else, only `identifier` and `correlation_id`,
    as strings. CheckSchema must load any other body.
    """
    channel = body.get("channel")
    if not isinstance(channel, str) or channel not in _CHANNELS:
        return None
    others = [value for name, value in body.items() if name in _PLAIN_FIELDS]
    if len(others) + 1 != len(body) or not all(isinstance(other, str) for other in others):
        return None
    return {**body, "channel": _CHANNELS[channel]}


_PLAIN_FIELDS = {"identifier", "correlation_id"}


class FlatBatchSchema(EnvelopeSchema):
    """Up to 10,000 identifiers to check for one channel, purpose and topic.

    Each identifier is loaded later, on its own.
    """

    identifiers = StrictList(fields.Raw(allow_none=True), limit=MAX_BATCH, required=True)


class MixedBatchSchema(StrictSchema):
    """Up to 10,000 complete checks; each is loaded later, on its own."""

    items = StrictList(fields.Raw(allow_none=True), limit=MAX_BATCH, required=True)


class ReasonSchema(AnswerSchema):
    """One reason of a check result."""

    code = StrictString(required=True)
    since = DateTimeField()
    topic = StrictString()


class CheckAnswerSchema(AnswerSchema):
    """The result of one check."""

    decision = EnumField(Decision, required=True)
    basis = EnumField(Basis)
    attested = StrictBoolean()
    audience = EnumField(Audience)
    reasons = StrictList(NestedObject(ReasonSchema), limit=MAX_BATCH, required=True)
    checked_at = DateTimeField(required=True)
    valid_until = DateTimeField()
    retry_at = DateTimeField()
    attempt_id = StrictString()
    correlation_id = StrictString()


class SummarySchema(AnswerSchema):
    """How often each decision occurs in a batch or file, and how many items have each reason."""

    allow = fields.Integer(required=True)
    deny = fields.Integer(required=True)
    unknown = fields.Integer(required=True)  # type: ignore[assignment]  # also an option of Schema
    reasons = fields.Dict(keys=StrictString(), values=fields.Integer(), required=True)


class MixedAnswerSchema(AnswerSchema):
    """The check results of a mixed batch in the order of its items, and their summary."""

    results = StrictList(NestedObject(CheckAnswerSchema), limit=MAX_BATCH, required=True)
    summary = NestedObject(SummarySchema, required=True)


class DetailSchema(AnswerSchema):
    """The reasons why one identifier of a flat batch, at `index` from 0, is not allowed."""

    index = fields.Integer(required=True)
    reasons = StrictList(NestedObject(ReasonSchema), limit=MAX_BATCH, required=True)
    retry_at = DateTimeField()


class FlatAnswerSchema(AnswerSchema):
    """The check results of a flat batch, with details for each identifier that is not allowed.

    `decisions` has one letter per identifier: A for allow, D for deny, U for unknown.
    """

    decisions = StrictString(required=True)
    details = StrictList(NestedObject(DetailSchema), limit=MAX_BATCH, required=True)
    summary = NestedObject(SummarySchema, required=True)
    attested = StrictBoolean()
    checked_at = DateTimeField(required=True)
    valid_until = DateTimeField()
