"""Topics that are created at one time each get their own number, and none is refused."""

from __future__ import annotations

from flask import Flask

from suppression.domain.controllers.model import Topic
from suppression.usecases.controllers.topics import create_topic, list_topics
from tests.api import TOPICS, make_controller
from tests.e2e.together import together

NUMBER = 8


def test_topics_created_at_once_are_all_created(app: Flask) -> None:
    controller = make_controller(app, "okwind")

    def create(index: int) -> Topic:
        with app.app_context():
            return create_topic(controller, f"topic-{index}", name_fr="Sujet", name_en="Topic")

    created = together(NUMBER, create)
    with app.app_context():
        listed = list_topics(controller)
    assert len(listed) == len(TOPICS) + NUMBER
    assert sorted(topic.number for topic in created) == [
        topic.number for topic in listed if topic.slug not in TOPICS
    ]
