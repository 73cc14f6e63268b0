"""Send consents by the API as a caller does, and set policies as an operator does."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.policies.settings import apply_settings
from suppression.storage.controllers.policies import current_policies
from suppression.storage.engine.database import writing
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.policies.record import record_policies
from suppression.usecases.services import Services
from tests.api import Api

WORDING = "I agree that the company writes to me and calls me about solar panels."
PROOF: dict[str, Any] = {
    "wording": WORDING,
    "given_by": "web_form",
    "evidence": "form-2026:84213",
    "collected_by": "Website, quote form",
}
GIVEN = "2026-11-20T10:00:00Z"


def consent(api: Api, kind: str, identifier: object, **fields: Any) -> TestResponse:  # noqa: ANN401
    """Send a consent, by default on every channel of the kind; return the response.

    `fields` replace fields of the body; a field that is None is left out.
    """
    body = {"kind": kind, "identifier": identifier, "channels": "all", "given_at": GIVEN}
    body |= PROOF | fields
    return api.post("/v1/consents", {k: v for k, v in body.items() if v is not None})


def consented(api: Api, kind: str, identifier: object, **fields: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Send a consent that must be accepted; return the `results` of the answer."""
    answer = consent(api, kind, identifier, **fields)
    assert answer.status_code in {200, 201}, answer.get_data(as_text=True)
    results: list[dict[str, Any]] = answer.get_json()["results"]
    return results


def withdraw(api: Api, kind: str, identifier: object, **fields: Any) -> TestResponse:  # noqa: ANN401
    """Send a withdrawal of consent, by default on all channels; return the response."""
    body = {"kind": kind, "identifier": identifier, "channels": "all"} | fields
    return api.post("/v1/consents/withdraw", {k: v for k, v in body.items() if v is not None})


def on_record(api: Api, kind: str, identifier: object, **fields: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return every consent of a person, as the search for consents returns it."""
    body = {"kind": kind, "identifier": identifier} | fields
    consents: list[dict[str, Any]] = api.post("/v1/consents/search", body).get_json()["data"]
    return consents


def states(api: Api, kind: str, identifier: object) -> list[str]:
    """Return the state of every consent of a person, such as `withdrawn`."""
    return [consent["state"] for consent in on_record(api, kind, identifier)]


def set_policy(app: Flask, slug: str, *settings: str) -> None:
    """Set policies as `flask policies set` does."""
    services: Services = app.extensions["suppression"]
    with app.app_context(), writing() as transaction:
        controller = find_controller(slug)
        before = current_policies(transaction, controller)
        record_policies(
            transaction,
            controller,
            apply_settings(before, settings),
            before=before,
            actor="test",
            now=services.clock(),
        )
