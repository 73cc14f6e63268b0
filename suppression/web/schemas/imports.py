"""Imports as they stand."""

from __future__ import annotations

from marshmallow import fields

from suppression.domain.imports.model import ImportState
from suppression.domain.vocabulary import Kind, Purpose, Reason
from suppression.web.schemas.base import AnswerSchema, Items, Moment, Text, Word
from suppression.web.schemas.files import FileQuerySchema, Header
from suppression.web.schemas.identifiers import Country, TopicSlug

MOST_COLUMNS = 10_000


class ImportQuerySchema(FileQuerySchema):
    """What holds for rows that do not say it themselves."""

    channels = Text()
    purpose = Word(frozenset(Purpose) - {Purpose.SERVICE})
    topic = TopicSlug()
    reason = Word(Reason)
    occurred_at = Moment()
    expires_at = Moment()
    country = Country()
    kind = Word(Kind)
    scheme = Text()
    whole_address = Word(Header)


class ImportSchema(AnswerSchema):
    """An import: its state, and its counts."""

    import_id = Text(required=True)
    state = Word(ImportState, required=True)
    created_at = Moment(required=True)
    changed_at = Moment(required=True)
    columns = Items(Text(), most=MOST_COLUMNS, required=True)
    rows = fields.Integer(required=True)
    new = fields.Integer(required=True)
    known = fields.Integer(required=True)
    invalid = fields.Integer(required=True)
    stops = fields.Integer(required=True)
    applied = fields.Integer(required=True)
    released = fields.Integer(required=True)
    interrupted = fields.Boolean()
