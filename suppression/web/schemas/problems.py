"""Problems (RFC 9457)."""

from __future__ import annotations

from marshmallow import fields

from suppression.domain.errors import MOST_FAULTS
from suppression.web.schemas.base import AnswerSchema, Items, StrictSchema, Text, Thing


class FaultSchema(StrictSchema):
    """One thing wrong with an input."""

    pointer = Text(required=True)
    detail = Text(required=True)


class ProblemSchema(AnswerSchema):
    """A problem (RFC 9457)."""

    type = Text(required=True)
    title = Text(required=True)
    status = fields.Integer(required=True)
    detail = Text(required=True)
    request_id = Text(required=True)
    decision = Text()
    errors = Items(Thing(FaultSchema), most=MOST_FAULTS)
    more_errors = fields.Integer()
