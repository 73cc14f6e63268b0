"""Look controllers up for commands."""

from __future__ import annotations

from suppression.domain.controllers.model import Controller, is_slug
from suppression.domain.errors import UnknownControllerError
from suppression.storage.controllers.rows import controller_by_slug, load_controllers
from suppression.storage.engine.database import reading


def find_controller(slug: str) -> Controller:
    """The controller of this slug; UnknownControllerError if there is none."""
    if not is_slug(slug):
        raise UnknownControllerError
    with reading() as transaction:
        controller = controller_by_slug(transaction, slug)
    if controller is None:
        raise UnknownControllerError
    return controller


def list_controllers() -> list[Controller]:
    """Every controller, by slug."""
    with reading() as transaction:
        return load_controllers(transaction)
