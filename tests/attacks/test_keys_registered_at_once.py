"""Of two machines that start at one time with different keys of one new number, only one serves."""

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
    """Yield two machines, each with its own key of number 2, as if each had made it itself."""
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
    """Otherwise links signed with the unregistered key would be 404 on all machines, for ever."""
    first, second = pair
    others: list[tuple[int, str]] = []

    def beside_the_other(transaction: Transaction, kind: str) -> dict[int, bytes]:
        known = key_checks(transaction, kind)
        if kind == "case" and not others:
            others.append((0, ""))  # so that the other machine's own call does not come here
            others[0] = _ready(second)
        return known

    monkeypatch.setattr(f"{verify_start.__module__}.key_checks", beside_the_other)
    mine = _ready(first)
    assert others == [(200, "ok")]
    assert mine == (503, "failing")
    answer = first.test_client().get("/v1/me", headers={"Authorization": "Bearer sup_x"})
    assert answer.status_code == 503


def test_a_start_that_is_refused_registers_no_key(database: Database) -> None:
    """The start once registered the signing key before it failed.

    Then every start without that key was refused.
    """
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
