"""Options for all rows of a list work as in the API, and are shown before they apply."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api import Api
from tests.importing import Imports, staged_rows
from tests.web.console.browser import Browser, upload

ANNA, PHONE = "anna.martin@example.fr", "06 12 34 56 78"
LIST = f"email\n{ANNA}\n"


def test_what_the_form_says_holds_for_rows_that_do_not(
    clerk: Browser, imports: Imports, api: Api
) -> None:
    form = {"channels": "sms", "reason": "objection", "occurred_on": "03/02/2024"}
    path = "/okwind/imports/" + upload(clerk, f"tel\n{PHONE}\n", **form)
    assert "SMS \N{EN DASH} objection" in clerk.text
    assert "03 February 2024" in clerk.text
    clerk.post(f"{path}/apply")
    imports.work()
    assert (api.decision("sms", PHONE), api.decision("telephone", PHONE)) == ("deny", "allow")


def test_a_topic_and_an_end_hold_for_all_rows_and_are_shown(
    clerk: Browser, imports: Imports, api: Api
) -> None:
    form = {"channels": "email", "topic": "offers", "ends_on": "30/11/2026"}
    path = "/okwind/imports/" + upload(clerk, f"email\n{ANNA}\n", **form)
    assert "<dt>Topic</dt><dd>offers</dd>" in clerk.text
    assert "e-mail (offers)" in clerk.text
    assert "<dt>End of the stop</dt><dd>01 December 2026" in clerk.text
    clerk.post(f"{path}/apply")
    imports.work()
    decisions = [api.decision("email", ANNA, topic=topic) for topic in ("offers", "newsletter")]
    assert decisions == ["deny", "allow"]
    (row,) = api.search("email", ANNA)["in_force"]
    assert row["expires_at"] == "2026-11-30T23:00:00Z"


def test_a_list_against_profiling_concerns_each_contact(
    clerk: Browser, imports: Imports, api: Api
) -> None:
    text = f"email;tel\n{ANNA};{PHONE}\n"
    path = "/okwind/imports/" + upload(clerk, text, list_purpose="profiling")
    assert "<dd>profiling</dd>" in clerk.text
    assert "<td>profiling \N{EN DASH} imported</td>" in clerk.text
    assert f"{ANNA}<br>+33 6 12 34 56 78" in clerk.text
    clerk.post(f"{path}/apply")
    imports.work()
    assert api.decision("email", ANNA) == "allow"
    for kind, value in (("email", ANNA), ("phone", PHONE)):
        assert api.decision(None, value, kind=kind, purpose="profiling") == "deny"


def test_numbers_are_shown_as_of_the_country_that_was_said(
    clerk: Browser, imports: Imports, api: Api
) -> None:
    path = "/okwind/imports/" + upload(clerk, "tel\n0470 12 34 56\n", country="be")
    assert "+32 470 12 34 56" in clerk.text
    clerk.post(f"{path}/apply")
    imports.work()
    assert api.decision("sms", "+32470123456") == "deny"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"occurred_on": "2099-01-01"}, "this day is to come"),
        ({"occurred_on": "yesterday"}, "give a day"),
        ({"column_email": "Courriel"}, "no column of this name"),
        ({"reason": "mood"}, "tick or choose"),
        ({"hashed": "shoes"}, "tick or choose"),
        ({"list_purpose": "service"}, "tick or choose"),
        ({"list_purpose": "sharing", "channels": "sms"}, "neither channel nor topic"),
        ({"list_purpose": "sharing", "topic": "offers"}, "neither channel nor topic"),
        ({"topic": "lottery"}, "tick or choose"),
        ({"ends_on": "2026-11-20"}, "a day to come, after the date"),
        ({"ends_on": "9999-12-31"}, "a day to come, after the date"),
        ({"ends_on": "1980-01-01"}, "a day to come, after the date"),
        ({"ends_on": "0001-01-01"}, "a day to come, after the date"),
        ({"ends_on": "9000-01-01"}, "a day to come, after the date"),
        ({"ends_on": "2026-11-30", "reason": "objection"}, "a day to come, after the date"),
        ({"country": "Belgique"}, "two letters, like FR"),
    ],
)
def test_a_choice_that_cannot_be_is_told_and_nothing_is_staged(
    clerk: Browser, app: Flask, fields: dict[str, str], told: str
) -> None:
    assert upload(clerk, LIST, **fields) == ""
    assert clerk.last.status_code == 422
    assert told in clerk.text
    assert staged_rows(app) == 0


@pytest.fixture
def imports(app: Flask, seen: set[str]) -> Imports:
    seen.update({ANNA, PHONE, "0470 12 34 56"})
    return Imports(app)
