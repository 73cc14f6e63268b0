"""The page of a click does not undo a later click, even if both have the same date.

The attack: a consent was recorded before the database's clock was set back. A click on a link's
page and a mail provider's one-click after it were then both dated like the consent. The second left
no trace, and undoing the first lifted both.
"""

from __future__ import annotations

import pytest

from tests.api import Api
from tests.attacks.effects import UNDO, link
from tests.attacks.test_reopening_by_link import click, open_again
from tests.conftest import Clock
from tests.consenting import consented

EMAIL = "jean.dupont@example.fr"
AGAIN = {"one-click": {"List-Unsubscribe": "One-Click"}, "page": {"confirm": "all"}}


def _page_of_click(api: Api, clock: Clock, path: str) -> str:
    """Click on a link, dated by a consent that is ahead of the clock; return the page's path."""
    consented(api, "email", EMAIL, given_at=clock.now.isoformat())
    clock.turn(hours=-1)
    page = click(api, path)
    clock.turn(minutes=10)
    return page


@pytest.mark.parametrize("how", AGAIN)
def test_the_page_of_the_first_undoes_nothing(api: Api, clock: Clock, how: str) -> None:
    path = link(api, EMAIL)
    page = _page_of_click(api, clock, path)
    api.post(path, data=AGAIN[how])
    clock.turn(minutes=10)
    (token,) = UNDO.findall(api.send("GET", page).text)
    assert api.post(page, data={"undo": token}).status_code == 409
    assert api.decision("email", EMAIL) == "deny"
    history = api.search("email", EMAIL)["history"]
    assert [entry["type"] for entry in history] == ["stop", "repeated"]
    assert history[0]["occurred_at"] == history[1]["occurred_at"]


def test_the_page_of_a_single_click_undoes_it(api: Api, clock: Clock) -> None:
    page = _page_of_click(api, clock, link(api, EMAIL))
    (token,) = UNDO.findall(api.send("GET", page).text)
    assert api.post(page, data={"undo": token}).status_code == 303


def test_a_link_from_before_both_opens_what_they_closed(api: Api, clock: Clock) -> None:
    path = link(api, EMAIL)
    clock.turn(days=2)
    _page_of_click(api, clock, path)
    api.post(path, data=AGAIN["one-click"])
    clock.turn(hours=2)
    assert open_again(api, path) == 303
    assert api.decision("email", EMAIL, topic="offers") == "allow"
