"""What a key's owner may know of its controller."""

from __future__ import annotations

from suppression.domain.controllers.model import Controller, Topic
from suppression.domain.policies.model import PolicySet
from suppression.storage.controllers.policies import current_policies
from suppression.storage.controllers.rows import load_topics
from suppression.storage.engine.database import reading


def describe_controller(controller: Controller) -> tuple[PolicySet, list[Topic]]:
    """The controller's policies and topics."""
    with reading() as transaction:
        policies = current_policies(transaction, controller)
        topics = load_topics(transaction, controller)
    return policies, topics
