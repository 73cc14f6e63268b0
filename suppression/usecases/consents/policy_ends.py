"""The ends that a controller's policies set for consents, whatever the consents' own `until`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.policies.model import Policies
from suppression.storage.consents.policy_ends import PolicyEnds
from suppression.storage.controllers.policies import current_policies, list_policy_versions
from suppression.storage.controllers.rows import load_controllers
from suppression.storage.engine.database import Transaction


def coming_policy_ends(
    transaction: Transaction, *, after: datetime, before: datetime
) -> Iterator[tuple[Controller, PolicyEnds]]:
    """Yield, for each present policy that limits consents, its controller and the ends in a period.

    A policy that was tightened ends older consents before their own `until`.
    """
    for controller in load_controllers(transaction):
        policies = current_policies(transaction, controller).policies
        for ends in _ends([policies], after=after, before=before):
            yield controller, ends


def past_policy_ends(
    transaction: Transaction, *, before: datetime
) -> Iterator[tuple[Controller, PolicyEnds]]:
    """Yield, for each policy that limits consents, its controller and the ends before `before`.

    The longest duration that the policy has set since `before` counts: a consent that was valid at
    any time since is left out, although a tightened policy would have ended it. A policy that set
    no limit at some time since yields nothing.
    """
    for controller in load_controllers(transaction):
        for ends in _ends(_in_force_since(transaction, controller, before), before=before):
            yield controller, ends


def _in_force_since(
    transaction: Transaction, controller: Controller, since: datetime
) -> list[Policies]:
    """Return the policies that were in force at any time after `since`, the present ones last."""
    versions = list_policy_versions(transaction, controller)
    followed = [later.recorded_at for later in versions[1:]]
    earlier = [
        version.policy_set.policies
        for version, ended in zip(versions, followed, strict=False)
        if ended > since
    ]
    return [*earlier, current_policies(transaction, controller).policies]


def _ends(
    policies_in_force: Sequence[Policies], *, before: datetime, after: datetime | None = None
) -> Iterator[PolicyEnds]:
    for channel, purpose in policies_in_force[-1]:
        months = [policies[channel, purpose].consent_months for policies in policies_in_force]
        if all(months):
            yield PolicyEnds(
                channel=channel,
                purpose=purpose,
                months=max(months),
                after=after or before,
                before=before,
            )
