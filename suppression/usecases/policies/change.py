"""Change a controller's policies: each change stores a new version and keeps the old ones as is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import InvalidTransitionError, InvalidValueError
from suppression.domain.policies.changes import PolicyChange, changes_between, describe_policy
from suppression.domain.policies.model import PolicySet
from suppression.domain.policies.presets import preset_policies
from suppression.domain.policies.settings import apply_settings
from suppression.domain.vocabulary import Preset, Sector
from suppression.storage.controllers.policies import current_policies
from suppression.storage.controllers.rows import lock_controller, set_preset
from suppression.storage.engine.database import reading, writing
from suppression.usecases.policies.record import record_policies


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyChangeRequest:
    """A requested change of policies: a preset to start from, and settings to apply to it.

    Each setting is a text `NAME=VALUE`. Without a preset, the settings are applied to the policies
    in force, and `sector` is ignored.
    """

    preset: Preset | None = None
    sector: Sector | None = None
    settings: Sequence[str] = ()


def preview_policies(controller: Controller, change: PolicyChangeRequest) -> list[PolicyChange]:
    """Return the changes that a request would make, without storing them.

    Raises InvalidValueError if nothing would change, for an invalid setting, and for the preset
    `fr-2026` without a sector.
    """
    with reading() as transaction:
        before = current_policies(transaction, controller)
    return changes_between(before, _after(before, change))


def change_policies(
    controller: Controller,
    change: PolicyChangeRequest,
    *,
    actor: str,
    now: datetime,
    shown: str | None = None,
) -> tuple[int, list[PolicyChange]]:
    """Store a new version of the policies; return its number and its changes.

    Checks apply the version from the commit on. A lock on the controller puts concurrent changes in
    sequence. `shown` is the digest (`describe_policy`) of what a user agreed to allow; None skips
    that comparison. Raises InvalidValueError if nothing would change, for an invalid setting, and
    for the preset `fr-2026` without a sector; InvalidTransitionError if the change now allows
    anything other than `shown`.
    """
    with writing() as transaction:
        lock_controller(transaction, controller)
        before = current_policies(transaction, controller)
        after = _after(before, change)
        changes = changes_between(before, after)
        if shown is not None and describe_policy(changes) not in {"", shown}:
            raise InvalidTransitionError("policies_changed")
        version = record_policies(
            transaction, controller, after, before=before, actor=actor, now=now
        )
        if after.preset is not before.preset:
            set_preset(transaction, controller, after.preset)
    return version, changes


def _after(before: PolicySet, change: PolicyChangeRequest) -> PolicySet:
    start = preset_policies(change.preset, change.sector) if change.preset else before
    after = apply_settings(start, change.settings)
    if after == before:
        raise InvalidValueError("Nothing would change: these are the policies that count now.")
    return after
