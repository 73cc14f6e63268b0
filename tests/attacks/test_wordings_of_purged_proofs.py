"""A consent can be recorded while the last older proof of its wording is purged."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from suppression.storage.consents import rows as consent_rows
from suppression.storage.engine.database import disconnect
from suppression.usecases.consents import record
from suppression.usecases.operations import retention
from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consent, consented, states
from tests.databases import BACKENDS

OLD, NEW = "jean.dupont@example.fr", "anne.roux@example.fr"
_MEETING_SECONDS = 1.0


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return the newest PostgreSQL, because SQLite has one writer at a time."""
    return str(request.param)


@pytest.mark.parametrize("who_is_first", ["the purge", "the consent"])
def test_the_consent_is_recorded_and_the_proof_purged(
    app: Flask, api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch, who_is_first: str
) -> None:
    """The purge did not see the new consent, waited for its lock, and broke the foreign key."""
    consented(api, "email", OLD, until="2026-12-20T10:00:00Z")
    clock.now = datetime(2030, 12, 1, tzinfo=UTC)
    _hold(monkeypatch, who_is_first)
    with ThreadPoolExecutor(2) as pool:
        given = pool.submit(_consent, Api(app, api.key, api.seen))
        purged = pool.submit(_purge, app, clock.now)
        assert (given.result(), purged.result()) == (201, 1)
    assert (states(api, "email", OLD), states(api, "email", NEW)) == ([], ["in_force"])


def _consent(api: Api) -> int:
    return consent(api, "email", NEW, given_at="2030-11-20T10:00:00Z").status_code


def _purge(app: Flask, now: datetime) -> int:
    with app.app_context():
        purged = retention.purge_old_proofs(now=now)
        disconnect()
    return purged


def _hold(monkeypatch: pytest.MonkeyPatch, who_is_first: str) -> None:
    """Make the work that is first lock its rows before the other begins, and commit late."""
    has_rows = threading.Event()
    first, name = (
        (retention, "delete_consents") if who_is_first == "the purge" else (record, "add_consents")
    )
    second, other = (
        (record, "add_consents") if who_is_first == "the purge" else (retention, "delete_consents")
    )
    work, later = getattr(consent_rows, name), getattr(consent_rows, other)

    def work_then_wait(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        done = work(*given, **named)
        has_rows.set()
        threading.Event().wait(_MEETING_SECONDS)
        return done

    def wait_then_work(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        assert has_rows.wait(10 * _MEETING_SECONDS)
        return later(*given, **named)

    monkeypatch.setattr(first, name, work_then_wait)
    monkeypatch.setattr(second, other, wait_then_work)
