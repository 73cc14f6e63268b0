"""Create a controller with the policies of its preset."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.controllers.model import Controller, valid_country, valid_slug
from suppression.domain.display_names import valid_name
from suppression.domain.policies.presets import preset_policies
from suppression.domain.vocabulary import Preset, Sector
from suppression.storage.controllers.rows import add_controller
from suppression.storage.engine.database import writing
from suppression.usecases.policies.record import record_policies


def create_controller(  # noqa: PLR0913 - the fields of a controller
    slug: str,
    *,
    name: str,
    country: str,
    preset: Preset,
    sector: Sector | None = None,
    now: datetime,
    actor: str = "cli",
) -> Controller:
    """Create and return a controller with the policies of its preset.

    Its slug and number never change: its fingerprints are made with keys derived from the slug, and
    links contain the number. Raises InvalidValueError for an invalid slug, name or country, or for
    preset `fr-2026` without a sector; ConflictError if the slug is taken.
    """
    policy_set = preset_policies(preset, sector)
    new = Controller(
        number=0,
        slug=valid_slug(slug),
        name=valid_name(name),
        country=valid_country(country),
        preset=preset,
    )
    with writing() as transaction:
        controller = add_controller(transaction, new, now=now)
        record_policies(transaction, controller, policy_set, before=None, actor=actor, now=now)
    return controller
