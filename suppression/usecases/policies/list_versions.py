"""The policies of a controller, and every version there was."""

from __future__ import annotations

from suppression.domain.controllers.model import Controller
from suppression.storage.controllers.policies import PolicyVersion, list_policy_versions
from suppression.storage.engine.database import reading

__all__ = ["PolicyVersion", "list_policies"]


def list_policies(controller: Controller) -> list[PolicyVersion]:
    """Every version that ever counted, oldest first; the last counts now."""
    with reading() as transaction:
        return list_policy_versions(transaction, controller)
