"""Schemas of consents, their withdrawal, search and document: requests and answers."""

from __future__ import annotations

from marshmallow import validate

from suppression.domain.consents.documents import Language
from suppression.domain.suppressions.model import Outcome
from suppression.domain.vocabulary import (
    Channel,
    ConsentState,
    GivenBy,
    Kind,
    Purpose,
    Reason,
)
from suppression.web.schemas.base import (
    AnswerSchema,
    DateTimeField,
    EnumField,
    NestedObject,
    StrictBoolean,
    StrictList,
    StrictSchema,
    StrictString,
)
from suppression.web.schemas.identifiers import Country, IdentifierField, TopicSlug
from suppression.web.schemas.suppressions import ChannelsField

MAX_TOPICS = 50
_WITH_CONSENT = frozenset({Purpose.MARKETING, Purpose.PROFILING, Purpose.SHARING})


class ConsentRequestSchema(StrictSchema):
    """The request that records a consent with its proof."""

    kind = EnumField(Kind, required=True)
    identifier = IdentifierField()
    sha256 = StrictString()
    country = Country()
    channels = ChannelsField()
    purpose = EnumField(_WITH_CONSENT)
    topics = StrictList(TopicSlug(), limit=MAX_TOPICS)
    given_at = DateTimeField(required=True)
    until = DateTimeField()
    wording = StrictString(required=True)
    given_by = EnumField(GivenBy, required=True)
    evidence = StrictString(required=True)
    collected_by = StrictString(required=True)
    ref = StrictString()


class StillDeniedSchema(AnswerSchema):
    """A stop that still denies, despite the consent that a request recorded."""

    code = EnumField(Reason, required=True)
    since = DateTimeField(required=True)
    topic = StrictString()


class ConsentResultSchema(AnswerSchema):
    """A recorded consent for one channel and topic; `channel` is null if the purpose has none."""

    channel = EnumField(Channel, allow_none=True, required=True)
    topic = StrictString()
    outcome = EnumField(frozenset({Outcome.CREATED, Outcome.ALREADY}), required=True)
    consent_id = StrictString(required=True)
    state = EnumField(ConsentState, required=True)
    given_at = DateTimeField(required=True)
    until = DateTimeField()
    still_denied_by = StrictList(NestedObject(StillDeniedSchema), limit=MAX_TOPICS, required=True)
    sandbox = StrictBoolean()


class ConsentAnswerSchema(AnswerSchema):
    """The answer to a recorded consent: its reference, and a result for each channel and topic."""

    reference = StrictString(required=True)
    results = StrictList(NestedObject(ConsentResultSchema), limit=MAX_TOPICS, required=True)


class WithdrawalRequestSchema(StrictSchema):
    """The request that withdraws consents."""

    kind = EnumField(Kind, required=True)
    identifier = IdentifierField()
    sha256 = StrictString()
    scheme = StrictString()
    country = Country()
    channels = ChannelsField()
    purpose = EnumField(_WITH_CONSENT)
    topics = StrictList(TopicSlug(), limit=MAX_TOPICS)
    occurred_at = DateTimeField()
    ref = StrictString()


class EndedConsentSchema(AnswerSchema):
    """A consent that a withdrawal ended."""

    consent_id = StrictString(required=True)
    channel = EnumField(Channel, allow_none=True, required=True)
    topic = StrictString()
    given_at = DateTimeField(required=True)


class WithdrawalResultSchema(AnswerSchema):
    """The stop in force after a withdrawal, for one channel and topic.

    `channel` is null if the purpose has none, as for profiling and sharing.
    """

    channel = EnumField(Channel, allow_none=True, required=True)
    topic = StrictString()
    outcome = EnumField(Outcome, required=True)
    suppression_id = StrictString(required=True)
    since = DateTimeField(required=True)
    whole_address = StrictBoolean()
    sandbox = StrictBoolean()


class WithdrawalAnswerSchema(AnswerSchema):
    """The answer to a withdrawal: its reference, the consents that it ended, and its stops."""

    reference = StrictString(required=True)
    ended = StrictList(NestedObject(EndedConsentSchema), limit=MAX_TOPICS, required=True)
    results = StrictList(NestedObject(WithdrawalResultSchema), limit=MAX_TOPICS, required=True)


class ConsentSearchRequestSchema(StrictSchema):
    """The request that searches a person's consents."""

    kind = EnumField(Kind, required=True)
    identifier = IdentifierField()
    sha256 = StrictString()
    country = Country()
    channel = EnumField(Channel)


class FoundConsentSchema(AnswerSchema):
    """A consent with its proof and its state."""

    consent_id = StrictString(required=True)
    channel = EnumField(Channel, allow_none=True, required=True)
    purpose = EnumField(_WITH_CONSENT, required=True)
    topic = StrictString()
    state = EnumField(ConsentState, required=True)
    given_at = DateTimeField(required=True)
    until = DateTimeField()
    ends_at = DateTimeField()
    wording = StrictString(required=True)
    given_by = EnumField(GivenBy, required=True)
    evidence = StrictString(required=True)
    collected_by = StrictString(required=True)
    source = StrictString()
    recorded_at = DateTimeField(required=True)


class ConsentSearchAnswerSchema(AnswerSchema):
    """A person's consents, ended ones too, oldest first."""

    data = StrictList(NestedObject(FoundConsentSchema), limit=MAX_TOPICS, required=True)


class ConsentDocumentRequestSchema(StrictSchema):
    """The request for the document of a consent."""

    consent_id = StrictString(
        required=True,
        validate=validate.Regexp(r"^[0-9a-f]{32}\Z", error="Send a `consent_id`."),
    )
    language = EnumField(Language)


class ConsentDocumentAnswerSchema(AnswerSchema):
    """The document of a consent: its text and language."""

    text = StrictString(required=True)
    language = EnumField(Language, required=True)
