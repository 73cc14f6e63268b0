"""Show and save the preference page of a link: a box for each topic of the controller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from suppression.domain.consents.model import Proof
from suppression.domain.controllers.branding import Branding
from suppression.domain.controllers.model import Topic
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.releases import may_be_former_holders
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.unsubscribe.preferences import (
    BoxState,
    box_state,
    clicks_of,
    marketing_email,
    suppressions_closing,
)
from suppression.domain.vocabulary import Channel, ClientClass, Evidence, GivenBy, Reason
from suppression.storage.controllers.brands import brand_of
from suppression.storage.controllers.policies import current_policies
from suppression.storage.controllers.rows import load_topics
from suppression.storage.engine.database import Transaction, reading, writing
from suppression.storage.ledger.rows import entries_about_records
from suppression.storage.suppressions.rows import find_suppressions
from suppression.usecases.consents.record import ConsentRequest, record_consents
from suppression.usecases.ledger.append import dated_by_database, new_audit_context
from suppression.usecases.services import Services
from suppression.usecases.suppressions.lock_for_stops import lock_for_stops
from suppression.usecases.suppressions.record import StopRequest, StopResult, record_suppressions
from suppression.usecases.unsubscribe.create_confirmation import create_confirmation, created_row
from suppression.usecases.unsubscribe.open_link import (
    ShownLink,
    email_state,
    read_token,
    resolve,
)
from suppression.usecases.unsubscribe.reopenings import count_reopening
from suppression.usecases.unsubscribe.stop_by_form import OptOutFormRequest, record_form

_COLLECTED_BY = "recipient page"


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicPreference:
    """A box of the page. `topic` is None for all marketing e-mail of a controller without topics.

    `reopens_from`: the date that a new consent needs in order to open the topic again.
    """

    topic: Topic | None
    state: BoxState
    reopens_from: datetime

    @property
    def closed(self) -> bool:
        """Return whether a stop closes the topic."""
        return self.state is not BoxState.OPEN

    @property
    def may_open(self) -> bool:
        """Return whether this link may open the topic again."""
        return self.state is BoxState.OLD_LINK

    @property
    def slug(self) -> str:
        """Return the slug of the box's topic, '' for all marketing e-mail."""
        return self.topic.slug if self.topic else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """The boxes on the preference page of a link."""

    link: ShownLink
    brand: Branding
    boxes: tuple[TopicPreference, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PreferenceUpdate:
    """A submitted page: the boxes now ticked, those that were shown ticked, and typed identifiers.

    A box is named by its topic's slug, '' for all marketing e-mail. A tick has no effect if the
    link may not open the box's topic. `typed`: the identifiers that the person typed to be stopped,
    as an opt-out form. `wordings`: the text beside each box, which is the proof of a consent given
    by ticking the box; every box that a tick opens must have one.
    """

    ticked: frozenset[str]
    shown_open: frozenset[str]
    typed: OptOutFormRequest
    client_class: ClientClass | None = None
    wordings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PreferenceResult:
    """The result of an update: stops of unticked boxes (`results`) and of `typed` identifiers.

    `code` is that of the confirmation page, '' if the update asked for no change. `reopened`:
    whether a topic that clicks had closed is open again.
    """

    link: ShownLink
    code: str = ""
    results: tuple[StopResult, ...] = ()
    typed: tuple[StopResult, ...] = ()
    reopened: bool = False


def show_preferences(services: Services, token: str, *, now: datetime) -> Preferences:
    """Return the boxes on the preference page of a token's link.

    Raises UnknownLinkError if the token is not that of a valid link; the error does not tell why.
    """
    payload = read_token(services, token)
    with reading() as transaction:
        link = resolve(services, transaction, payload)
        brand = brand_of(transaction, link.controller)
        boxes = _boxes(transaction, link, now=now, for_update=False)
    return Preferences(link=link, brand=brand, boxes=boxes)


def save_preferences(
    services: Services, token: str, update: PreferenceUpdate, *, now: datetime
) -> PreferenceResult:
    """Store the stops, consents and confirmation of a page; nothing if it asks for no change.

    Raises UnknownLinkError if the token is not that of a valid link; the error does not tell why.
    """
    payload = read_token(services, token)
    with writing() as transaction:
        link = resolve(services, transaction, payload)
        lock_for_stops(transaction, [link.subject, *update.typed.subjects])
        # Dated before any read: a stop that arrives from now on is newer than a reopening here.
        context = new_audit_context("link", now=now, ref=link.ref, client_class=update.client_class)
        context = dated_by_database(transaction, context)
        boxes = _boxes(transaction, link, now=context.recorded_at, for_update=True)
        all_stopped = _all_stopped(transaction, link, now=context.recorded_at)
        closed = suppressions_closing(update.shown_open, update.ticked, all_stopped=all_stopped)
        stopping = [topic for topic in closed if topic in {"", *(box.slug for box in boxes)}]
        ticked = update.ticked - update.shown_open
        opening = [box for box in boxes if box.may_open and box.slug in ticked]
        if not stopping and not opening and not update.typed.subjects:
            return PreferenceResult(link=link)
        results = _stop(transaction, link, stopping, context)
        opened = _open(transaction, link, opening, update.wordings, context)
        typed = _stop_typed(transaction, link, update, context)
        reopened = bool(opened) and not link.subject.sandbox
        if reopened:
            count_reopening(transaction, link.controller, now=context.recorded_at)
        code = create_confirmation(
            transaction,
            link.controller,
            context,
            since=context.recorded_at,
            stopped=[result.scope for result in (*results, *typed)],
            opened=opened,
            made=None if typed else created_row(link.subject, results),
        )
    return PreferenceResult(link=link, code=code, results=results, typed=typed, reopened=reopened)


def _boxes(
    transaction: Transaction, link: ShownLink, *, now: datetime, for_update: bool
) -> tuple[TopicPreference, ...]:
    """Return a box for each topic, or a single box if the controller has no topic.

    `for_update` locks the rows of stops until the transaction ends. A row added after this read is
    not locked, but this link cannot open the topics that it closes.
    """
    topics: list[Topic | None] = [*load_topics(transaction, link.controller)] or [None]
    rows = find_suppressions(transaction, link.subject.lookup_fingerprints, for_update=for_update)
    mail = email_state(transaction, link, now=now)
    entries = entries_about_records(transaction, [row.record_id for row in rows])
    # A consent overrides every older stop, also those that this link's fingerprints do not match.
    may_open = link.asks_all and not may_be_former_holders(link.issued_on, rows)
    issued_on = link.issued_on if may_open else None
    clicks = {
        row.record_id: clicks_of(
            row, [entry for entry in entries if entry.record_id == row.record_id]
        )
        for row in rows
    }
    return tuple(
        TopicPreference(
            topic=topic,
            state=box_state(mail, topic.slug if topic else "", rows, clicks, issued_on=issued_on),
            reopens_from=mail.reopens_from(topic.slug if topic else ""),
        )
        for topic in topics
    )


def _all_stopped(transaction: Transaction, link: ShownLink, *, now: datetime) -> bool:
    """Return whether a stop on all marketing e-mail, future topics included, is in force."""
    return email_state(transaction, link, now=now).stopped_since("") is not None


def _stop(
    transaction: Transaction, link: ShownLink, topics: Sequence[str], context: AuditContext
) -> tuple[StopResult, ...]:
    results: list[StopResult] = []
    for topic in topics:
        request = StopRequest(
            subjects=(link.subject,),
            coverage=RequestedScope(channels=(Channel.EMAIL,), topic=topic),
            reason=Reason.UNSUBSCRIBE,
            evidence=Evidence.LINK_PAGE,
        )
        scopes = [[marketing_email(topic)]]
        results += record_suppressions(
            transaction, link.controller, request, scopes, context
        ).results
    return tuple(results)


def _stop_typed(
    transaction: Transaction, link: ShownLink, update: PreferenceUpdate, context: AuditContext
) -> tuple[StopResult, ...]:
    if not update.typed.subjects:
        return ()
    return record_form(transaction, link.controller, update.typed, context).results


def _open(
    transaction: Transaction,
    link: ShownLink,
    boxes: Sequence[TopicPreference],
    wordings: Mapping[str, str],
    context: AuditContext,
) -> list[str]:
    """Record a consent for each box; return the topics of those boxes that are open after that."""
    requests = [
        ConsentRequest(
            subject=link.subject,
            scopes=(marketing_email(box.slug),),
            given_at=box.reopens_from,
            until=None,
            proof=Proof(
                wording=wordings[box.slug],
                given_by=GivenBy.WEB_FORM,
                evidence=context.reference,
                collected_by=_COLLECTED_BY,
            ),
            evidence=Evidence.REOPENING,
        )
        for box in boxes
    ]
    if not requests:
        return []
    policies = current_policies(transaction, link.controller).policies
    recorded = record_consents(transaction, link.controller, requests, context, policies=policies)
    return [
        box.slug
        for box, results in zip(boxes, recorded, strict=True)
        if not any(recorded_consent.still_denied_by for recorded_consent in results)
    ]
