"""Read controllers: one by its slug, all of them, or the policies and topics of a controller."""

from __future__ import annotations

from suppression.domain.controllers.model import Controller, Topic, is_slug
from suppression.domain.errors import UnknownControllerError
from suppression.domain.policies.model import PolicySet
from suppression.storage.controllers.policies import current_policies
from suppression.storage.controllers.rows import controller_by_slug, load_controllers, load_topics
from suppression.storage.engine.database import reading


def find_controller(slug: str) -> Controller:
    """Return the controller with this slug. Raises UnknownControllerError for an unknown slug."""
    if not is_slug(slug):
        raise UnknownControllerError
    with reading() as transaction:
        controller = controller_by_slug(transaction, slug)
    if controller is None:
        raise UnknownControllerError
    return controller


def list_controllers() -> list[Controller]:
    """Return every controller, ordered by slug."""
    with reading() as transaction:
        return load_controllers(transaction)


def describe_controller(controller: Controller) -> tuple[PolicySet, list[Topic]]:
    """Return a controller's policies in force, and its topics ordered by number."""
    with reading() as transaction:
        policies = current_policies(transaction, controller)
        topics = load_topics(transaction, controller)
    return policies, topics
