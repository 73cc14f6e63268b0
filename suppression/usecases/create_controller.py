"""Make a controller with the policies of its preset."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.controllers import Controller, valid_country, valid_slug
from suppression.domain.policies import Preset, preset_policies
from suppression.storage.controller_rows import add_controller, set_policies
from suppression.storage.database import writing


def create_controller(
    slug: str, *, name: str, country: str, preset: Preset, now: datetime
) -> Controller:
    """The new controller. Its slug and number never change: fingerprints and links hold them."""
    wanted = Controller(
        number=0,
        slug=valid_slug(slug),
        name=name,
        country=valid_country(country),
        preset=preset,
    )
    with writing() as transaction:
        controller = add_controller(transaction, wanted, now=now)
        set_policies(transaction, controller, preset_policies(preset))
    return controller
