"""The choices page of a link: what is sent to this address, topic by topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suppression.domain.brands import Brand
from suppression.domain.choices import closing
from suppression.domain.controllers import Topic
from suppression.domain.extents import Coverage
from suppression.domain.ledger import Deed
from suppression.domain.suppressions import Extent
from suppression.domain.vocabulary import Channel, ClientClass, Evidence, Purpose, Reason
from suppression.storage.brand_rows import brand_of
from suppression.storage.controller_rows import topics_of
from suppression.storage.database import Transaction, reading, writing
from suppression.storage.standing_rows import standing_stops
from suppression.usecases.confirm import confirm
from suppression.usecases.open_link import OpenedLink, read_token, resolve, stopped_since
from suppression.usecases.record_stops import StopRequest, StopResult, new_deed, record_stops
from suppression.usecases.services import Services
from suppression.usecases.stop_by_form import FormStop, record_form


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One box. `topic` is None for all marketing e-mail of a controller without topics."""

    topic: Topic | None
    closed: bool

    @property
    def slug(self) -> str:
        """The topic's slug, '' for all."""
        return self.topic.slug if self.topic else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """The boxes of a link's page."""

    link: OpenedLink
    brand: Brand
    boxes: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What came back: the boxes ticked, those that had been shown ticked, and what was typed."""

    ticked: frozenset[str]
    shown_open: frozenset[str]
    typed: FormStop
    client_class: ClientClass | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """What was stored; `code` leads to its page, and is '' where nothing changed."""

    link: OpenedLink
    code: str = ""
    results: tuple[StopResult, ...] = ()
    typed: tuple[StopResult, ...] = ()


def open_choices(services: Services, token: str, *, now: datetime) -> Choices:
    """The boxes behind a token; UnknownLinkError, the same for every cause."""
    payload = read_token(services, token)
    with reading() as transaction:
        link = resolve(services, transaction, payload)
        brand = brand_of(transaction, link.controller)
        topics: list[Topic | None] = [*topics_of(transaction, link.controller)] or [None]
        standing = standing_stops(transaction, link.subject.asked)
    boxes = tuple(
        Choice(
            topic=topic,
            closed=stopped_since(standing, topic.slug if topic else "", now=now) is not None,
        )
        for topic in topics
    )
    return Choices(link=link, brand=brand, boxes=boxes)


def save_choices(services: Services, token: str, wish: Wish, *, now: datetime) -> Saved:
    """Store every stop of the page, or none."""
    payload = read_token(services, token)
    with writing() as transaction:
        link = resolve(services, transaction, payload)
        known = {"", *(topic.slug for topic in topics_of(transaction, link.controller))}
        topics = [one for one in closing(wish.shown_open, wish.ticked) if one in known]
        if not topics and not wish.typed.subjects:
            return Saved(link=link)
        deed = new_deed("link", now=now, ref=link.ref, client_class=wish.client_class)
        results = tuple(
            result for topic in topics for result in _stop(transaction, link, topic, deed)
        )
        typed: tuple[StopResult, ...] = ()
        if wish.typed.subjects:
            typed = record_form(transaction, link.controller, wish.typed, deed)
        code = confirm(
            transaction,
            link.controller,
            deed,
            since=now,
            stopped=[one.extent for one in (*results, *typed)],
        )
    return Saved(link=link, code=code, results=results, typed=typed)


def _stop(
    transaction: Transaction, link: OpenedLink, topic: str, deed: Deed
) -> tuple[StopResult, ...]:
    extent = Extent(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic=topic)
    request = StopRequest(
        subjects=(link.subject,),
        coverage=Coverage(channels=(Channel.EMAIL,), topic=topic),
        reason=Reason.UNSUBSCRIBE,
        evidence=Evidence.LINK_PAGE,
        occurred_at=deed.recorded_at,
    )
    return record_stops(transaction, link.controller, request, [[extent]], deed).results
