"""Attempts at calls, what came of them, and the answers."""

from __future__ import annotations

from marshmallow import fields

from suppression.domain.suppressions.model import Outcome
from suppression.domain.vocabulary import ContactOutcome
from suppression.web.schemas.base import (
    AnswerSchema,
    Items,
    Moment,
    StrictSchema,
    Text,
    Thing,
    Word,
)
from suppression.web.schemas.identifiers import Country, IdentifierField
from suppression.web.schemas.suppressions import (
    MAX_IDENTIFIERS,
    ChannelsField,
    StopResultSchema,
)


class NumberSchema(StrictSchema):
    """A telephone number that was called."""

    identifier = IdentifierField()
    sha256 = Text()
    scheme = Text()
    country = Country()
    occurred_at = Moment()
    ref = Text()


class AttemptRequestSchema(NumberSchema):
    """A call, or an attempt at one."""

    attempt_id = Text()


class AttemptAnswerSchema(AnswerSchema):
    """The attempt, and how many count now."""

    attempt_id = Text(required=True)
    outcome = Word(Outcome, required=True)
    counted = fields.Integer(required=True)
    limit = fields.Integer()


class OutcomeRequestSchema(NumberSchema):
    """What came of a call."""

    outcome = Word(ContactOutcome, required=True)
    channels = ChannelsField()
    callback_at = Moment()


class OutcomeAnswerSchema(AnswerSchema):
    """The reference to keep, and what was stopped and ended."""

    reference = Text(required=True)
    results = Items(Thing(StopResultSchema), most=MAX_IDENTIFIERS, required=True)
    consents_ended = fields.Integer(required=True)
