"""Refuse topics that a controller does not have."""

from __future__ import annotations

from collections.abc import Collection

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import FieldError, InvalidValueError
from suppression.domain.suppressions.model import Scope
from suppression.storage.controllers.rows import load_topics
from suppression.storage.engine.database import Transaction


def check_topics(
    transaction: Transaction, controller: Controller, scopes: Collection[Scope]
) -> None:
    """InvalidValueError if an scope names a topic that the controller does not have."""
    if any(scope.topic for scope in scopes):
        refuse_unknown(scopes, {topic.slug for topic in load_topics(transaction, controller)})


def refuse_unknown(scopes: Collection[Scope], known: Collection[str]) -> None:
    """The same, against topics that were read before."""
    if {scope.topic for scope in scopes} - {"", *known}:
        detail = "This controller has no topic of one of these names."
        raise InvalidValueError(faults=(FieldError(pointer="/topics", detail=detail),))
