"""Read the confirmation page of a person's request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suppression.domain.controllers.branding import Branding
from suppression.domain.controllers.model import Controller, Topic
from suppression.domain.errors import UnknownConfirmationError
from suppression.domain.unsubscribe.confirmations import Confirmation, digest_of
from suppression.storage.controllers.brands import brand_of
from suppression.storage.controllers.rows import controller_by_number, load_topics
from suppression.storage.engine.clocks import later_now
from suppression.storage.engine.database import reading
from suppression.storage.unsubscribe.rows import find_confirmation
from suppression.usecases.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownConfirmation:
    """A confirmation and the data of its page.

    `undo_token` lets the page undo the click; '' if the click cannot be undone, was undone before,
    or is a day old. Only `undo_click` checks whether a row of the click has changed since.
    """

    confirmation: Confirmation
    controller: Controller
    brand: Branding
    topics: tuple[Topic, ...]
    undo_token: str


def show_confirmation(services: Services, code: str, *, now: datetime) -> ShownConfirmation:
    """Return the confirmation with this code, and the data of its page.

    Raises UnknownConfirmationError if there is none, or if it is 30 days old.
    """
    with reading() as transaction:
        confirmation = find_confirmation(transaction, digest_of(code), now=now)
        number = confirmation.controller_number if confirmation else 0
        controller = controller_by_number(transaction, number)
        if confirmation is None or controller is None:
            raise UnknownConfirmationError
        brand = brand_of(transaction, controller)
        topics = tuple(load_topics(transaction, controller))
        in_time = confirmation.undo_in_time(later_now(transaction, now))
    return ShownConfirmation(
        confirmation=confirmation,
        controller=controller,
        brand=brand,
        topics=topics,
        undo_token=services.undos.sign(confirmation.undo_payload) if in_time else "",
    )
