"""What a person sent us, and what we understood of it."""

from __future__ import annotations

from suppression.domain.sms.replies import Understood
from suppression.web.schemas.base import (
    AnswerSchema,
    Items,
    Moment,
    StrictSchema,
    Text,
    Thing,
    Word,
)
from suppression.web.schemas.identifiers import Country
from suppression.web.schemas.suppressions import MAX_IDENTIFIERS, StopResultSchema


class InboundSmsSchema(StrictSchema):
    """A text message that a person sent."""

    number = Text(required=True)
    country = Country()
    text = Text(required=True)
    received_at = Moment()
    to = Text()
    ref = Text()


class InboundAnswerSchema(AnswerSchema):
    """What was understood; of a clear stop also what became of it."""

    understood = Word(Understood, required=True)
    word = Text()
    reference = Text()
    results = Items(Thing(StopResultSchema), most=MAX_IDENTIFIERS)
