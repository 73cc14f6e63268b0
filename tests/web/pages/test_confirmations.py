"""After a click a person sees what stopped, and can undo their own click."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from suppression.usecases.operations.retention import purge_confirmations
from tests.api import Api
from tests.conftest import Clock

EMAIL = "jean.dupont@example.fr"
REFERENCE = re.compile(r"<strong>([2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2})</strong>")
TOKEN = re.compile(r'name="undo" value="([^"]+)"')


def link(api: Api, **fields: object) -> str:
    """Make a link and return its path."""
    url = api.post("/v1/links", {"identifier": EMAIL} | fields).get_json()["url"]
    return "/u/" + str(url).rpartition("/")[2]


def press(api: Api, path: str, confirm: str = "1") -> str:
    """Press a button of a link's page and return the path of the next page."""
    answer = api.post(path, data={"confirm": confirm})
    assert answer.status_code == 303
    return "/" + answer.headers["Location"].removeprefix("../")


def read(api: Api, path: str) -> str:
    """Return the text of a page in English."""
    answer = api.send("GET", f"{path}?lang=en")
    assert answer.status_code == 200
    return answer.text


def undo(api: Api, page: str, token: str | None = None) -> TestResponse:
    """Send the undo form of a page, with its own token or `token`; return the response."""
    sent = token if token is not None else TOKEN.findall(read(api, page))[0]
    return api.post(page, data={"undo": sent})


def test_the_page_says_what_stopped_when_and_a_reference(api: Api) -> None:
    page = read(api, press(api, link(api, topic="newsletter")))
    assert "\u201cnewsletter\u201d e\u2011mails" in page
    assert "21 November 2026 at 10:30 (Paris time)" in page
    assert "already on its way may still arrive" in page
    (reference,) = REFERENCE.findall(page)
    assert api.search("email", EMAIL)["history"][0]["reference"] == reference


def test_everything_may_be_stopped_by_a_link_of_one_topic(api: Api) -> None:
    page = read(api, press(api, link(api, topic="newsletter"), "all"))
    assert "all marketing e\u2011mails" in page
    assert api.decision("email", EMAIL, topic="offers") == "deny"


def test_a_topic_leaves_the_others(api: Api) -> None:
    press(api, link(api, topic="newsletter"))
    assert api.decision("email", EMAIL, topic="newsletter") == "deny"
    assert api.decision("email", EMAIL, topic="offers") == "allow"


def test_an_own_click_is_undone_within_a_day(api: Api, clock: Clock) -> None:
    page = press(api, link(api))
    clock.turn(hours=23, minutes=59)
    assert undo(api, page).status_code == 303
    assert api.decision("email", EMAIL) == "allow"
    assert "Your click is undone" in read(api, page)
    last = api.search("email", EMAIL)["history"][-1]
    assert (last["type"], last["why"], last["actor"]) == ("release", "mistake", "link")


def test_an_older_click_is_not(api: Api, clock: Clock) -> None:
    page = press(api, link(api))
    (token,) = TOKEN.findall(read(api, page))
    clock.turn(hours=24)
    assert TOKEN.findall(read(api, page)) == []
    assert undo(api, page, token).status_code == 409
    assert api.decision("email", EMAIL) == "deny"


def test_it_is_not_undone_twice(api: Api) -> None:
    page = press(api, link(api))
    (token,) = TOKEN.findall(read(api, page))
    assert undo(api, page, token).status_code == 303
    press(api, link(api))
    assert undo(api, page, token).status_code == 409
    assert api.decision("email", EMAIL) == "deny"


def test_the_printed_reference_opens_and_undoes_nothing(api: Api) -> None:
    page = press(api, link(api))
    (reference,) = REFERENCE.findall(read(api, page))
    assert reference not in page
    assert api.send("GET", f"/r/{reference}").status_code == 404
    assert undo(api, f"/r/{reference}", reference).status_code == 404
    assert undo(api, page, reference).status_code == 409
    assert api.decision("email", EMAIL) == "deny"


@pytest.mark.parametrize("token", ["", "nonsense", "\u00e9.\u00e9", "."])
def test_a_token_that_we_did_not_sign_undoes_nothing(api: Api, token: str) -> None:
    page = press(api, link(api))
    assert undo(api, page, token).status_code == 409
    assert api.decision("email", EMAIL) == "deny"


def test_a_link_is_no_undo_token_nor_that_of_another_page(api: Api) -> None:
    path = link(api)
    page = press(api, path)
    assert undo(api, page, path.removeprefix("/u/")).status_code == 409
    other = press(api, link(api, identifier="marie@example.fr"))
    (foreign,) = TOKEN.findall(read(api, other))
    assert undo(api, page, foreign).status_code == 409
    assert api.decision("email", EMAIL) == "deny"


@pytest.mark.parametrize("how", ["click", "one-click", "api"])
def test_what_was_said_again_is_not_undone(api: Api, clock: Clock, how: str) -> None:
    page = press(api, link(api))
    clock.turn(minutes=1)
    if how == "click":
        press(api, link(api))
    elif how == "one-click":
        api.post(link(api), data={"List-Unsubscribe": "One-Click"})
    else:
        api.stop("email", EMAIL, channels=["email"], reason="unsubscribe")
    assert undo(api, page).status_code == 409
    assert api.decision("email", EMAIL) == "deny"


def test_a_click_that_found_it_stopped_has_nothing_to_undo(api: Api, clock: Clock) -> None:
    api.stop("email", EMAIL, channels=["email"], reason="unsubscribe")
    clock.turn(days=1)
    page = read(api, press(api, link(api)))
    assert TOKEN.findall(page) == []
    assert "21 November 2026" in page


def test_only_the_row_of_the_click_is_undone(api: Api) -> None:
    press(api, link(api, topic="newsletter"))
    api.stop("email", EMAIL, channels=["email"])
    undo(api, press(api, link(api, topic="offers")))
    assert api.codes("email", EMAIL, topic="offers") == ["objection"]
    assert set(api.codes("email", EMAIL, topic="newsletter")) == {"unsubscribe", "objection"}


def test_a_click_after_an_undo_may_be_undone_again(api: Api, clock: Clock) -> None:
    undo(api, press(api, link(api)))
    clock.turn(minutes=1)
    page = press(api, link(api))
    assert api.decision("email", EMAIL) == "deny"
    assert undo(api, page).status_code == 303
    assert api.decision("email", EMAIL) == "allow"


def test_the_page_goes_after_a_month_and_the_stop_stays(api: Api, app: Flask, clock: Clock) -> None:
    page = press(api, link(api))
    clock.turn(days=29)
    assert REFERENCE.findall(read(api, page))
    clock.turn(days=1)
    gone = api.send("GET", f"{page}?lang=en")
    assert gone.status_code == 404
    assert "What you stopped stays stopped" in gone.text
    with app.app_context():
        assert purge_confirmations(now=clock.now) == 1
        assert purge_confirmations(now=clock.now + timedelta(days=1)) == 0
    assert api.decision("email", EMAIL) == "deny"


def test_a_sandbox_address_is_shown_the_page_and_has_nothing_to_undo(api: Api) -> None:
    page = read(api, press(api, link(api, identifier="allowed@example.test")))
    assert TOKEN.findall(page) == []
    assert api.decision("email", "allowed@example.test") == "allow"


def test_a_one_click_gets_no_reference_for_nobody_reads_it(api: Api) -> None:
    answer = api.post(link(api), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert REFERENCE.findall(answer.text) == []
