"""No link or page of an address's former holder opens what its new holder closed.

The attack: an address was released as reassigned, and its new holder clicked on a link. A link that
the former holder had received before the release then opened what the new holder had closed.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.api import Api
from tests.attacks.effects import UNDO, link
from tests.attacks.test_links_after_a_step_back import MAKERS
from tests.attacks.test_reopening_by_link import CLOSED, GREY, click, open_again
from tests.conftest import Clock
from tests.web.pages.test_preferences import boxes

EMAIL = "jean.dupont@example.fr"
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)


def _reassign(api: Api, channel: str = "email", reason: str = "unsubscribe") -> None:
    """Stop the address and release the stop, because the address has a new holder."""
    api.stop("email", EMAIL, channels=[channel], reason=reason)
    chosen = {"channels": [channel], "reasons": [reason], "why": "reassigned"}
    assert api.release("email", EMAIL, **chosen).get_json()["released"]


def _decision(api: Api) -> str:
    return api.decision("email", EMAIL, topic="offers")


@pytest.mark.parametrize("reason", ["unsubscribe", "objection", "undeliverable"])
@pytest.mark.parametrize("how", MAKERS)
def test_a_link_from_before_the_release_opens_nothing(
    api: Api, clock: Clock, how: str, reason: str
) -> None:
    of_former_holder = MAKERS[how](api, EMAIL)
    clock.turn(days=3)
    _reassign(api, reason=reason)
    clock.turn(days=2)
    click(api, link(api, EMAIL))
    clock.turn(days=1)
    assert boxes(api, f"{of_former_holder}/choices") == GREY
    assert open_again(api, of_former_holder) == 200
    assert _decision(api) == "deny"


def test_a_link_of_the_new_holder_still_opens_their_own_click(api: Api, clock: Clock) -> None:
    _reassign(api)
    clock.turn(days=2)
    own = link(api, EMAIL)
    clock.turn(days=1)
    click(api, own)
    clock.turn(days=1)
    assert boxes(api, f"{own}/choices") == CLOSED
    assert open_again(api, own) == 303
    assert _decision(api) == "allow"


@pytest.mark.parametrize("back", [{"seconds": 1}, {"hours": 24}], ids=str)
def test_nor_does_one_that_a_fast_clock_dated_after_the_release(
    api: Api, clock: Clock, back: dict[str, float]
) -> None:
    """The clock was up to a day fast as the link was made, and was set back before the release."""
    clock.now = MIDNIGHT
    of_former_holder = link(api, EMAIL)
    clock.turn(**{unit: -count for unit, count in back.items()})
    _reassign(api)
    clock.turn(days=4)
    click(api, link(api, EMAIL))
    clock.turn(days=1)
    assert open_again(api, of_former_holder) == 200
    assert _decision(api) == "deny"


def test_a_release_for_another_reason_leaves_the_persons_links(api: Api, clock: Clock) -> None:
    own = link(api, EMAIL)
    api.stop("email", EMAIL, channels=["email"], reason="unsubscribe")
    clock.turn(minutes=1)
    assert api.release("email", EMAIL, channels=["email"]).get_json()["released"]
    clock.turn(days=1)
    click(api, link(api, EMAIL))
    clock.turn(minutes=1)
    assert open_again(api, own) == 303
    assert _decision(api) == "allow"


def test_the_page_of_the_former_holders_click_undoes_nothing(api: Api, clock: Clock) -> None:
    """The release named an objection alone, so the former holder's click goes on denying."""
    page = click(api, link(api, EMAIL))
    clock.turn(minutes=5)
    _reassign(api, reason="objection")
    clock.turn(minutes=5)
    (token,) = UNDO.findall(api.send("GET", page).text)
    assert api.post(page, data={"undo": token}).status_code == 409
    assert _decision(api) == "deny"


def test_the_new_holder_can_undo_a_click_of_their_own(api: Api, clock: Clock) -> None:
    _reassign(api)
    clock.turn(days=2)
    page = click(api, link(api, EMAIL))
    clock.turn(minutes=5)
    (token,) = UNDO.findall(api.send("GET", page).text)
    assert api.post(page, data={"undo": token}).status_code == 303
    assert _decision(api) == "allow"
