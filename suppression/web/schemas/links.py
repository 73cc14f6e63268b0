"""Links and their headers."""

from __future__ import annotations

from enum import StrEnum

from marshmallow import fields

from suppression.web.schemas.base import (
    AnswerSchema,
    EnumField,
    NestedObject,
    StrictList,
    StrictSchema,
    StrictString,
)
from suppression.web.schemas.checks import MAX_BATCH
from suppression.web.schemas.identifiers import IdentifierField, TopicSlug


class Language(StrEnum):
    """A language that recipient pages speak."""

    FR = "fr"
    EN = "en"


class LinkRequestSchema(StrictSchema):
    """For whom and what a link is wanted."""

    identifier = IdentifierField()
    sha256 = StrictString()
    scheme = StrictString()
    topic = TopicSlug()
    ref = StrictString()
    language = EnumField(Language)


class LinkBatchSchema(StrictSchema):
    """Up to 10,000 links; each is made by itself."""

    items = StrictList(fields.Raw(allow_none=True), most=MAX_BATCH, required=True)


class LinkHeadersSchema(AnswerSchema):
    """The headers of the message that will carry the link."""

    list_unsubscribe = StrictString(required=True, data_key="List-Unsubscribe")
    list_unsubscribe_post = StrictString(required=True, data_key="List-Unsubscribe-Post")
    list_id = StrictString(required=True, data_key="List-Id")


class LinkSchema(AnswerSchema):
    """A link."""

    url = StrictString(required=True)
    headers = NestedObject(LinkHeadersSchema, required=True)


class LinkResultSchema(AnswerSchema):
    """One of a batch: a link, or the code that says why there is none."""

    url = StrictString()
    headers = NestedObject(LinkHeadersSchema)
    error = StrictString()


class LinkBatchAnswerSchema(AnswerSchema):
    """The links of a batch, in the order of its items."""

    results = StrictList(NestedObject(LinkResultSchema), most=MAX_BATCH, required=True)
    made = fields.Integer(required=True)
    failed = fields.Integer(required=True)
