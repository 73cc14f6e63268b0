"""The subjects that a controller sends about."""

from __future__ import annotations

from suppression.domain.controllers.model import Controller, Topic, valid_slug
from suppression.domain.display_names import valid_name
from suppression.storage.controllers.rows import add_topic, load_topics
from suppression.storage.engine.database import reading, writing


def create_topic(controller: Controller, slug: str, *, name_fr: str, name_en: str) -> Topic:
    """A new topic under the controller's next number."""
    wanted = Topic(
        number=0,
        slug=valid_slug(slug, field="topic"),
        name_fr=valid_name(name_fr, field="name in French"),
        name_en=valid_name(name_en, field="name in English"),
    )
    with writing() as transaction:
        return add_topic(transaction, controller, wanted)


def list_topics(controller: Controller) -> list[Topic]:
    """The topics of a controller, by number."""
    with reading() as transaction:
        return load_topics(transaction, controller)
