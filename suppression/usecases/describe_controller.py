"""What a key's owner may know of its controller."""

from __future__ import annotations

from suppression.domain.controllers import Controller, Topic
from suppression.domain.policies import Policy
from suppression.storage.controller_rows import policies_of, topics_of
from suppression.storage.database import reading


def describe_controller(controller: Controller) -> tuple[list[Policy], list[Topic]]:
    """The controller's policies and topics."""
    with reading() as transaction:
        policies = policies_of(transaction, controller)
        topics = topics_of(transaction, controller)
    return list(policies.values()), topics
