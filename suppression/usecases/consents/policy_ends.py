"""The ends of consents that a controller's present policies set, whatever `until` they have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.storage.consents.policy_ends import PolicyEnds
from suppression.storage.controllers.policies import current_policies
from suppression.storage.controllers.rows import load_controllers
from suppression.storage.engine.database import Transaction


def policy_ends(
    transaction: Transaction, *, after: datetime, before: datetime
) -> Iterator[tuple[Controller, PolicyEnds]]:
    """Yield, for each policy that limits consents, its controller and the ends in this period.

    A policy that was tightened since ends older consents sooner than they say.
    """
    for controller in load_controllers(transaction):
        policies = current_policies(transaction, controller).policies
        for (channel, purpose), policy in policies.items():
            if policy.consent_months:
                yield (
                    controller,
                    PolicyEnds(
                        channel=channel,
                        purpose=purpose,
                        months=policy.consent_months,
                        after=after,
                        before=before,
                    ),
                )
