"""Refuse topics that a controller does not have."""

from __future__ import annotations

from collections.abc import Collection

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import Fault, InvalidValueError
from suppression.domain.suppressions.model import Extent
from suppression.storage.controllers.rows import topics_of
from suppression.storage.engine.database import Transaction


def check_topics(
    transaction: Transaction, controller: Controller, extents: Collection[Extent]
) -> None:
    """InvalidValueError if an extent names a topic that the controller does not have."""
    if any(extent.topic for extent in extents):
        refuse_unknown(extents, {one.slug for one in topics_of(transaction, controller)})


def refuse_unknown(extents: Collection[Extent], known: Collection[str]) -> None:
    """The same, against topics that were read before."""
    if {extent.topic for extent in extents} - {"", *known}:
        detail = "This controller has no topic of one of these names."
        raise InvalidValueError(faults=(Fault(pointer="/topics", detail=detail),))
