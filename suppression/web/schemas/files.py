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
from suppression.web.schemas.base import AnswerSchema, Moment, StrictSchema, Text, Thing, Word
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

    columns = Text()
    header = Word(Header)
    delimiter = Word(Delimiter)
    encoding = Word(Encoding)


class ScrubQuerySchema(FileQuerySchema):
    """The question that is asked of every row."""

    channel = Word(Channel)
    kind = Word(Kind)
    country = Country()
    purpose = Word(Purpose)
    topic = TopicSlug()
    audience = Word(Audience)
    basis = Word(ATTESTABLE - {Basis.APPOINTMENT})
    at = Moment()
    scheme = Text()


class LinkFileQuerySchema(FileQuerySchema):
    """What links are wanted for the rows of a file."""

    topic = TopicSlug()
    ref = Text()
    language = Word(Language)


class ScrubSchema(AnswerSchema):
    """A scrub: how often each decision stands, and where the decisions are."""

    scrub_id = Text(required=True)
    as_of = Moment(required=True)
    rows = fields.Integer(required=True)
    summary = Thing(SummarySchema, required=True)
    valid_until = Moment()
    kept_until = Moment(required=True)
    decisions = Text(required=True)
