"""Read an unsubscribe link, and say what it would stop. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from suppression.adapters.link_signing import LinkSignatureError
from suppression.domain.brands import Brand
from suppression.domain.controllers import Controller, Topic
from suppression.domain.errors import UnknownLinkError
from suppression.domain.fingerprints import ControllerKeys, KeyedForm, Subject
from suppression.domain.identifiers.canonicalisation import OLDEST
from suppression.domain.identifiers.forms import FormLabel, Use
from suppression.domain.link_tokens import LinkPayload, MalformedPayloadError, unpack
from suppression.domain.standing import StandingStop
from suppression.domain.vocabulary import Channel, Kind, Purpose, Reason
from suppression.storage.brand_rows import brand_of
from suppression.storage.controller_rows import controller_by_number, topics_of
from suppression.storage.database import Transaction, reading
from suppression.storage.standing_rows import standing_stops
from suppression.usecases.services import Services

_LABELS = (FormLabel.PLAIN, FormLabel.MAILBOX)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedLink:
    """What a genuine link is about. `topic` is None for everything a controller sends."""

    controller: Controller
    topic: Topic | None
    subject: Subject
    ref: str

    @property
    def topic_slug(self) -> str:
        """The topic's slug, '' for all."""
        return self.topic.slug if self.topic else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkState:
    """A link, and since when what it would stop, and everything, has been stopped, if it has."""

    link: OpenedLink
    brand: Brand
    stopped_since: datetime | None
    everything_since: datetime | None


def open_link(services: Services, token: str, *, now: datetime) -> LinkState:
    """The link behind a token; UnknownLinkError, the same for every cause."""
    payload = read_token(services, token)
    with reading() as transaction:
        link = resolve(services, transaction, payload)
        brand = brand_of(transaction, link.controller)
        stops = standing_stops(transaction, link.subject.asked)
    return LinkState(
        link=link,
        brand=brand,
        stopped_since=stopped_since(stops, link.topic_slug, now=now),
        everything_since=stopped_since(stops, "", now=now),
    )


def stopped_since(
    standing: Iterable[StandingStop], topic: str, *, now: datetime
) -> datetime | None:
    """Since when marketing e-mail about a topic, or all of it (''), has been stopped."""
    return min((stop.since for stop in standing if _covers(stop, topic, now=now)), default=None)


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
        ref=payload.ref,
    )


def _subject(keys: ControllerKeys, payload: LinkPayload) -> Subject:
    """The subject of a link, its fingerprints wrapped up to the newest master key."""
    newest = [keys.rewrapped(form, payload.key_version) for form in payload.forms]
    return Subject(
        kind=Kind.EMAIL,
        forms=tuple(
            KeyedForm(label=label, use=Use.BOTH, versions=(form,))
            for label, form in zip(_LABELS, newest, strict=False)
        ),
        sandbox=keys.sandbox_case_of(newest[0]),
        canonicalisation=OLDEST,
    )


def _covers(stop: StandingStop, topic: str, *, now: datetime) -> bool:
    """Whether a stop already does what the link would do. A bounce was nobody's wish."""
    if stop.reason is Reason.UNDELIVERABLE or (stop.expires_at and stop.expires_at <= now):
        return False
    on_email = stop.extent.channel is Channel.EMAIL and stop.extent.purpose is Purpose.MARKETING
    return stop.reason.covers_everything or (on_email and stop.extent.topic in {"", topic})
