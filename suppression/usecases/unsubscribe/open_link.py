"""Read an unsubscribe link and what a click on it would stop, without changing anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from suppression.adapters.crypto.link_signer import LinkSignatureError
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.controllers.branding import Branding
from suppression.domain.controllers.model import Controller, Topic
from suppression.domain.errors import UnknownLinkError
from suppression.domain.identifiers.fingerprints import ControllerKeys, KeyedMatchKey, Subject
from suppression.domain.identifiers.match_keys import KeyUse, MatchKeyLabel
from suppression.domain.identifiers.partner_schemes import schemes_for
from suppression.domain.identifiers.versions import OLDEST
from suppression.domain.unsubscribe.link_tokens import LinkPayload, MalformedPayloadError, decode
from suppression.domain.unsubscribe.preferences import EmailState, marketing_email
from suppression.domain.vocabulary import Channel, Kind, Purpose
from suppression.storage.checks.active_rows import look_up_state
from suppression.storage.controllers.brands import brand_of
from suppression.storage.controllers.policies import current_policies
from suppression.storage.controllers.rows import controller_by_number, load_topics
from suppression.storage.engine.database import Transaction, reading
from suppression.usecases.services import Services

_LABELS = (MatchKeyLabel.PLAIN, MatchKeyLabel.MAILBOX)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownLink:
    """The content of a genuine link. `topic` is None for all topics of a controller.

    `hashed`: whether the address came hashed; then its other match keys are unknown.
    """

    controller: Controller
    topic: Topic | None
    subject: Subject
    issued_on: date
    ref: str
    hashed: bool

    @property
    def topic_slug(self) -> str:
        """Return the slug of the link's topic, '' for all topics."""
        return self.topic.slug if self.topic else ""

    @property
    def asks_all(self) -> bool:
        """Return whether the subject has all fingerprints under which a consent may lift a stop.

        False if the address came hashed, or if the controller uses partners' hash schemes, which no
        link carries. Stops of mail domains are not found by a link; no consent lifts them.
        """
        return not self.hashed and not schemes_for(Kind.EMAIL, self.controller.schemes)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkState:
    """A link and the state of its address: what is stopped, and a consent newer than the link.

    `stopped_since`: since when the link's topic is stopped; `everything_since`: since when all
    marketing e-mail is stopped; None if it is not. `agreed_since`: when the person last consented
    to the topic, on the link's day (UTC) or later; None if no such consent is valid.
    """

    link: ShownLink
    brand: Branding
    stopped_since: datetime | None
    everything_since: datetime | None
    agreed_since: datetime | None = None


def show_link(services: Services, token: str, *, now: datetime) -> LinkState:
    """Return the state of a token's link, read from the database.

    Raises UnknownLinkError if the token is not that of a valid link; the error does not tell why.
    """
    payload = read_token(services, token)
    with reading() as transaction:
        link = resolve(services, transaction, payload)
        brand = brand_of(transaction, link.controller)
        mail = email_state(transaction, link, now=now)
    topic = link.topic_slug
    return LinkState(
        link=link,
        brand=brand,
        stopped_since=mail.stopped_since(topic),
        everything_since=mail.stopped_since(""),
        agreed_since=mail.agreed_since(topic, issued_on=link.issued_on),
    )


def email_state(transaction: Transaction, link: ShownLink, *, now: datetime) -> EmailState:
    """Return the stops, consents and topics on record for marketing e-mail to a link's address."""
    check_request = CheckRequest(subject=link.subject, scope=marketing_email(""))
    rows = look_up_state(transaction, [check_request], call_history_span=None)
    policies = current_policies(transaction, link.controller).policies
    return EmailState(
        state=rows.state_of(check_request),
        topics=tuple(topic.slug for topic in load_topics(transaction, link.controller)),
        months=policies[Channel.EMAIL, Purpose.MARKETING].consent_months,
        now=min(now, rows.clock or now),
    )


def read_token(services: Services, token: str) -> LinkPayload:
    """Return the payload of a token.

    Raises UnknownLinkError if we did not sign the token, or if its content is no valid payload.
    """
    try:
        return decode(services.links.verify(token))
    except (LinkSignatureError, MalformedPayloadError):
        raise UnknownLinkError from None


def resolve(services: Services, transaction: Transaction, payload: LinkPayload) -> ShownLink:
    """Return the controller, topic and subject of a payload.

    Raises UnknownLinkError if the controller, the topic or the key version does not exist.
    """
    controller = controller_by_number(transaction, payload.controller_number)
    if controller is None:
        raise UnknownLinkError
    topics = {topic.number: topic for topic in load_topics(transaction, controller)}
    keys = services.keys_of(controller)
    number = payload.topic_number
    if (number and number not in topics) or not 1 <= payload.key_version <= keys.version:
        raise UnknownLinkError
    return ShownLink(
        controller=controller,
        topic=topics.get(number),
        subject=_subject(keys, payload),
        issued_on=payload.issued_on,
        ref=payload.ref,
        hashed=payload.hashed,
    )


def _subject(keys: ControllerKeys, payload: LinkPayload) -> Subject:
    """Return the subject of a link, with its fingerprints converted to the newest master key."""
    forms = dict.fromkeys(payload.forms)
    newest = [keys.reencrypt_fingerprint(form, payload.key_version) for form in forms]
    return Subject(
        kind=Kind.EMAIL,
        forms=tuple(
            KeyedMatchKey(label=label, use=KeyUse.BOTH, versions=(form,))
            for label, form in zip(_LABELS, newest, strict=False)
        ),
        sandbox=keys.sandbox_cases.get(newest[0]),
        canonicalisation=OLDEST,
    )
