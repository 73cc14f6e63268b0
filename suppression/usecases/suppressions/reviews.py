"""List the requests that a user should review, such as forms over the rate limit; end reviews."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import NotFoundError
from suppression.domain.ledger.entries import is_reference
from suppression.domain.suppressions.model import Review
from suppression.domain.vocabulary import EntryType
from suppression.storage.engine.database import reading, writing
from suppression.storage.unsubscribe.rows import delete_review, load_reviews
from suppression.usecases.ledger.append import new_audit_context, record_audit_event


def list_reviews(controller: Controller, *, limit: int | None = None) -> list[Review]:
    """Return the open reviews of a controller, oldest first: at most `limit`, or all for None."""
    with reading() as transaction:
        return load_reviews(transaction, controller, limit=limit)


def finish_review(controller: Controller, reference: str, *, actor: str, now: datetime) -> None:
    """Delete a review, with a ledger entry; the stops of the reviewed request do not change.

    Raises NotFoundError if the controller has no open review with this reference.
    """
    if not is_reference(reference):
        raise NotFoundError
    with writing() as transaction:
        if not delete_review(transaction, controller, reference):
            raise NotFoundError
        context = new_audit_context(actor, now=now, ref=reference)
        record_audit_event(
            transaction, EntryType.REVIEWED, context, controllers=[controller.number]
        )
