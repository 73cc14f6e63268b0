"""Schemas of inbound text messages and of their classification."""

from __future__ import annotations

from suppression.domain.sms.reply_parsing import SmsIntent
from suppression.web.schemas.base import (
    AnswerSchema,
    DateTimeField,
    EnumField,
    NestedObject,
    StrictList,
    StrictSchema,
    StrictString,
)
from suppression.web.schemas.identifiers import Country
from suppression.web.schemas.suppressions import MAX_IDENTIFIERS, StopResultSchema


class InboundSmsSchema(StrictSchema):
    """A text message that a person sent."""

    number = StrictString(required=True)
    country = Country()
    text = StrictString(required=True)
    received_at = DateTimeField()
    to = StrictString()
    ref = StrictString()


class InboundAnswerSchema(AnswerSchema):
    """The classification of a message and, for a clear stop, its results."""

    understood = EnumField(SmsIntent, required=True)
    word = StrictString()
    reference = StrictString()
    results = StrictList(NestedObject(StopResultSchema), limit=MAX_IDENTIFIERS)
