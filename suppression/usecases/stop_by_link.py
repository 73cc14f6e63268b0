"""Stop what a link is about: the one click that rule E3 asks no question of."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.extents import Coverage
from suppression.domain.suppressions import Extent
from suppression.domain.vocabulary import Channel, Evidence, Purpose, Reason
from suppression.storage.database import writing
from suppression.usecases.open_link import OpenedLink, read_token, resolve
from suppression.usecases.record_stops import StopRequest, new_deed, record_stops
from suppression.usecases.services import Services


def stop_by_link(
    services: Services, token: str, *, evidence: Evidence, now: datetime
) -> OpenedLink:
    """Store the stop and return the link; UnknownLinkError if it is none of ours.

    A repeat is no error: the first date stands (rule E5).
    """
    payload = read_token(services, token)
    with writing() as transaction:
        link = resolve(services, transaction, payload)
        request = StopRequest(
            subjects=(link.subject,),
            coverage=Coverage(channels=(Channel.EMAIL,), topic=link.topic_slug),
            reason=Reason.UNSUBSCRIBE,
            evidence=evidence,
            occurred_at=now,
        )
        extent = Extent(
            channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic=request.coverage.topic
        )
        deed = new_deed("link", now=now, ref=link.ref)
        record_stops(transaction, link.controller, request, [[extent]], deed)
    return link
