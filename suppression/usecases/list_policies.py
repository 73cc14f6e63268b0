"""The policies of a controller, and every version there was."""

from __future__ import annotations

from suppression.domain.controllers import Controller
from suppression.storage.database import reading
from suppression.storage.policy_rows import PolicyVersion, policy_versions_of

__all__ = ["PolicyVersion", "list_policies"]


def list_policies(controller: Controller) -> list[PolicyVersion]:
    """Every version that ever counted, oldest first; the last counts now."""
    with reading() as transaction:
        return policy_versions_of(transaction, controller)
