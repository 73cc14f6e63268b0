"""Two machines that start at the same time with different keys of one new number."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask

from suppression.storage.engine.database import Transaction, disconnect
from suppression.storage.operations.readiness import key_checks
from suppression.usecases.operations.verify_start import verify_start
from suppression.wiring.whole import create_app
from tests.databases import Database

OURS, THEIRS = bytes(range(128, 160)), bytes(range(160, 192))


@pytest.fixture(params=["signing_keys", "case_keys"])
def pair(request: pytest.FixtureRequest, database: Database) -> Iterator[tuple[Flask, Flask]]:
    """Two machines: each was given a key 2 of its own, as by a command that each ran itself."""
    settings, name = database.settings(), request.param
    apps = [
        create_app(dataclasses.replace(settings, **{name: getattr(settings, name) | {2: key}}))
        for key in (OURS, THEIRS)
    ]
    yield apps[0], apps[1]
    for app in apps:
        with app.app_context():
            disconnect()


def _ready(app: Flask) -> tuple[int, str]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()["keys"]


def test_only_one_of_them_serves(
    pair: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links signed with a key that was never registered are 404 everywhere else, for ever."""
    first, second = pair
    others: list[tuple[int, str]] = []

    def beside_the_other(transaction: Transaction, kind: str) -> dict[int, bytes]:
        known = key_checks(transaction, kind)
        if kind == "case" and not others:
            others.append((0, ""))  # the other one asks too, and meets nobody
            others[0] = _ready(second)
        return known

    monkeypatch.setattr(f"{verify_start.__module__}.key_checks", beside_the_other)
    mine = _ready(first)
    assert others == [(200, "ok")]
    assert mine == (503, "failing")
    answer = first.test_client().get("/v1/me", headers={"Authorization": "Bearer sup_x"})
    assert answer.status_code == 503


def test_a_start_that_is_refused_registers_no_key(database: Database) -> None:
    """With the new signing key registered, taking it back after that refused every start."""
    settings = database.settings()
    apps = [
        create_app(settings),
        create_app(
            dataclasses.replace(
                settings,
                signing_keys={**settings.signing_keys, 2: OURS},
                case_keys={1: THEIRS},
            )
        ),
    ]
    assert [_ready(app) for app in (*apps, apps[0])] == [
        (200, "ok"),
        (503, "failing"),
        (200, "ok"),
    ]
    for app in apps:
        with app.app_context():
            disconnect()
