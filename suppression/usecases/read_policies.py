"""Show the policies that count now."""

from __future__ import annotations

from suppression.domain.controllers import Controller
from suppression.domain.policies import PolicySet
from suppression.storage.database import reading
from suppression.storage.policy_rows import policies_of


def read_policies(controller: Controller) -> PolicySet:
    """The policies of a controller."""
    with reading() as transaction:
        return policies_of(transaction, controller)
