"""Schemas of files: the query parameters that describe a file, and the answer of a scrub."""

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
    """A yes or no in a query, such as whether the first row of a file is a header."""

    YES = "yes"
    NO = "no"


class Delimiter(StrEnum):
    """The character between the cells of a row, by its name."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"


class Encoding(StrEnum):
    """The character encoding of a file."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"
    ISO_8859_15 = "iso-8859-15"


class FileQuerySchema(StrictSchema):
    """The query parameters that describe a file; a missing one is detected from the file."""

    columns = StrictString()
    header = EnumField(Header)
    delimiter = EnumField(Delimiter)
    encoding = EnumField(Encoding)


class ScrubQuerySchema(FileQuerySchema):
    """The query parameters of a scrub: the check that applies to every row of the file."""

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
    """The query parameters of a file that gets links: their topic, reference and language."""

    topic = TopicSlug()
    ref = StrictString()
    language = EnumField(Language)


class ScrubSchema(AnswerSchema):
    """A scrub: how often each decision occurs, and the path of the decisions."""

    scrub_id = StrictString(required=True)
    as_of = DateTimeField(required=True)
    rows = fields.Integer(required=True)
    summary = NestedObject(SummarySchema, required=True)
    valid_until = DateTimeField()
    kept_until = DateTimeField(required=True)
    decisions = StrictString(required=True)
