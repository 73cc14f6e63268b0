"""Schemas of problem documents (RFC 9457)."""

from __future__ import annotations

from marshmallow import fields

from suppression.domain.errors import MOST_FAULTS
from suppression.web.schemas.base import (
    AnswerSchema,
    NestedObject,
    StrictList,
    StrictSchema,
    StrictString,
)


class FaultSchema(StrictSchema):
    """One fault in a request: the JSON pointer (RFC 6901) of a field, and what to change."""

    pointer = StrictString(required=True)
    detail = StrictString(required=True)


class ProblemSchema(AnswerSchema):
    """A problem document (RFC 9457) with our extra members, from request_id on."""

    type = StrictString(required=True)
    title = StrictString(required=True)
    status = fields.Integer(required=True)
    detail = StrictString(required=True)
    request_id = StrictString(required=True)
    decision = StrictString()
    errors = StrictList(NestedObject(FaultSchema), limit=MOST_FAULTS)
    more_errors = fields.Integer()
