"""A stop that is stored while an old link reopens a topic stays in force.

The attack: the form of an old link's page is sent, and while its request waits for a lock, an
objection is stored and answered. The request had read the state before, and recorded a newer
consent, which lifted an objection that no link may lift.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from suppression.storage.ledger.rows import append_entries
from suppression.usecases.unsubscribe import preferences as choices
from tests.api import Api
from tests.attacks.effects import link
from tests.attacks.test_reopening_by_link import click
from tests.conftest import Clock
from tests.databases import BACKENDS
from tests.web.pages.test_preferences import BOTH, save

EMAIL = "jean.dupont@example.fr"
STEPS = [
    "find_suppressions",
    "email_state",
    "entries_about_records",
    "current_policies",
    "record_consents",
]
"""The functions that the page calls after its first read, each with a statement of its own."""
APPENDING = "suppression.usecases.suppressions.record.append_entries"
"""The function that a stop calls after it has read its date and before it commits."""


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return the newest PostgreSQL, because SQLite has one writer at a time."""
    return str(request.param)


def stop(api: Api, how: str, topic: str = "") -> None:
    """Send an objection, or else a withdrawal, by the API; it must be stored."""
    if how == "objection":
        answer = api.stop("email", EMAIL, channels=["email"], **({"topic": topic} if topic else {}))
    else:
        body: dict[str, Any] = {"kind": "email", "identifier": EMAIL, "channels": ["email"]}
        body |= {"topics": [topic]} if topic else {}
        answer = api.post("/v1/consents/withdraw", body)
    assert answer.status_code in {200, 201}


@pytest.mark.parametrize("how", ["objection", "withdrawal"])
@pytest.mark.parametrize("before", STEPS)
def test_a_stop_that_comes_between_two_steps_of_the_page_denies(
    api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch, before: str, how: str
) -> None:
    path = link(api, EMAIL)
    clock.turn(days=1)
    click(api, path)
    clock.turn(hours=1)
    step, coming = getattr(choices, before), [how]

    def meanwhile(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
        clock.turn(seconds=1)
        with ThreadPoolExecutor(1) as somebody:
            while coming:
                somebody.submit(stop, Api(api.app, api.key, api.seen), coming.pop()).result()
        clock.turn(seconds=1)
        return step(*given, **named)

    monkeypatch.setattr(choices, before, meanwhile)
    assert save(api, f"{path}/choices", *BOTH, shown=[]).status_code in {200, 303}
    assert coming == []
    for _ in range(2):
        assert api.decision("email", EMAIL, topic="offers") == "deny"
        clock.turn(hours=1)


@pytest.mark.parametrize("how", ["objection", "withdrawal"])
def test_a_stop_that_read_its_date_before_the_page_and_commits_after_it_denies(
    api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    path = link(api, EMAIL)
    clock.turn(days=1)
    click(api, path)
    clock.turn(hours=1)
    dated, saved = Event(), Event()

    def held(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
        monkeypatch.setattr(APPENDING, append_entries)
        dated.set()
        assert saved.wait(timeout=10)
        return append_entries(*given, **named)

    monkeypatch.setattr(APPENDING, held)
    with ThreadPoolExecutor(1) as somebody:
        stopping = somebody.submit(stop, Api(api.app, api.key, api.seen), how, topic="offers")
        assert dated.wait(timeout=10)
        clock.turn(seconds=1)
        answer = save(api, f"{path}/choices", *BOTH, shown=[])
        saved.set()
        stopping.result()
    assert answer.status_code in {200, 303}
    clock.turn(hours=1)
    assert api.decision("email", EMAIL, topic="offers") == "deny"
