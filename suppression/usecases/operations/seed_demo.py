"""Create a demo controller with invented people, for trying out the service."""

from __future__ import annotations

from datetime import datetime, timedelta

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.match_keys import PostalAddress, Value
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import ApiScope, Channel, Evidence, Preset, Reason
from suppression.storage.controllers.rows import controller_by_slug
from suppression.storage.engine.database import reading
from suppression.usecases.controllers.api_keys import create_api_key, list_api_keys
from suppression.usecases.controllers.create import create_controller
from suppression.usecases.controllers.topics import create_topic, list_topics
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.services import Services
from suppression.usecases.suppressions.record import StopAnswer, StopRequest
from suppression.usecases.suppressions.suppress import suppress

DEMO_SLUG = "demo"
_PEOPLE: tuple[tuple[Channel, Value, Reason], ...] = (
    (Channel.EMAIL, "camille.martin@example.com", Reason.OBJECTION),
    (Channel.EMAIL, "lucas.bernard@example.com", Reason.UNSUBSCRIBE),
    (Channel.TELEPHONE, "+33 1 99 00 12 34", Reason.OBJECTION),
    (Channel.SMS, "+33 6 39 98 12 34", Reason.STOP_KEYWORD),
    (
        Channel.POST,
        PostalAddress(name="Zoé Petit", street="1 rue Inventée", postcode="00000"),
        Reason.OBJECTION,
    ),
)


_TOPICS = (
    ("newsletter", "Lettre d'information", "Newsletter"),
    ("offers", "Offres", "Offers"),
)


def seed_demo(services: Services, *, now: datetime) -> str | None:
    """Create the demo controller with topics and stops; return its API key.

    Return None, and create nothing, if the controller has a key already, even a revoked one. Each
    step is its own use case and the key is created last, so that the next call resumes an
    interrupted one.
    """
    with reading() as transaction:
        controller = controller_by_slug(transaction, DEMO_SLUG)
    if controller is None:
        controller = create_controller(
            DEMO_SLUG, name="Demo", country="FR", preset=Preset.OBJECTION_ONLY, now=now
        )
    elif list_api_keys(controller, now=now):
        return None
    known = {topic.slug for topic in list_topics(controller)}
    for slug, name_fr, name_en in _TOPICS:
        if slug not in known:
            create_topic(controller, slug, name_fr=name_fr, name_en=name_en)
    for channel, value, reason in _PEOPLE:
        _stop(services, controller, channel, value, reason, now=now)
    return create_api_key(controller, name="demo", scopes=list(ApiScope), now=now)


def _stop(
    services: Services,
    controller: Controller,
    channel: Channel,
    value: Value,
    reason: Reason,
    *,
    now: datetime,
) -> None:
    request = StopRequest(
        subjects=(services.subject(controller, channel.kind, value),),
        coverage=RequestedScope(channels=(channel,)),
        reason=reason,
        evidence=Evidence.API,
        occurred_at=now - timedelta(days=30),
    )
    suppress(controller, request, _unread, actor="seed", now=now)


def _unread(answer: StopAnswer) -> StoredResponse:
    return StoredResponse(status=0, body=answer.reference)
