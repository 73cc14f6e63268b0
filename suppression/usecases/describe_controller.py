"""What a key's owner may know of its controller."""

from __future__ import annotations

from suppression.domain.controllers import Controller, Topic
from suppression.domain.policies import PolicySet
from suppression.storage.controller_rows import topics_of
from suppression.storage.database import reading
from suppression.storage.policy_rows import policies_of


def describe_controller(controller: Controller) -> tuple[PolicySet, list[Topic]]:
    """The controller's policies and topics."""
    with reading() as transaction:
        policies = policies_of(transaction, controller)
        topics = topics_of(transaction, controller)
    return policies, topics
