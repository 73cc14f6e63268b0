"""A stop by the API stays in force even if it changes no date of the row that clicks have made.

The attack: two clicks, and a stop by the API that is dated between them, or earlier because the
clock was set back. The row and the ledger did not change, so an old link reopened what the API had
stopped too.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.attacks.effects import link
from tests.attacks.test_pages_shown_before import looked_up
from tests.attacks.test_reopening_by_link import click, open_again
from tests.conftest import Clock
from tests.e2e.tables import in_force, replayed
from tests.web.console.browser import Browser

EMAIL = "jean.dupont@example.fr"


@pytest.mark.parametrize("how", ["dated between", "dated as the newer", "clock set back"])
def test_an_old_link_opens_no_stop_that_another_door_confirmed(
    app: Flask, api: Api, clock: Clock, how: str
) -> None:
    old = link(api, EMAIL)
    clock.turn(days=2)
    click(api, old)
    first = clock.now
    clock.turn(days=2)
    click(api, old)
    newer = clock.now
    dates = {"dated between": first + timedelta(hours=1), "dated as the newer": newer}
    clock.now = newer if how in dates else first + timedelta(hours=1)
    at = to_rfc3339(dates[how]) if how in dates else None
    stopped = api.stop("email", EMAIL, channels=["email"], reason="unsubscribe", occurred_at=at)
    assert stopped.get_json()["results"][0]["outcome"] == "already"
    clock.now = newer + timedelta(hours=2)
    assert open_again(api, old) == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"
    assert replayed(app) == in_force(app)


def test_the_same_stop_many_times_leaves_one_entry(api: Api, clock: Clock) -> None:
    old = link(api, EMAIL)
    clock.turn(days=2)
    click(api, old)
    at = to_rfc3339(clock.now)
    clock.turn(days=1)
    for _ in range(3):
        api.stop("email", EMAIL, channels=["email"], reason="unsubscribe", occurred_at=at)
    on_record = api.search("email", EMAIL)
    assert [row["evidence"] for row in on_record["in_force"]] == ["api"]
    assert sorted(entry["evidence"] for entry in on_record["history"]) == ["api", "link_page"]


def test_an_old_link_opens_what_clicks_alone_closed(api: Api, clock: Clock) -> None:
    old = link(api, EMAIL)
    for _ in range(2):
        clock.turn(days=2)
        click(api, old)
    clock.turn(hours=1)
    assert open_again(api, old) == 303
    assert api.decision("email", EMAIL, topic="offers") == "allow"


def test_a_page_shown_before_an_older_stop_was_told_lifts_nothing(
    api: Api, dpo: Browser, clock: Clock
) -> None:
    for day in (12, 15):
        api.stop("email", EMAIL, channels=["email"], occurred_at=f"2026-11-{day}T00:00:00Z")
    (shown,) = looked_up(dpo)
    clock.turn(minutes=5)
    api.stop("email", EMAIL, channels=["email"], occurred_at="2026-11-10T00:00:00Z")
    dpo.post("/okwind/release", shown)
    assert dpo.last.status_code == 409
    assert api.decision("email", EMAIL) == "deny"
