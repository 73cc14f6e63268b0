"""Read an unsubscribe link, and say what it would stop. Nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from suppression.adapters.link_signing import LinkSignatureError
from suppression.domain.brands import Brand
from suppression.domain.choices import MailStanding, marketing_email
from suppression.domain.controllers import Controller, Topic
from suppression.domain.errors import UnknownLinkError
from suppression.domain.fingerprints import ControllerKeys, KeyedForm, Subject
from suppression.domain.identifiers.canonicalisation import OLDEST
from suppression.domain.identifiers.forms import FormLabel, Use
from suppression.domain.identifiers.schemes import schemes_for
from suppression.domain.link_tokens import LinkPayload, MalformedPayloadError, unpack
from suppression.domain.questions import Question
from suppression.domain.vocabulary import Channel, Kind, Purpose
from suppression.storage.brand_rows import brand_of
from suppression.storage.controller_rows import controller_by_number, topics_of
from suppression.storage.database import Transaction, reading
from suppression.storage.policy_rows import policies_of
from suppression.storage.standing_rows import standing_rows
from suppression.usecases.services import Services

_LABELS = (FormLabel.PLAIN, FormLabel.MAILBOX)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedLink:
    """What a genuine link is about. `topic` is None for everything a controller sends.

    `asks_all`: its subject asks all that a check of the address would. Not where that came hashed,
    nor where partners' lists are kept under what a link does not carry.
    """

    controller: Controller
    topic: Topic | None
    subject: Subject
    issued_on: date
    ref: str
    asks_all: bool

    @property
    def topic_slug(self) -> str:
        """The topic's slug, '' for all."""
        return self.topic.slug if self.topic else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkState:
    """A link, and since when what it would stop, and everything, has been stopped, if it has.

    `agreed_since`: when the person agreed to it again, if that is newer than the link.
    """

    link: OpenedLink
    brand: Brand
    stopped_since: datetime | None
    everything_since: datetime | None
    agreed_since: datetime | None = None


def open_link(services: Services, token: str, *, now: datetime) -> LinkState:
    """The link behind a token; UnknownLinkError, the same for every cause."""
    payload = read_token(services, token)
    with reading() as transaction:
        link = resolve(services, transaction, payload)
        brand = brand_of(transaction, link.controller)
        mail = mail_standing(transaction, link, now=now)
    topic = link.topic_slug
    return LinkState(
        link=link,
        brand=brand,
        stopped_since=mail.stopped_since(topic),
        everything_since=mail.stopped_since(""),
        agreed_since=mail.agreed_since(topic, issued_on=link.issued_on),
    )


def mail_standing(transaction: Transaction, link: OpenedLink, *, now: datetime) -> MailStanding:
    """What stands for marketing e-mail to the address of a link."""
    question = Question(subject=link.subject, extent=marketing_email(""))
    rows = standing_rows(transaction, [question], contacts_within=None)
    policies = policies_of(transaction, link.controller).policies
    return MailStanding(
        standing=rows.of(question),
        topics=tuple(topic.slug for topic in topics_of(transaction, link.controller)),
        months=policies[Channel.EMAIL, Purpose.MARKETING].consent_months,
        now=min(now, rows.clock or now),
    )


def read_token(services: Services, token: str) -> LinkPayload:
    """The payload of a token that we signed."""
    try:
        return unpack(services.links.verify(token))
    except (LinkSignatureError, MalformedPayloadError):
        raise UnknownLinkError from None


def resolve(services: Services, transaction: Transaction, payload: LinkPayload) -> OpenedLink:
    """The controller, topic and subject that a payload names."""
    controller = controller_by_number(transaction, payload.controller_number)
    if controller is None:
        raise UnknownLinkError
    topics = {topic.number: topic for topic in topics_of(transaction, controller)}
    keys = services.keys_of(controller)
    number = payload.topic_number
    if (number and number not in topics) or not 1 <= payload.key_version <= keys.version:
        raise UnknownLinkError
    return OpenedLink(
        controller=controller,
        topic=topics.get(number),
        subject=_subject(keys, payload),
        issued_on=payload.issued_on,
        ref=payload.ref,
        asks_all=not payload.hashed and not schemes_for(Kind.EMAIL, controller.schemes),
    )


def _subject(keys: ControllerKeys, payload: LinkPayload) -> Subject:
    """The subject of a link, its fingerprints wrapped up to the newest master key."""
    forms = dict.fromkeys(payload.forms)
    newest = [keys.rewrapped(form, payload.key_version) for form in forms]
    return Subject(
        kind=Kind.EMAIL,
        forms=tuple(
            KeyedForm(label=label, use=Use.BOTH, versions=(form,))
            for label, form in zip(_LABELS, newest, strict=False)
        ),
        sandbox=keys.sandbox_case_of(newest[0]),
        canonicalisation=OLDEST,
    )
