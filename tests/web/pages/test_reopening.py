"""What the page of choices reopens, and what a link older than a consent asks before it stops.

See docs/rules.md#e7.
"""

from __future__ import annotations

import pytest
from flask import Flask

from suppression.domain.vocabulary import Preset
from suppression.usecases.controllers.create import create_controller
from tests.api import Api, make_key
from tests.conftest import Clock
from tests.consenting import consented, on_record
from tests.web.pages.test_preferences import BOTH, EMAIL, boxes, done, link, save

CLOSED = {"newsletter": "", "offers": ""}
GREY = {"newsletter": "disabled", "offers": "disabled"}


def stop_everything(api: Api, clock: Clock) -> str:
    """Stop everything by a link of the day before, an hour ago; return the path of its choices."""
    path = link(api)
    clock.turn(days=1)
    api.post(path.removesuffix("/choices"), data={"confirm": "all"})
    clock.turn(hours=1)
    return path


def test_one_topic_opens_alone_after_stop_everything(api: Api, clock: Clock) -> None:
    path = stop_everything(api, clock)
    assert boxes(api, path) == CLOSED
    page = done(api, save(api, path, "offers", shown=[]))
    assert "may send you again" in page
    assert "\u201coffers\u201d e\u2011mails" in page
    assert boxes(api, path) == {"newsletter": "", "offers": "checked"}
    assert api.decision("email", EMAIL, topic="offers") == "allow"
    assert api.decision("email", EMAIL, topic="newsletter") == "deny"
    assert api.decision("email", EMAIL) == "deny"


def test_it_is_a_consent_on_record_with_the_words_that_were_shown(api: Api, clock: Clock) -> None:
    path = stop_everything(api, clock)
    done(api, save(api, path, "offers", shown=[]))
    (consent,) = on_record(api, "email", EMAIL)
    assert (consent["topic"], consent["given_by"]) == ("offers", "web_form")
    assert consent["collected_by"] == "recipient page"
    assert "Ticked: I want to receive" in consent["wording"]
    assert "[x] offers" in consent["wording"]


def test_a_topic_closed_by_its_own_click_opens_too(api: Api, clock: Clock) -> None:
    path = link(api)
    clock.turn(days=1)
    save(api, path, "offers")
    clock.turn(hours=1)
    assert boxes(api, path) == {"newsletter": "", "offers": "checked"}
    done(api, save(api, path, *BOTH, shown=["offers"]))
    assert api.decision("email", EMAIL, topic="newsletter") == "allow"


def test_a_topic_opened_again_closes_again(api: Api, clock: Clock) -> None:
    path = stop_everything(api, clock)
    save(api, path, *BOTH, shown=[])
    clock.turn(hours=1)
    save(api, path, "offers")
    assert boxes(api, path) == {"newsletter": "", "offers": "checked"}
    clock.turn(hours=1)
    save(api, path, shown=["offers"])
    assert boxes(api, path) == CLOSED
    assert api.decision("email", EMAIL, topic="offers") == "deny"


@pytest.mark.parametrize("reason", ["objection", "complaint", "unsubscribe", "imported"])
def test_what_was_not_closed_by_a_click_stays_closed(api: Api, clock: Clock, reason: str) -> None:
    api.stop("email", EMAIL, channels=["email"], reason=reason)
    clock.turn(hours=1)
    path = link(api)
    assert boxes(api, path) == GREY
    assert "write to Okwind" in api.send("GET", f"{path}?lang=en").text
    assert save(api, path, *BOTH, shown=[]).status_code == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"
    assert on_record(api, "email", EMAIL) == []


def test_a_click_that_was_repeated_otherwise_stays_closed(api: Api, clock: Clock) -> None:
    path = stop_everything(api, clock)
    api.stop("email", EMAIL, channels=["email"], reason="unsubscribe")
    clock.turn(hours=1)
    assert boxes(api, path) == GREY


def test_a_restriction_greys_everything(api: Api, clock: Clock) -> None:
    api.stop("email", EMAIL, channels=None, reason="restriction")
    clock.turn(hours=1)
    assert boxes(api, link(api)) == GREY


def test_what_stood_before_a_release_is_past(api: Api, clock: Clock) -> None:
    api.stop("email", EMAIL, channels=["email"], reason="unsubscribe")
    clock.turn(hours=1)
    api.release("email", EMAIL, channels=["email"])
    assert boxes(api, stop_everything(api, clock)) == CLOSED


def test_a_sandbox_address_opens_nothing(api: Api) -> None:
    path = link(api, identifier="allowed@example.test")
    assert save(api, path, *BOTH, shown=[]).status_code == 200


def test_a_box_for_everything_opens_everything(app: Flask, api: Api, clock: Clock) -> None:
    with app.app_context():
        controller = create_controller(
            "bare", name="Bare", country="FR", preset=Preset.OBJECTION_ONLY, now=clock.now
        )
    bare = Api(app, make_key(app, controller), api.seen)
    path = stop_everything(bare, clock)
    assert boxes(bare, path) == {"all": ""}
    assert "all marketing e\u2011mails" in done(bare, save(bare, path, "all", shown=[]))
    assert bare.decision("email", EMAIL) == "allow"


def test_a_link_older_than_a_consent_asks_before_it_undoes_it(api: Api, clock: Clock) -> None:
    path = link(api, topic="offers").removesuffix("/choices")
    clock.turn(days=2)
    consented(api, "email", EMAIL, topics=["offers"], given_at="2026-11-22T10:00:00Z")
    page = api.send("GET", f"{path}?lang=en").text
    assert "On 22 November 2026 at 11:00 (Paris time) you asked to receive" in page
    assert "Yes, stop them" in page
    assert api.post(path, data={"confirm": "1"}).status_code == 303
    assert api.decision("email", EMAIL, topic="offers") == "deny"


def test_a_link_that_is_newer_does_not_ask(api: Api, clock: Clock) -> None:
    consented(api, "email", EMAIL, topics=["offers"], given_at="2026-11-20T10:00:00Z")
    clock.turn(days=2)
    page = api.send("GET", link(api, topic="offers").removesuffix("/choices") + "?lang=en").text
    assert "you asked to receive" not in page


def test_a_consent_of_the_day_of_issue_is_asked_about_and_another_topic_is_not(api: Api) -> None:
    consented(api, "email", EMAIL, topics=["offers"], given_at="2026-11-21T01:00:00Z")
    shown_by_topic = {}
    for topic in ("offers", "newsletter", ""):
        path = link(api, **({"topic": topic} if topic else {})).removesuffix("/choices")
        shown_by_topic[topic] = "you asked to receive" in api.send("GET", f"{path}?lang=en").text
    assert shown_by_topic == {"offers": True, "newsletter": False, "": True}


def test_one_click_still_stops_what_a_newer_consent_allows(api: Api, clock: Clock) -> None:
    path = link(api).removesuffix("/choices")
    clock.turn(days=2)
    consented(api, "email", EMAIL, given_at="2026-11-22T10:00:00Z")
    assert api.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert api.decision("email", EMAIL) == "deny"


def test_a_stop_that_a_consent_lifted_is_not_shown_as_one(api: Api, clock: Clock) -> None:
    path = link(api, topic="offers")
    api.post(path.removesuffix("/choices"), data={"confirm": "1"})
    clock.turn(days=2)
    consented(api, "email", EMAIL, topics=["offers"], given_at="2026-11-23T01:00:00Z")
    page = api.send("GET", path.removesuffix("/choices") + "?lang=en").text
    assert "Yes, stop them" in page
    assert boxes(api, path)["offers"] == "checked"
