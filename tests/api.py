"""The API as a caller sees it: every answer is held to openapi.yaml, every identifier noted."""

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
    """A caller with a key of one controller."""

    def __init__(self, app: Flask, key: str, seen: set[str]) -> None:
        self.app = app
        self.key = key
        self.seen = seen
        self.client = app.test_client()

    def send(self, method: str, path: str, body: object = None, **options: Any) -> TestResponse:  # noqa: ANN401
        """One request; `headers` and `data` replace what is sent by default."""
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
        """A POST."""
        return self.send("POST", path, body, **options)

    def stop(self, kind: str, value: object, **fields: Any) -> TestResponse:  # noqa: ANN401
        """A stop of one identifier, on all its channels unless `channels` says else."""
        body = {"identifiers": [{"kind": kind, "value": value}], "channels": "all"} | fields
        return self.post("/v1/suppressions", {k: v for k, v in body.items() if v is not None})

    def check(self, channel: str | None, identifier: object, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        """The answer to one check."""
        body = {"channel": channel, "identifier": identifier} | fields
        response = self.post("/v1/checks", {k: v for k, v in body.items() if v is not None})
        assert response.status_code == 200, response.get_data(as_text=True)
        answer: dict[str, Any] = response.get_json()
        return answer

    def decision(self, channel: str | None, identifier: object, **fields: Any) -> str:  # noqa: ANN401
        """The decision of one check."""
        return str(self.check(channel, identifier, **fields)["decision"])

    def codes(self, channel: str | None, identifier: object, **fields: Any) -> list[str]:  # noqa: ANN401
        """The codes of the reasons of one check."""
        return [reason["code"] for reason in self.check(channel, identifier, **fields)["reasons"]]

    def release(self, kind: str, value: object, **fields: Any) -> TestResponse:  # noqa: ANN401
        """A release of one identifier."""
        body = {"identifiers": [{"kind": kind, "value": value}], "why": "person_asked"} | fields
        return self.post("/v1/suppressions/release", body)

    def search(self, kind: str, identifier: object, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        """What stands under an identifier."""
        body = {"kind": kind, "identifier": identifier} | fields
        answer: dict[str, Any] = self.post("/v1/suppressions/search", body).get_json()
        return answer


def make_controller(
    app: Flask,
    slug: str,
    preset: Preset = Preset.OBJECTION_ONLY,
    sector: Sector = Sector.GENERAL,
) -> Controller:
    """A French controller with two topics."""
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
    """An API key with these scopes; all of them by default."""
    services: Services = app.extensions["suppression"]
    with app.app_context():
        return create_api_key(controller, name="test", scopes=scopes, now=services.clock())
