"""Store the stop of a click: a one-click request or a button of the link's page.

See docs/rules.md#e3.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, ClientClass, Evidence, Purpose, Reason
from suppression.storage.engine.database import writing
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.services import Services
from suppression.usecases.suppressions.record import StopRequest, record_suppressions
from suppression.usecases.unsubscribe.create_confirmation import create_confirmation, created_row
from suppression.usecases.unsubscribe.open_link import ShownLink, read_token, resolve


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkClick:
    """A click on a link. `everything`: whether it stops all marketing e-mail, not just a topic."""

    evidence: Evidence
    everything: bool = False
    client_class: ClientClass | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkStop:
    """A stored stop and its first date. `code` is its confirmation page's, '' for a one-click."""

    link: ShownLink
    since: datetime
    code: str = ""


def stop_by_link(services: Services, token: str, click: LinkClick, *, now: datetime) -> LinkStop:
    """Store and return the stop of a click, with a confirmation unless the click is a one-click.

    A repeated click is no error (docs/rules.md#e5), and the first date remains. Raises
    UnknownLinkError if the token is not that of a valid link; the error does not tell why.
    """
    payload = read_token(services, token)
    with writing() as transaction:
        link = resolve(services, transaction, payload)
        topic = "" if click.everything else link.topic_slug
        request = StopRequest(
            subjects=(link.subject,),
            coverage=RequestedScope(channels=(Channel.EMAIL,), topic=topic),
            reason=Reason.UNSUBSCRIBE,
            evidence=click.evidence,
        )
        scope = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic=topic)
        context = new_audit_context("link", now=now, ref=link.ref, client_class=click.client_class)
        answer = record_suppressions(transaction, link.controller, request, [[scope]], context)
        (result,) = answer.results
        if click.evidence is Evidence.ONE_CLICK:
            return LinkStop(link=link, since=result.since)
        code = create_confirmation(
            transaction,
            link.controller,
            dataclasses.replace(context, recorded_at=answer.recorded_at),
            since=result.since,
            stopped=[scope],
            made=created_row(link.subject, [result]),
        )
    return LinkStop(link=link, since=result.since, code=code)
