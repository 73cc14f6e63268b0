"""Files: the query parameters that describe a file, and the answers."""

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
    """The word yes or no, such as whether the first row of a file is a header."""

    YES = "yes"
    NO = "no"


class Delimiter(StrEnum):
    """The delimiter of the cells of a row."""

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
    """What the sender says about a file; the rest is detected."""

    columns = StrictString()
    header = EnumField(Header)
    delimiter = EnumField(Delimiter)
    encoding = EnumField(Encoding)


class ScrubQuerySchema(FileQuerySchema):
    """The check request that applies to every row of a file."""

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
    """The topic, reference and language of the links for the rows of a file."""

    topic = TopicSlug()
    ref = StrictString()
    language = EnumField(Language)


class ScrubSchema(AnswerSchema):
    """A scrub: how often each decision occurs, and where the decisions are."""

    scrub_id = StrictString(required=True)
    as_of = DateTimeField(required=True)
    rows = fields.Integer(required=True)
    summary = NestedObject(SummarySchema, required=True)
    valid_until = DateTimeField()
    kept_until = DateTimeField(required=True)
    decisions = StrictString(required=True)
