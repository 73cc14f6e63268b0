"""An imported stop counts from the latest time that its date may mean, so no consent lifts it."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consented
from tests.importing import Imports

ANNA = "anna.martin@example.fr"


@pytest.mark.parametrize(
    ("given_at", "date"),
    [
        ("2026-11-21T09:00:00Z", "21/11/2026"),
        ("2026-11-21T09:00:00Z", "2026-11-21"),
        ("2026-11-21T09:00:00Z", "2026-11-21 00:00:00"),
        ("2026-11-20T22:59:59Z", "20/11/2026"),
        ("2026-10-25T01:15:00Z", "25/10/2026 02:30"),
        ("2026-11-20T14:15:00Z", "2026-11-20 14:30"),
    ],
)
def test_a_consent_from_before_a_stop_of_that_day_does_not_lift_it(
    french_imports: Imports, french_api: Api, given_at: str, date: str
) -> None:
    consented(french_api, "email", ANNA, topics=["offers"], given_at=given_at)
    assert french_api.decision("email", ANNA, topic="offers") == "allow"
    french_imports.apply(f"email;desabonne le\n{ANNA};{date}\n", reason="unsubscribe")
    assert french_api.codes("email", ANNA, topic="offers") == ["unsubscribe"]


def test_nor_does_it_where_each_line_is_an_object(french_imports: Imports, french_api: Api) -> None:
    consented(french_api, "email", ANNA, topics=["offers"], given_at="2026-11-21T09:00:00Z")
    line = json.dumps({"email": ANNA, "occurred_at": "2026-11-21"})
    french_imports.apply(line + "\n", reason="unsubscribe")
    assert french_api.codes("email", ANNA, topic="offers") == ["unsubscribe"]


def test_a_consent_of_the_next_day_lifts_it(
    french_imports: Imports, french_api: Api, clock: Clock
) -> None:
    french_imports.apply(f"email;desabonne le\n{ANNA};20/11/2026\n", reason="unsubscribe")
    clock.turn(minutes=1)
    consented(french_api, "email", ANNA, topics=["offers"], given_at="2026-11-20T23:00:00Z")
    assert french_api.decision("email", ANNA, topic="offers") == "allow"


@pytest.mark.parametrize(
    ("date", "until", "since", "end"),
    [
        ("20/11/2026", "", "2026-11-20T22:59:59.999999Z", None),
        ("21/11/2026", "", "2026-11-21T09:30:00Z", None),
        ("21/11/2026 10:15", "", "2026-11-21T09:30:00Z", None),
        ("2026-11-21T09:33:00Z", "", "2026-11-21T09:33:00Z", None),
        ("21/11/2026", "21/11/2026", "2026-11-21T09:30:00Z", "2026-11-21T23:00:00Z"),
        ("20/11/2026", "21/11/2026", "2026-11-20T22:59:59.999999Z", "2026-11-21T23:00:00Z"),
        ("", "22/11/2026 10:00", "2026-11-21T09:30:00Z", "2026-11-22T10:00:00Z"),
    ],
)
def test_a_day_is_over_at_its_end_and_never_ahead_of_now(
    imports: Imports, api: Api, date: str, until: str, since: str, end: str | None
) -> None:
    import_ = imports.apply(f"email;occurred_at;until\n{ANNA};{date};{until}\n")
    assert imports.faults(import_) == []
    (row,) = api.search("email", ANNA)["in_force"]
    assert (row["since"], row.get("expires_at")) == (since, end)


def test_a_stop_that_ends_in_the_course_of_its_day_is_taken(imports: Imports, api: Api) -> None:
    import_ = imports.apply(f"email;occurred_at;until\n{ANNA};21/11/2026;21/11/2026 12:00\n")
    assert (import_.counts.applied, imports.faults(import_)) == (1, [])
    assert api.decision("email", ANNA) == "deny"


def test_an_end_before_the_day_of_its_stop_is_refused(imports: Imports) -> None:
    import_ = imports.stage(f"email;occurred_at;until\n{ANNA};21/11/2026;20/11/2026\n").import_
    assert [fault.reason for fault in imports.faults(import_)] == ["end_impossible"]


@pytest.fixture
def imports(app: Flask, api: Api, seen: set[str]) -> Imports:
    assert api.key
    seen.add(ANNA)
    return Imports(app)


@pytest.fixture
def french_imports(app: Flask, french_api: Api, seen: set[str]) -> Imports:
    assert french_api.key
    seen.add(ANNA)
    return Imports(app, "okonect")
