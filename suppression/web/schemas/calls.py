"""Schemas of call attempts and of outcomes of calls: requests and answers."""

from __future__ import annotations

from marshmallow import fields

from suppression.domain.suppressions.model import Outcome
from suppression.domain.vocabulary import ContactOutcome
from suppression.web.schemas.base import (
    AnswerSchema,
    DateTimeField,
    EnumField,
    NestedObject,
    StrictList,
    StrictSchema,
    StrictString,
)
from suppression.web.schemas.identifiers import Country, IdentifierField
from suppression.web.schemas.suppressions import (
    MAX_IDENTIFIERS,
    ChannelsField,
    StopResultSchema,
)


class NumberSchema(StrictSchema):
    """The fields common to the reports of an attempt and of an outcome, such as the number."""

    identifier = IdentifierField()
    sha256 = StrictString()
    scheme = StrictString()
    country = Country()
    occurred_at = DateTimeField()
    ref = StrictString()


class AttemptRequestSchema(NumberSchema):
    """The request that reports an attempt to call, whether or not somebody answered."""

    attempt_id = StrictString()


class AttemptAnswerSchema(AnswerSchema):
    """A recorded attempt, how many attempts count now, and how many the policy allows.

    An answer without `limit` means that the policy does not limit attempts.
    """

    attempt_id = StrictString(required=True)
    outcome = EnumField(Outcome, required=True)
    counted = fields.Integer(required=True)
    limit = fields.Integer()


class OutcomeRequestSchema(NumberSchema):
    """The request that reports the outcome of a call."""

    outcome = EnumField(ContactOutcome, required=True)
    channels = ChannelsField()
    callback_at = DateTimeField()


class OutcomeAnswerSchema(AnswerSchema):
    """The answer to the report of an outcome: reference, stops, and how many consents ended."""

    reference = StrictString(required=True)
    results = StrictList(NestedObject(StopResultSchema), limit=MAX_IDENTIFIERS, required=True)
    consents_ended = fields.Integer(required=True)
