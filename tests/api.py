"""A client of the API that compares each answer with openapi.yaml and notes each identifier."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.controllers.model import Controller
from suppression.domain.vocabulary import ApiScope, Preset, Sector
from suppression.usecases.controllers.api_keys import create_api_key
from suppression.usecases.controllers.create import create_controller
from suppression.usecases.controllers.topics import create_topic
from suppression.usecases.services import Services
from tests.contract.contract import CONTRACT
from tests.leaks import identifiers_in

TOPICS = ("newsletter", "offers")


class Api:
    """A client of the API with a key of one controller; `seen` collects what it sends."""

    def __init__(self, app: Flask, key: str, seen: set[str]) -> None:
        self.app = app
        self.key = key
        self.seen = seen
        self.client = app.test_client()

    def send(self, method: str, path: str, body: object = None, **options: Any) -> TestResponse:  # noqa: ANN401
        """Send a request with the API key and return the response; `headers` override the key.

        Fails the test if the request or the response differs from openapi.yaml. The identifiers of
        the body and the token of a new link are added to `seen`.
        """
        self.seen.update(identifiers_in(body))
        headers = {"Authorization": f"Bearer {self.key}"} | options.pop("headers", {})
        if body is not None:
            options["json"] = body
        response = self.client.open(path, method=method, headers=headers, **options)
        CONTRACT.check_response(response)
        CONTRACT.check_request(response)
        if path == "/v1/links" and response.status_code == 200:
            self.seen.add(urlsplit(response.get_json()["url"]).path.removeprefix("/u/"))
        return response

    def post(self, path: str, body: object = None, **options: Any) -> TestResponse:  # noqa: ANN401
        """Send a POST request and return the response."""
        return self.send("POST", path, body, **options)

    def stop(self, kind: str, value: object, **fields: Any) -> TestResponse:  # noqa: ANN401
        """Send a stop of one identifier, by default on all its channels; return the response.

        `fields` replace fields of the body; a field that is None is left out.
        """
        body = {"identifiers": [{"kind": kind, "value": value}], "channels": "all"} | fields
        return self.post("/v1/suppressions", {k: v for k, v in body.items() if v is not None})

    def check(self, channel: str | None, identifier: object, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        """Send a check, which must be answered 200, and return the answer's JSON."""
        body = {"channel": channel, "identifier": identifier} | fields
        response = self.post("/v1/checks", {k: v for k, v in body.items() if v is not None})
        assert response.status_code == 200, response.get_data(as_text=True)
        answer: dict[str, Any] = response.get_json()
        return answer

    def decision(self, channel: str | None, identifier: object, **fields: Any) -> str:  # noqa: ANN401
        """Send a check and return its decision: allow, deny or unknown."""
        return str(self.check(channel, identifier, **fields)["decision"])

    def codes(self, channel: str | None, identifier: object, **fields: Any) -> list[str]:  # noqa: ANN401
        """Send a check and return the codes of its reasons, in the answer's order."""
        return [reason["code"] for reason in self.check(channel, identifier, **fields)["reasons"]]

    def release(self, kind: str, value: object, **fields: Any) -> TestResponse:  # noqa: ANN401
        """Send a release of one identifier, by default as `person_asked`; return the response."""
        body = {"identifiers": [{"kind": kind, "value": value}], "why": "person_asked"} | fields
        return self.post("/v1/suppressions/release", body)

    def search(self, kind: str, identifier: object, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the JSON with the suppressions on record for an identifier."""
        body = {"kind": kind, "identifier": identifier} | fields
        answer: dict[str, Any] = self.post("/v1/suppressions/search", body).get_json()
        return answer


def make_controller(
    app: Flask,
    slug: str,
    preset: Preset = Preset.OBJECTION_ONLY,
    sector: Sector = Sector.GENERAL,
) -> Controller:
    """Create and return a French controller with the topics `newsletter` and `offers`."""
    services: Services = app.extensions["suppression"]
    with app.app_context():
        controller = create_controller(
            slug,
            name=slug.title(),
            country="FR",
            preset=preset,
            sector=sector,
            now=services.clock(),
        )
        for topic in TOPICS:
            create_topic(controller, topic, name_fr=topic, name_en=topic)
    return controller


def make_key(
    app: Flask, controller: Controller, scopes: Collection[ApiScope] = tuple(ApiScope)
) -> str:
    """Create an API key, by default with all scopes, and return its text."""
    services: Services = app.extensions["suppression"]
    with app.app_context():
        return create_api_key(controller, name="test", scopes=scopes, now=services.clock())
