"""A request repeated with its Idempotency-Key gets the stored answer, and takes effect once."""

from __future__ import annotations

import pytest
from flask import Flask

from suppression.usecases.controllers.queries import find_controller
from tests.api import Api, make_key
from tests.conftest import Clock

EMAIL = "jean.dupont@example.fr"
KEY = {"Idempotency-Key": "letter-of-3-november"}
STOP = {"identifiers": [{"kind": "email", "value": EMAIL}], "channels": "all"}


def test_the_same_key_and_body_replay_the_answer(api: Api, clock: Clock) -> None:
    first = api.post("/v1/suppressions", STOP, headers=KEY)
    clock.turn(hours=47)
    again = api.post("/v1/suppressions", STOP, headers=KEY)
    assert again.status_code == first.status_code == 201
    assert again.get_data() == first.get_data()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api.search("email", EMAIL)["history"]) == 1


def test_another_body_under_the_same_key_is_refused(api: Api) -> None:
    api.post("/v1/suppressions", STOP, headers=KEY)
    refused = api.post("/v1/suppressions", STOP | {"ref": "other"}, headers=KEY)
    assert refused.status_code == 422
    assert refused.get_json()["type"] == "urn:suppression:problem:idempotency-key-reused"


def test_a_key_is_forgotten_after_48_hours(api: Api, clock: Clock) -> None:
    api.post("/v1/suppressions", STOP, headers=KEY)
    clock.turn(hours=48, seconds=1)
    again = api.post("/v1/suppressions", STOP | {"ref": "other"}, headers=KEY)
    assert again.status_code == 200


def test_a_refused_request_leaves_the_key_free(api: Api) -> None:
    broken = {"identifiers": [{"kind": "email", "value": "broken"}], "channels": "all"}
    assert api.post("/v1/suppressions", broken, headers=KEY).status_code == 422
    assert api.post("/v1/suppressions", STOP, headers=KEY).status_code == 201


def test_a_key_belongs_to_one_api_key_and_one_path(api: Api, app: Flask) -> None:
    api.post("/v1/suppressions", STOP, headers=KEY)
    release = STOP | {"why": "mistake", "reasons": ["objection"]}
    assert api.post("/v1/suppressions/release", release, headers=KEY).status_code == 200
    api.key = _another_key(app)
    assert api.post("/v1/suppressions", STOP, headers=KEY).status_code == 201


def test_a_release_is_replayed_too(api: Api) -> None:
    api.post("/v1/suppressions", STOP)
    body = STOP | {"why": "mistake", "reasons": ["objection"]}
    first = api.post("/v1/suppressions/release", body, headers=KEY).get_json()
    assert len(first["released"]) == 1
    assert api.post("/v1/suppressions/release", body, headers=KEY).get_json() == first


def test_a_stop_that_was_released_since_is_made_anew_and_not_replayed(
    api: Api, clock: Clock
) -> None:
    api.post("/v1/suppressions", STOP, headers=KEY)
    api.release("email", EMAIL, channels=["email"], reasons=["objection"])
    clock.turn(seconds=1)
    again = api.post("/v1/suppressions", STOP, headers=KEY)
    assert (again.status_code, again.headers.get("Idempotency-Replayed")) == (201, None)
    assert api.decision("email", EMAIL) == "deny"
    replayed = api.post("/v1/suppressions", STOP, headers=KEY)
    assert replayed.headers["Idempotency-Replayed"] == "true"
    assert replayed.get_data() == again.get_data()


@pytest.mark.parametrize("key", ["", "x" * 256, "with space"])
def test_a_key_of_another_shape_is_refused(api: Api, key: str) -> None:
    refused = api.post("/v1/suppressions", STOP, headers={"Idempotency-Key": key})
    assert refused.status_code == 422


def _another_key(app: Flask) -> str:
    with app.app_context():
        controller = find_controller("okwind")
    return make_key(app, controller)
