"""Policies of a test's controller, changed by their settings."""

from __future__ import annotations

from flask import Flask

from suppression.domain.policy_settings import changed
from suppression.storage.database import writing
from suppression.storage.policy_rows import policies_of
from suppression.usecases.find_controller import find_controller
from suppression.usecases.record_policies import record_policies
from suppression.usecases.services import Services


def set_policies(app: Flask, slug: str, *settings: str) -> None:
    """The same as `flask policies set`: `telephone.marketing.attempts=4`."""
    services: Services = app.extensions["suppression"]
    with app.app_context():
        controller = find_controller(slug)
        with writing() as transaction:
            before = policies_of(transaction, controller)
            record_policies(
                transaction,
                controller,
                changed(before, settings),
                before=before,
                actor="test",
                now=services.clock(),
            )
