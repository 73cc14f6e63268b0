"""A link made after a click never reopens what it closed, even if the clock was set back between.

The attack: a person clicks right after midnight, or while the database's clock is ahead. The clock
is set back, and a caller with the scope `links` makes a link. Its day was before the click's, so it
reopened the topics as soon as the clock had passed the click again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.api import Api
from tests.attacks.effects import link
from tests.attacks.test_reopening_by_link import click, open_again
from tests.conftest import Clock
from tests.web.api.test_link_files import linked

EMAIL, OTHER = "jean.dupont@gmail.com", "jeandupont+shop@gmail.com"
ANYBODY = "anna.martin@example.fr"
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)


def _path(api: Api, url: str) -> str:
    token = url.rpartition("/")[2]
    api.seen.add(token)
    return f"/u/{token}"


def by_batch(api: Api, identifier: str) -> str:
    """Make a link in a batch and return its path."""
    items = [{"identifier": ANYBODY}, {"identifier": identifier}]
    results = api.post("/v1/links/batch", {"items": items}).get_json()["results"]
    return _path(api, results[1]["url"])


def by_file(api: Api, identifier: str) -> str:
    """Make a link for a row of a file and return its path."""
    api.seen.update({identifier, ANYBODY})
    rows = linked(api, f"email\n{ANYBODY}\n{identifier}\n".encode())
    return _path(api, str(rows[1]["unsubscribe_url"]))


MAKERS: dict[str, Callable[[Api, str], str]] = {"one": link, "batch": by_batch, "file": by_file}


@pytest.mark.parametrize("named", [EMAIL, OTHER])
@pytest.mark.parametrize("how", MAKERS)
@pytest.mark.parametrize("back", [{"seconds": 1}, {"days": 1}, {"days": 40}], ids=str)
def test_a_link_made_after_the_click_opens_nothing(
    api: Api, clock: Clock, back: dict[str, float], how: str, named: str
) -> None:
    clock.now = MIDNIGHT
    click(api, link(api, EMAIL))
    clock.turn(**{unit: -count for unit, count in back.items()})
    fresh = MAKERS[how](api, named)
    assert open_again(api, fresh) == 200
    clock.turn(**back)
    clock.turn(minutes=1)
    assert open_again(api, fresh) == 200
    for person in (EMAIL, OTHER):
        assert api.decision("email", person, topic="offers") == "deny"


@pytest.mark.parametrize("how", MAKERS)
def test_a_link_of_somebody_else_keeps_the_day_of_the_clock(
    api: Api, clock: Clock, how: str
) -> None:
    clock.now = MIDNIGHT
    click(api, link(api, ANYBODY))
    clock.turn(seconds=-1)
    fresh = MAKERS[how](api, EMAIL)
    clock.turn(minutes=1)
    click(api, fresh)
    clock.turn(minutes=1)
    assert open_again(api, fresh) == 303
    assert api.decision("email", EMAIL, topic="offers") == "allow"


def test_a_link_made_before_the_click_goes_on_opening_it(api: Api, clock: Clock) -> None:
    clock.now = MIDNIGHT
    clock.turn(hours=-3)
    older = link(api, EMAIL)
    clock.turn(hours=4)
    click(api, older)
    clock.turn(minutes=-1)
    link(api, EMAIL)
    clock.turn(minutes=2)
    assert open_again(api, older) == 303
    assert api.decision("email", EMAIL, topic="offers") == "allow"
