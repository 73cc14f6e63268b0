"""Answers stored for an Idempotency-Key are deleted after 48 hours, and not before."""

from __future__ import annotations

from flask import Flask

from suppression.usecases.operations.retention import purge_idempotency
from tests.api import Api
from tests.conftest import Clock

STOP = {"identifiers": [{"kind": "email", "value": "a.person@example.fr"}], "channels": "all"}


def test_an_answer_is_forgotten_after_48_hours(api: Api, app: Flask, clock: Clock) -> None:
    api.post("/v1/suppressions", STOP, headers={"Idempotency-Key": "old"})
    clock.turn(hours=40)
    api.post("/v1/suppressions", STOP, headers={"Idempotency-Key": "young"})
    with app.app_context():
        assert purge_idempotency(now=clock()) == 0
        clock.turn(hours=9)
        assert purge_idempotency(now=clock()) == 1
        assert purge_idempotency(now=clock()) == 0
    again = api.post("/v1/suppressions", STOP, headers={"Idempotency-Key": "young"})
    assert again.headers["Idempotency-Replayed"] == "true"
