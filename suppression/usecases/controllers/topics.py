"""Create, list and check the topics that a controller sends about."""

from __future__ import annotations

from collections.abc import Collection

from suppression.domain.controllers.model import Controller, Topic, valid_slug
from suppression.domain.display_names import valid_name
from suppression.domain.errors import InvalidValueError
from suppression.domain.suppressions.model import Scope
from suppression.storage.controllers.rows import add_topic, load_topics
from suppression.storage.engine.database import Transaction, reading, writing


def create_topic(controller: Controller, slug: str, *, name_fr: str, name_en: str) -> Topic:
    """Store and return a topic under the controller's next number.

    Raises InvalidValueError for an invalid slug or name, ConflictError if the slug is taken.
    """
    topic = Topic(
        number=0,
        slug=valid_slug(slug, field="topic"),
        name_fr=valid_name(name_fr, field="name in French"),
        name_en=valid_name(name_en, field="name in English"),
    )
    with writing() as transaction:
        return add_topic(transaction, controller, topic)


def list_topics(controller: Controller) -> list[Topic]:
    """Return the topics of a controller, ordered by number."""
    with reading() as transaction:
        return load_topics(transaction, controller)


def check_topic(transaction: Transaction, controller: Controller, topic: str) -> None:
    """Raise InvalidValueError at `/topic` if the controller has no topic with the slug `topic`."""
    if topic not in _slugs(transaction, controller):
        detail = "This controller has no topic of this name."
        raise InvalidValueError.at("/topic", detail)


def check_topics(
    transaction: Transaction, controller: Controller, scopes: Collection[Scope]
) -> None:
    """Raise InvalidValueError at `/topics` if a scope has a topic that the controller lacks."""
    if any(scope.topic for scope in scopes):
        check_topics_among(_slugs(transaction, controller), scopes)


def check_topics_among(known: Collection[str], scopes: Collection[Scope]) -> None:
    """Raise InvalidValueError at `/topics` if a scope has a topic whose slug `known` lacks."""
    if {scope.topic for scope in scopes} - {"", *known}:
        detail = "This controller has no topic of one of these names."
        raise InvalidValueError.at("/topics", detail)


def _slugs(transaction: Transaction, controller: Controller) -> set[str]:
    return {topic.slug for topic in load_topics(transaction, controller)}
