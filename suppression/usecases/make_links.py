"""Make unsubscribe links. Nothing is stored: a link carries all it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from suppression.domain.controllers import Controller
from suppression.domain.fingerprints import Subject
from suppression.domain.link_tokens import LinkPayload, pack
from suppression.domain.list_headers import list_headers
from suppression.domain.questions import Unaskable
from suppression.storage.controller_rows import topics_of
from suppression.storage.database import reading
from suppression.usecases.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRequest:
    """For whom and what a link is wanted. `language` is fr, en or '' for the reader's own."""

    subject: Subject
    topic: str = ""
    ref: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link and the headers of the message that will carry it."""

    url: str
    headers: dict[str, str]


def make_links(
    services: Services,
    controller: Controller,
    requests: Sequence[LinkRequest | Unaskable],
    *,
    now: datetime,
) -> list[Link | Unaskable]:
    """A link for each request, in order; what cannot have one says why."""
    numbers = {"": 0}
    if any(isinstance(one, LinkRequest) and one.topic for one in requests):
        with reading() as transaction:
            numbers |= {one.slug: one.number for one in topics_of(transaction, controller)}
    return [
        one if isinstance(one, Unaskable) else _link(services, controller, one, numbers, now=now)
        for one in requests
    ]


def _link(
    services: Services,
    controller: Controller,
    request: LinkRequest,
    numbers: dict[str, int],
    *,
    now: datetime,
) -> Link | Unaskable:
    if request.topic not in numbers:
        return Unaskable(code="topic_unknown")
    payload = LinkPayload(
        key_version=services.keys_of(controller).version,
        controller_number=controller.number,
        topic_number=numbers[request.topic],
        issued_on=now.astimezone(UTC).date(),
        forms=request.subject.written(whole_address=False),
        ref=request.ref,
    )
    public_url = services.settings.public_url
    query = f"?lang={request.language}" if request.language else ""
    url = f"{public_url}/u/{services.links.sign(pack(payload))}{query}"
    headers = list_headers(
        url,
        name=controller.name,
        controller=controller.slug,
        topic=request.topic,
        host=urlsplit(public_url).hostname or "",
    )
    return Link(url=url, headers=headers)
