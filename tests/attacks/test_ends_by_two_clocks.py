"""A check allows only what both the machine's and the database's clock allow.

The attack: a machine two days fast allowed an address whose stop (undeliverable, or of a list with
an end) had not ended; a slow machine allowed by a consent that had ended the day before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from suppression.cli.worker import _run_upkeep
from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.storage.engine.database import disconnect
from suppression.usecases.operations.retention import purge_old_proofs
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.attacks.test_late_callbacks import MONDAY
from tests.conftest import Clock
from tests.consenting import consented, on_record
from tests.databases import Database
from tests.importing import Imports
from tests.policies import set_policies

EMAIL, PHONE = "jean.dupont@example.fr", "+33612345678"
Off = Callable[..., Api]
"""A function that returns an Api; `off(days=2)` has a clock two days ahead of the database."""


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = MONDAY


@pytest.fixture
def off(database: Database, french_api: Api, clock: Clock) -> Iterator[Off]:
    made: list[Flask] = []

    def through(**ahead: float) -> Api:
        by = timedelta(**ahead)
        app = create_app(database.settings(), clock=lambda: clock() + by, database_clock=clock)
        made.append(app)
        return Api(app, french_api.key, french_api.seen)

    yield through
    for app in made:
        with app.app_context():
            disconnect()


def ending(api: Api, clock: Clock, **fields: Any) -> None:  # noqa: ANN401
    """Send a stop for `undeliverable` that ends in a day."""
    end = to_rfc3339(clock.now + timedelta(days=1))
    stopped = api.stop("email", EMAIL, reason="undeliverable", expires_at=end, **fields)
    assert stopped.status_code == 201


def decisions(api: Api) -> set[str]:
    """Return the decisions of a single check, both kinds of batch, and a scrub."""
    mixed = {"items": [{"channel": "email", "identifier": EMAIL}, "nothing"]}
    (answer, _) = api.post("/v1/checks/batch", mixed).get_json()["results"]
    flat = {"channel": "email", "identifiers": ["another@example.fr", EMAIL]}
    letter = api.post("/v1/checks/batch", flat).get_json()["decisions"][1]
    plain = [api.decision("email", EMAIL)]
    with_a_topic = api.decision("email", EMAIL, topic="offers")
    file = api.post("/v1/scrubs", data=f"email\n{EMAIL}\n".encode(), **CSV).get_json()
    return {
        *plain,
        with_a_topic,
        answer["decision"],
        {"A": "allow", "D": "deny"}[letter],
        *(decision for decision in ("allow", "deny", "unknown") if file["summary"][decision]),
    }


def days_denied(api: Api, clock: Clock) -> list[bool]:
    """Turn the clock by a day five times; return for each whether EMAIL is denied."""
    answers = []
    for _ in range(5):
        clock.turn(days=1)
        answers.append(api.decision("email", EMAIL) == "deny")
    return answers


CSV: dict[str, Any] = {
    "query_string": {"channel": "email"},
    "headers": {"Content-Type": "text/csv"},
}


def test_a_stop_with_an_end_denies_on_a_fast_machine(
    french_api: Api, off: Off, clock: Clock
) -> None:
    consented(french_api, "email", EMAIL, topics=["offers"])
    consented(french_api, "email", EMAIL)
    ending(french_api, clock)
    assert decisions(off(days=2)) == {"deny"}
    clock.turn(days=1)
    assert off(days=2).decision("email", EMAIL) == "deny", "at its very end it still holds"
    clock.turn(seconds=1)
    assert off(days=2).decision("email", EMAIL) == "allow"
    assert french_api.decision("email", EMAIL) == "allow"


def test_it_ends_late_on_a_slow_machine(french_api: Api, off: Off, clock: Clock) -> None:
    consented(french_api, "email", EMAIL)
    ending(french_api, clock)
    clock.turn(days=1, seconds=1)
    assert off(days=-1).decision("email", EMAIL) == "deny"


def test_a_list_with_an_end_denies_on_a_fast_machine(
    app: Flask, french_api: Api, off: Off, clock: Clock
) -> None:
    consented(french_api, "email", EMAIL)
    done = Imports(app, "okonect").apply(
        f"email\n{EMAIL}\n",
        kind="email",
        channels="email",
        expires_at=to_rfc3339(clock.now + timedelta(days=1)),
    )
    assert done.counts.applied == 1
    assert off(days=2).codes("email", EMAIL) == ["imported"]


def test_a_stated_moment_is_the_callers_own(french_api: Api, off: Off, clock: Clock) -> None:
    consented(french_api, "email", EMAIL)
    ending(french_api, clock)
    for hours, decision in ((12, "deny"), (36, "allow")):
        at = to_rfc3339(clock.now + timedelta(hours=hours))
        for machine in (off(hours=6), off(hours=-6), french_api):
            assert machine.decision("email", EMAIL, at=at) == decision


def test_a_consent_ends_on_a_slow_machine_too(french_api: Api, off: Off, clock: Clock) -> None:
    consented(french_api, "email", EMAIL, until=to_rfc3339(clock.now + timedelta(days=1)))
    assert off(days=2).decision("email", EMAIL) == "deny"
    assert off(hours=-2).decision("email", EMAIL) == "allow"
    clock.turn(days=1)
    assert off(days=-2).decision("email", EMAIL) == "deny"
    assert "no_consent" in french_api.codes("email", EMAIL)


def test_an_older_stop_is_opened_no_longer_than_the_consent_on_a_slow_machine(
    app: Flask, french_api: Api, off: Off, clock: Clock
) -> None:
    set_policies(app, "okonect", "email.marketing.rule=opt_out")
    french_api.stop("email", EMAIL, occurred_at="2026-11-01T10:00:00Z")
    end = to_rfc3339(clock.now + timedelta(hours=1))
    consented(french_api, "email", EMAIL, topics=["offers"], until=end)
    assert off(hours=-5).decision("email", EMAIL, topic="offers") == "allow"
    clock.turn(hours=1)
    assert off(hours=-5).decision("email", EMAIL, topic="offers") == "deny"


@pytest.mark.parametrize("hours", [-6, 6])
def test_calling_hours_are_those_of_both_clocks(
    app: Flask, french_api: Api, off: Off, clock: Clock, hours: int
) -> None:
    set_policies(app, "okonect", "telephone.marketing.rule=opt_out")
    assert french_api.decision("telephone", PHONE) == "allow"
    clock.now = MONDAY.replace(hour=4 if hours > 0 else 20, minute=30)
    assert french_api.codes("telephone", PHONE) == ["outside_hours"]
    assert off(hours=hours).codes("telephone", PHONE) == ["outside_hours"]
    reserved = off(hours=hours).check("telephone", PHONE, reserve=True)
    assert (reserved["decision"], "attempt_id" in reserved) == ("deny", False)


@pytest.mark.parametrize("days", [2, 61, 400])
def test_a_refusal_and_attempts_count_as_long_on_a_fast_machine(
    app: Flask, french_api: Api, off: Off, clock: Clock, days: int
) -> None:
    set_policies(
        app, "okonect", "telephone.marketing.rule=opt_out", "telephone.marketing.hours=none"
    )
    told = {"identifier": PHONE, "outcome": "refused"}
    assert french_api.post("/v1/outcomes", told).status_code == 200
    for _ in range(4):
        french_api.post("/v1/attempts", {"identifier": "+33612345679"})
    clock.turn(days=1)
    assert french_api.codes("telephone", PHONE) == ["refused"]
    assert off(days=days).codes("telephone", PHONE) == ["refused"]
    assert off(days=days).codes("telephone", "+33612345679") == ["attempts_exhausted"]


@pytest.mark.parametrize("hours", [-3, 3])
def test_an_agreed_time_is_that_of_both_clocks(
    french_api: Api, off: Off, clock: Clock, hours: int
) -> None:
    agreed = clock.now + timedelta(hours=3)
    told = {"identifier": PHONE, "outcome": "callback", "callback_at": to_rfc3339(agreed)}
    assert french_api.post("/v1/outcomes", told).status_code == 200
    clock.now = agreed - timedelta(hours=hours)
    assert off(hours=hours).decision("telephone", PHONE) == "deny"
    clock.now = agreed
    assert french_api.decision("telephone", PHONE) == "allow"


def test_an_answer_of_a_fast_machine_holds_no_longer(french_api: Api, off: Off) -> None:
    consented(french_api, "email", EMAIL)
    here, there = french_api.check("email", EMAIL), off(days=2).check("email", EMAIL)
    assert there == here
    flat = {"channel": "email", "identifiers": [EMAIL, "another@example.fr"]}
    told = off(days=2).post("/v1/checks/batch", flat).get_json()
    assert (told["checked_at"], told["valid_until"]) == (here["checked_at"], here["valid_until"])


def test_a_fast_machine_shows_and_lifts_what_still_denies(
    french_api: Api, off: Off, clock: Clock
) -> None:
    consented(french_api, "email", EMAIL)
    ending(french_api, clock)
    fast = off(days=2)
    assert len(fast.search("email", EMAIL)["in_force"]) == 1
    unnamed = fast.release("email", EMAIL, channels=["email"], reasons=["objection"]).get_json()
    assert len(unnamed["still_denied_by"]) == 1
    lifted = fast.release("email", EMAIL, channels=["email"], reasons=["undeliverable"])
    assert len(lifted.get_json()["released"]) == 1


@pytest.mark.parametrize(("days", "left"), [(2, 1), (-2, 1), (0, 0)])
def test_the_worker_forgets_by_the_earlier_clock(
    french_api: Api, off: Off, clock: Clock, days: int, left: int
) -> None:
    consented(french_api, "email", EMAIL, until=to_rfc3339(clock.now + timedelta(hours=1)))
    clock.now = datetime(2029, 11, 23, 9, 30, tzinfo=UTC)
    if not left or days < 0:
        clock.turn(hours=2)
    machine = off(days=days).app
    with machine.app_context():
        _run_upkeep("old proofs purged", purge_old_proofs)
    assert len(on_record(french_api, "email", EMAIL)) == left


@pytest.mark.parametrize("ahead", ["the database", "both"])
def test_a_repeat_with_an_earlier_end_does_not_shorten_what_a_fast_clock_says_is_over(
    french_api: Api, off: Off, clock: Clock, ahead: str
) -> None:
    consented(french_api, "email", EMAIL)
    began = clock.now
    days = [to_rfc3339(began + timedelta(days=day)) for day in (-1, 1, 3)]
    stop: dict[str, Any] = {"channels": ["email"], "reason": "undeliverable"}
    french_api.stop("email", EMAIL, **stop, expires_at=days[2])
    clock.turn(days=30)
    machine = off(days=-30) if ahead == "the database" else french_api
    again = machine.stop("email", EMAIL, **stop, occurred_at=days[0], expires_at=days[1])
    assert (again.status_code, again.get_json()["results"][0]["outcome"]) == (200, "already")
    clock.now = began
    assert days_denied(french_api, clock) == [True, True, True, False, False]


@pytest.mark.parametrize("ahead", ["the database", "both"])
@pytest.mark.parametrize("ends", [(3, 1), (1, 3)], ids=str)
def test_a_file_that_names_somebody_twice_stops_until_the_later_end(
    app: Flask, french_api: Api, off: Off, clock: Clock, ahead: str, ends: tuple[int, int]
) -> None:
    consented(french_api, "email", EMAIL)
    began = clock.now
    rows = [(began, began + timedelta(days=day)) for day in ends]
    lines = [f"{EMAIL},{to_rfc3339(at)},{to_rfc3339(end)}\n" for at, end in rows]
    clock.turn(days=30)
    machine = off(days=-30).app if ahead == "the database" else app
    done = Imports(machine, "okonect").apply(
        "email,occurred_at,expires_at\n" + "".join(lines), channels="email", reason="undeliverable"
    )
    assert done.counts.applied == 2
    clock.now = began
    assert days_denied(french_api, clock) == [True, True, True, False, False]


def test_a_stop_that_only_a_fast_database_says_is_over_extends_to_further_people(
    french_api: Api, off: Off, clock: Clock
) -> None:
    place = {"street": "12 rue de la Paix", "postcode": "75002"}
    jean, marie, couple = (
        {**place, "name": name} for name in ("Jean Dupont", "Marie Dupont", "Jean et Marie Dupont")
    )
    stop: dict[str, Any] = {"channels": ["post"], "reason": "undeliverable"}
    dates = {"occurred_at": to_rfc3339(clock.now - timedelta(days=1))}
    dates["expires_at"] = to_rfc3339(clock.now + timedelta(days=2))
    french_api.stop("postal", jean, **stop)
    clock.turn(days=4)
    assert off(days=-4).stop("postal", couple, **stop, **dates).status_code == 200
    clock.turn(days=-4)
    assert "undeliverable" in french_api.codes("post", marie)
