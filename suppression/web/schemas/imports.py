"""Schemas of imports: the query parameters of a file of stops, and an import's state."""

from __future__ import annotations

from marshmallow import fields

from suppression.domain.imports.model import ImportState
from suppression.domain.suppressions.kinds import STATABLE_REASONS
from suppression.domain.vocabulary import Kind, Purpose
from suppression.web.schemas.base import (
    AnswerSchema,
    DateTimeField,
    EnumField,
    StrictList,
    StrictString,
)
from suppression.web.schemas.files import FileQuerySchema, Header
from suppression.web.schemas.identifiers import Country, TopicSlug

MOST_COLUMNS = 10_000


class ImportQuerySchema(FileQuerySchema):
    """The query parameters of an import: those of its file, and values for rows that state none."""

    channels = StrictString()
    purpose = EnumField(frozenset(Purpose) - {Purpose.SERVICE})
    topic = TopicSlug()
    reason = EnumField(STATABLE_REASONS)
    occurred_at = DateTimeField()
    expires_at = DateTimeField()
    country = Country()
    kind = EnumField(Kind)
    scheme = StrictString()
    whole_address = EnumField(Header)


class ImportSchema(AnswerSchema):
    """An import: its state and its counts."""

    import_id = StrictString(required=True)
    state = EnumField(ImportState, required=True)
    created_at = DateTimeField(required=True)
    changed_at = DateTimeField(required=True)
    columns = StrictList(StrictString(), limit=MOST_COLUMNS, required=True)
    rows = fields.Integer(required=True)
    new = fields.Integer(required=True)
    known = fields.Integer(required=True)
    invalid = fields.Integer(required=True)
    stops = fields.Integer(required=True)
    applied = fields.Integer(required=True)
    released = fields.Integer(required=True)
    interrupted = fields.Boolean()
