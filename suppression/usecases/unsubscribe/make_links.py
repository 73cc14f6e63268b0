"""Make unsubscribe links. Nothing is stored: a link contains everything that it needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from suppression.domain.checks.requests import InvalidCheck
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Fingerprint, Subject
from suppression.domain.unsubscribe.link_tokens import carried_match_keys, encode_heads
from suppression.domain.unsubscribe.mail_headers import list_headers, unsubscribe_header
from suppression.storage.controllers.rows import load_topics
from suppression.storage.engine.clocks import database_now
from suppression.storage.engine.database import Transaction, reading
from suppression.storage.suppressions.later_dates import dates_after
from suppression.usecases.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRequest:
    """The recipient and topic of a link to be made; topic '' means all topics.

    `ref` is '' or a text that `valid_ref_of` accepts: a link with a longer one cannot be opened.
    `language` is fr, en or '' for the browser's.
    """

    subject: Subject
    topic: str = ""
    ref: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link and the headers of the message that will contain it."""

    url: str
    headers: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueDays:
    """The days of issue (UTC) of links, by `now`, the time of the database's clock.

    A link reopens what was stopped on a later day than its own. `later` has, by fingerprint, the
    newest date of a stop that is dated after `now`, because the clock was set back since. A link to
    that address gets the day of that stop, because it is made after the stop.
    """

    now: datetime
    later: Mapping[Fingerprint, datetime]

    def of(self, forms: Collection[Fingerprint]) -> date:
        """Return the day of issue of a link with these fingerprints."""
        dates = (self.later[form] for form in forms if form in self.later)
        return max(dates, default=self.now).astimezone(UTC).date()


def read_issue_days(transaction: Transaction, fingerprints: Collection[Fingerprint]) -> IssueDays:
    """Return the days of issue of links that carry one or two of these fingerprints each."""
    now = database_now(transaction)
    return IssueDays(now=now, later=dates_after(transaction, fingerprints, now))


def make_links(
    services: Services,
    controller: Controller,
    requests: Sequence[LinkRequest | InvalidCheck],
) -> list[Link | InvalidCheck]:
    """Return a link for each request, in order.

    A request with an unknown topic gives an InvalidCheck; an InvalidCheck is returned as it is.
    """
    numbers = {"": 0}
    forms = {form for request in requests for form in _forms(request)}
    with reading() as transaction:
        days = read_issue_days(transaction, forms)
        if any(isinstance(request, LinkRequest) and request.topic for request in requests):
            numbers |= {topic.slug: topic.number for topic in load_topics(transaction, controller)}
    return [
        request
        if isinstance(request, InvalidCheck)
        else _link(services, controller, request, numbers, days)
        for request in requests
    ]


def _forms(request: LinkRequest | InvalidCheck) -> tuple[Fingerprint, ...]:
    """Return the fingerprints that the link of a request carries."""
    if isinstance(request, InvalidCheck):
        return ()
    subject = request.subject
    return carried_match_keys(subject.stored_rows(whole_address=False)[0], hashed=subject.hashed)


def _link(
    services: Services,
    controller: Controller,
    request: LinkRequest,
    numbers: dict[str, int],
    days: IssueDays,
) -> Link | InvalidCheck:
    if request.topic not in numbers:
        return InvalidCheck(code="topic_unknown")
    forms = _forms(request)
    day, number = days.of(forms), numbers[request.topic]
    maker = LinkMaker(services, controller, request.topic, number, issued_on=day)
    return maker.link(maker.url(forms, ref=request.ref, language=request.language))


class LinkMaker:
    """A maker of the links of one controller, topic and day; it computes once what these share."""

    def __init__(
        self,
        services: Services,
        controller: Controller,
        topic: str,
        number: int,
        *,
        issued_on: date,
    ) -> None:
        """Precompute what the links share.

        `topic` is the topic's slug and `number` its number; "" and 0 mean all topics.

        `issued_on` must come from `IssueDays`: a link reopens what was stopped on a later day than
        its own. If a machine's slow clock dated a link, one made after a stop could bear the date
        of the day before that stop, and would reopen it.
        """
        public_url = services.settings.public_url
        self._begin, self._sign = f"{public_url}/u/", services.links.sign
        self._heads = encode_heads(
            key_version=services.keys_of(controller).version,
            controller_number=controller.number,
            topic_number=number,
            issued_on=issued_on,
        )
        self.lasting = list_headers(
            name=controller.name,
            controller=controller.slug,
            topic=topic,
            host=urlsplit(public_url).hostname or "",
        )

    def url(self, forms: Sequence[Fingerprint], *, ref: str, language: str) -> str:
        """Return the URL of a link that carries the one or two fingerprints of an address.

        `ref` is the caller's reference in ASCII, or ''; `language` is fr, en, or '' for the
        browser's.
        """
        payload = self._heads[len(forms) - 1] + b"".join(forms)
        token = self._sign(payload + ref.encode("ascii") if ref else payload)
        return f"{self._begin}{token}?lang={language}" if language else self._begin + token

    def link(self, url: str) -> Link:
        """Return a link with this URL and the headers of its message."""
        headers = {"List-Unsubscribe": unsubscribe_header(url)} | self.lasting
        return Link(url=url, headers=headers)
