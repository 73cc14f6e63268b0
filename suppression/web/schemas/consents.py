"""Consents, their withdrawal, search and document, and the answers."""

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
    Items,
    Moment,
    StrictSchema,
    Text,
    Thing,
    Word,
    YesOrNo,
)
from suppression.web.schemas.identifiers import Country, IdentifierField, TopicSlug
from suppression.web.schemas.suppressions import ChannelsField

MAX_TOPICS = 50
_WITH_CONSENT = frozenset({Purpose.MARKETING, Purpose.PROFILING, Purpose.SHARING})


class ConsentRequestSchema(StrictSchema):
    """A consent with its proof."""

    kind = Word(Kind, required=True)
    identifier = IdentifierField()
    sha256 = Text()
    country = Country()
    channels = ChannelsField()
    purpose = Word(_WITH_CONSENT)
    topics = Items(TopicSlug(), most=MAX_TOPICS)
    given_at = Moment(required=True)
    until = Moment()
    wording = Text(required=True)
    given_by = Word(GivenBy, required=True)
    evidence = Text(required=True)
    collected_by = Text(required=True)
    ref = Text()


class StillDeniedSchema(AnswerSchema):
    """A stop that denies all the same."""

    code = Word(Reason, required=True)
    since = Moment(required=True)
    topic = Text()


class ConsentResultSchema(AnswerSchema):
    """What became of one channel and topic."""

    channel = Word(Channel, allow_none=True, required=True)
    topic = Text()
    outcome = Word(frozenset({Outcome.CREATED, Outcome.ALREADY}), required=True)
    consent_id = Text(required=True)
    state = Word(ConsentState, required=True)
    given_at = Moment(required=True)
    until = Moment()
    still_denied_by = Items(Thing(StillDeniedSchema), most=MAX_TOPICS, required=True)
    sandbox = YesOrNo()


class ConsentAnswerSchema(AnswerSchema):
    """The reference to keep, and a result per channel and topic."""

    reference = Text(required=True)
    results = Items(Thing(ConsentResultSchema), most=MAX_TOPICS, required=True)


class WithdrawalRequestSchema(StrictSchema):
    """A withdrawal."""

    kind = Word(Kind, required=True)
    identifier = IdentifierField()
    sha256 = Text()
    scheme = Text()
    country = Country()
    channels = ChannelsField()
    purpose = Word(_WITH_CONSENT)
    topics = Items(TopicSlug(), most=MAX_TOPICS)
    occurred_at = Moment()
    ref = Text()


class EndedConsentSchema(AnswerSchema):
    """A consent that the withdrawal ended."""

    consent_id = Text(required=True)
    channel = Word(Channel, allow_none=True, required=True)
    topic = Text()
    given_at = Moment(required=True)


class WithdrawalResultSchema(AnswerSchema):
    """The stop that stands for one channel and topic."""

    channel = Word(Channel, allow_none=True, required=True)
    topic = Text()
    outcome = Word(Outcome, required=True)
    suppression_id = Text(required=True)
    since = Moment(required=True)
    whole_address = YesOrNo()
    sandbox = YesOrNo()


class WithdrawalAnswerSchema(AnswerSchema):
    """The reference to keep, what ended, and the stops."""

    reference = Text(required=True)
    ended = Items(Thing(EndedConsentSchema), most=MAX_TOPICS, required=True)
    results = Items(Thing(WithdrawalResultSchema), most=MAX_TOPICS, required=True)


class ConsentSearchRequestSchema(StrictSchema):
    """Whose consents to show."""

    kind = Word(Kind, required=True)
    identifier = IdentifierField()
    sha256 = Text()
    country = Country()
    channel = Word(Channel)


class FoundConsentSchema(AnswerSchema):
    """A consent with its proof."""

    consent_id = Text(required=True)
    channel = Word(Channel, allow_none=True, required=True)
    purpose = Word(_WITH_CONSENT, required=True)
    topic = Text()
    state = Word(ConsentState, required=True)
    given_at = Moment(required=True)
    until = Moment()
    ends_at = Moment()
    wording = Text(required=True)
    given_by = Word(GivenBy, required=True)
    evidence = Text(required=True)
    collected_by = Text(required=True)
    source = Text()
    recorded_at = Moment(required=True)


class ConsentSearchAnswerSchema(AnswerSchema):
    """All of a person's consents, oldest first."""

    data = Items(Thing(FoundConsentSchema), most=MAX_TOPICS, required=True)


class ConsentDocumentRequestSchema(StrictSchema):
    """Which consent to write a document of."""

    consent_id = Text(
        required=True,
        validate=validate.Regexp(r"^[0-9a-f]{32}\Z", error="Send a `consent_id`."),
    )
    language = Word(Language)


class ConsentDocumentAnswerSchema(AnswerSchema):
    """The document."""

    text = Text(required=True)
    language = Word(Language, required=True)
