"""Stops that are in force and that a person should look at."""

from __future__ import annotations

from suppression.domain.controllers import Controller
from suppression.domain.reviews import Review
from suppression.storage.confirmation_rows import reviews_of
from suppression.storage.database import reading


def list_reviews(controller: Controller) -> list[Review]:
    """What is to be looked at, oldest first."""
    with reading() as transaction:
        return reviews_of(transaction, controller)
