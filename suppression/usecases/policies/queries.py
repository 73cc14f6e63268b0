"""Read the policies of a controller: those in force, and every version."""

from __future__ import annotations

from suppression.domain.controllers.model import Controller
from suppression.domain.policies.model import PolicySet
from suppression.storage.controllers.policies import (
    PolicyVersion,
    current_policies,
    list_policy_versions,
)
from suppression.storage.engine.database import reading

__all__ = ["PolicyVersion", "list_policies", "read_policies"]


def read_policies(controller: Controller) -> PolicySet:
    """Return the policies of a controller that are in force."""
    with reading() as transaction:
        return current_policies(transaction, controller)


def list_policies(controller: Controller) -> list[PolicyVersion]:
    """Return every version of a controller's policies, oldest first; the last is in force."""
    with reading() as transaction:
        return list_policy_versions(transaction, controller)
