"""Change the policies of a test's controller."""

from __future__ import annotations

from flask import Flask

from suppression.domain.policies.settings import apply_settings
from suppression.storage.controllers.policies import current_policies
from suppression.storage.engine.database import writing
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.policies.record import record_policies
from suppression.usecases.services import Services


def set_policies(app: Flask, slug: str, *settings: str) -> None:
    """Change policies as `flask policies set` does, e.g. by `telephone.marketing.attempts=4`."""
    services: Services = app.extensions["suppression"]
    with app.app_context():
        controller = find_controller(slug)
        with writing() as transaction:
            before = current_policies(transaction, controller)
            record_policies(
                transaction,
                controller,
                apply_settings(before, settings),
                before=before,
                actor="test",
                now=services.clock(),
            )
