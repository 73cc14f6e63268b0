"""Read the controllers that have a public opt-out form: one by its slug, or all of them."""

from __future__ import annotations

from dataclasses import dataclass

from suppression.domain.controllers.branding import Branding
from suppression.domain.controllers.model import Controller, is_slug
from suppression.domain.errors import UnknownControllerError
from suppression.domain.probes import SYNTHETIC_OPT_OUT
from suppression.storage.controllers.brands import brand_of
from suppression.storage.controllers.rows import controller_by_slug, load_controllers
from suppression.storage.engine.database import reading


@dataclass(frozen=True, kw_only=True, slots=True)
class OptOutForm:
    """The controller whose public opt-out form is shown, and its branding."""

    controller: Controller
    brand: Branding


def show_form(slug: str) -> OptOutForm:
    """Return a controller's opt-out form. Raises UnknownControllerError for an unknown slug."""
    if not is_slug(slug):
        raise UnknownControllerError
    with reading() as transaction:
        controller = controller_by_slug(transaction, slug)
        if controller is None:
            raise UnknownControllerError
        return OptOutForm(controller=controller, brand=brand_of(transaction, controller))


def list_public_controllers() -> list[Controller]:
    """Return the controllers whose public forms are listed: all but the probe's, sorted by name."""
    with reading() as transaction:
        controllers = load_controllers(transaction)
    real = [controller for controller in controllers if controller.slug != SYNTHETIC_OPT_OUT]
    return sorted(real, key=lambda controller: (controller.name.casefold(), controller.slug))
