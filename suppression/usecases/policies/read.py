"""Show the policies that count now."""

from __future__ import annotations

from suppression.domain.controllers.model import Controller
from suppression.domain.policies.model import PolicySet
from suppression.storage.controllers.policies import current_policies
from suppression.storage.engine.database import reading


def read_policies(controller: Controller) -> PolicySet:
    """The policies of a controller."""
    with reading() as transaction:
        return current_policies(transaction, controller)
