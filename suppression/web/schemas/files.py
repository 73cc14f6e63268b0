"""Files: what a request says of one in its query, and what is answered."""

from __future__ import annotations

from enum import StrEnum

from marshmallow import fields

from suppression.domain.vocabulary import (
    ATTESTABLE,
    Audience,
    Basis,
    Channel,
    Kind,
    Purpose,
)
from suppression.web.schemas.base import (
    AnswerSchema,
    DateTimeField,
    EnumField,
    NestedObject,
    StrictSchema,
    StrictString,
)
from suppression.web.schemas.checks import SummarySchema
from suppression.web.schemas.identifiers import Country, TopicSlug
from suppression.web.schemas.links import Language


class Header(StrEnum):
    """Whether a file's first row is a header."""

    YES = "yes"
    NO = "no"


class Delimiter(StrEnum):
    """What parts the cells of a row."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"


class Encoding(StrEnum):
    """How the text of a file is written."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"
    ISO_8859_15 = "iso-8859-15"


class FileQuerySchema(StrictSchema):
    """What is known of a file; what is left out is found by looking."""

    columns = StrictString()
    header = EnumField(Header)
    delimiter = EnumField(Delimiter)
    encoding = EnumField(Encoding)


class ScrubQuerySchema(FileQuerySchema):
    """The question that is asked of every row."""

    channel = EnumField(Channel)
    kind = EnumField(Kind)
    country = Country()
    purpose = EnumField(Purpose)
    topic = TopicSlug()
    audience = EnumField(Audience)
    basis = EnumField(ATTESTABLE - {Basis.APPOINTMENT})
    at = DateTimeField()
    scheme = StrictString()


class LinkFileQuerySchema(FileQuerySchema):
    """What links are wanted for the rows of a file."""

    topic = TopicSlug()
    ref = StrictString()
    language = EnumField(Language)


class ScrubSchema(AnswerSchema):
    """A scrub: how often each decision stands, and where the decisions are."""

    scrub_id = StrictString(required=True)
    as_of = DateTimeField(required=True)
    rows = fields.Integer(required=True)
    summary = NestedObject(SummarySchema, required=True)
    valid_until = DateTimeField()
    kept_until = DateTimeField(required=True)
    decisions = StrictString(required=True)
