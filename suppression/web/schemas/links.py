"""Schemas of unsubscribe links and their e-mail headers: requests and answers."""

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
    """A language of the recipient pages."""

    FR = "fr"
    EN = "en"


class LinkRequestSchema(StrictSchema):
    """The request for a link: its recipient, topic, reference and language."""

    identifier = IdentifierField()
    sha256 = StrictString()
    scheme = StrictString()
    topic = TopicSlug()
    ref = StrictString()
    language = EnumField(Language)


class LinkBatchSchema(StrictSchema):
    """Up to 10,000 link requests; each is loaded and answered separately."""

    items = StrictList(fields.Raw(allow_none=True), limit=MAX_BATCH, required=True)


class LinkHeadersSchema(AnswerSchema):
    """The headers of an e-mail with the link (RFC 2369, RFC 2919, RFC 8058)."""

    list_unsubscribe = StrictString(required=True, data_key="List-Unsubscribe")
    list_unsubscribe_post = StrictString(required=True, data_key="List-Unsubscribe-Post")
    list_id = StrictString(required=True, data_key="List-Id")


class LinkSchema(AnswerSchema):
    """A link with its headers."""

    url = StrictString(required=True)
    headers = NestedObject(LinkHeadersSchema, required=True)


class LinkResultSchema(AnswerSchema):
    """A result of a batch: a link with its headers, or an error code."""

    url = StrictString()
    headers = NestedObject(LinkHeadersSchema)
    error = StrictString()


class LinkBatchAnswerSchema(AnswerSchema):
    """The results of a batch in the order of its items, and how many succeeded and failed."""

    results = StrictList(NestedObject(LinkResultSchema), limit=MAX_BATCH, required=True)
    made = fields.Integer(required=True)
    failed = fields.Integer(required=True)
