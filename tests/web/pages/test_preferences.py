"""On the page of choices a ticked topic means "I want to receive"."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.vocabulary import Preset
from suppression.usecases.controllers.create import create_controller
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.controllers.topics import create_topic
from tests.api import Api, make_key
from tests.conftest import Clock

EMAIL = "jean.dupont@example.fr"
PHONE = "06 12 34 56 78"
BOTH = ["newsletter", "offers"]
BOX = re.compile(r'name="topic" value="([\w-]+)" id="[\w-]+"( checked)?( disabled)?')


def link(api: Api, **fields: object) -> str:
    """Make a link and return the path of its page of choices."""
    url = api.post("/v1/links", {"identifier": EMAIL} | fields).get_json()["url"]
    return "/u/" + str(url).rpartition("/")[2] + "/choices"


def boxes(api: Api, path: str) -> dict[str, str]:
    """Return the state of each box of the page: `checked`, `disabled` or ""."""
    page = api.send("GET", path).text
    return {value: (checked + disabled).strip() for value, checked, disabled in BOX.findall(page)}


def save(
    api: Api, path: str, *ticked: str, shown: list[str] | None = None, **typed: str
) -> TestResponse:
    """Send the form of choices and return the response."""
    api.seen.update(text for text in typed.values() if len(text) > 8)
    fields = {"topic": list(ticked), "shown": BOTH if shown is None else shown, **typed}
    return api.post(f"{path}?lang=en", data=fields)


def done(api: Api, sent: TestResponse) -> str:
    """Return the text of the page that a sent form leads to."""
    assert sent.status_code == 303, sent.text
    return unescape(api.send("GET", "/" + sent.headers["Location"].removeprefix("../../")).text)


def test_the_boxes_stand_as_things_are(api: Api) -> None:
    path = link(api)
    assert boxes(api, path) == {"newsletter": "checked", "offers": "checked"}
    api.stop("email", EMAIL, channels=["email"], topic="offers")
    assert boxes(api, path) == {"newsletter": "checked", "offers": "disabled"}
    api.stop("email", EMAIL, channels=["email"])
    assert boxes(api, path) == {"newsletter": "disabled", "offers": "disabled"}


def test_a_tick_taken_away_stops_that_topic(api: Api) -> None:
    page = done(api, save(api, link(api), "offers"))
    assert "newsletter" in page
    assert api.codes("email", EMAIL, topic="newsletter") == ["unsubscribe"]
    assert api.decision("email", EMAIL, topic="offers") == "allow"
    assert api.search("email", EMAIL)["in_force"][0]["evidence"] == "link_page"


def test_no_tick_at_all_stops_everything(api: Api) -> None:
    page = done(api, save(api, link(api)))
    assert "all marketing e\u2011mails" in page
    (row,) = api.search("email", EMAIL)["in_force"]
    assert (row.get("topic"), row["reason"]) == (None, "unsubscribe")


def test_the_last_tick_taken_away_stops_everything_too(api: Api) -> None:
    path = link(api)
    save(api, path, "offers")
    done(api, save(api, path, shown=["offers"]))
    assert None in {row.get("topic") for row in api.search("email", EMAIL)["in_force"]}


def test_no_tick_stops_everything_where_each_topic_was_closed_already(
    app: Flask, api: Api, clock: Clock
) -> None:
    """The page says that everything stops, yet a topic created later was allowed."""
    for topic in BOTH:
        api.stop("email", EMAIL, channels=["email"], topic=topic)
    clock.turn(minutes=1)
    page = done(api, save(api, link(api), shown=[], phone=""))
    assert "all marketing e\u2011mails" in page
    assert None in {row.get("topic") for row in api.search("email", EMAIL)["in_force"]}
    assert "Nothing changed" in save(api, link(api), shown=[], phone="").text
    with app.app_context():
        create_topic(find_controller("okwind"), "events", name_fr="Salons", name_en="Fairs")
    assert api.decision("email", EMAIL, topic="events") == "deny"


def test_nothing_changed_says_so_and_stores_nothing(api: Api) -> None:
    answer = save(api, link(api), *BOTH)
    assert answer.status_code == 200
    assert "Nothing changed" in answer.text
    assert api.search("email", EMAIL) == {"in_force": [], "history": []}


def test_a_box_that_another_page_closed_meanwhile_stays_closed(api: Api) -> None:
    path = link(api)
    save(api, path, "offers")
    assert save(api, path, *BOTH).status_code == 200
    assert api.decision("email", EMAIL, topic="newsletter") == "deny"


def test_a_number_and_an_address_are_stopped_too(api: Api) -> None:
    sent = save(
        api, link(api), *BOTH, phone=PHONE, name="Zo\xe9 Petit", address="12 rue Foch\n75011 Paris"
    )
    page = done(api, sent)
    for told in ("marketing SMS", "marketing calls", "marketing letters"):
        assert told in page
    assert api.decision("sms", PHONE) == api.decision("telephone", PHONE) == "deny"
    assert api.decision("email", EMAIL) == "allow"
    assert api.search("phone", PHONE)["in_force"][0]["evidence"] == "public_form"


def test_one_reference_tells_of_all_that_was_sent_together(api: Api) -> None:
    page = done(api, save(api, link(api), "offers", phone=PHONE))
    references = {
        api.search(kind, value)["history"][0]["reference"]
        for kind, value in (("email", EMAIL), ("phone", PHONE))
    }
    assert re.findall(r"<strong>([\w-]+)</strong>", page) == list(references)


def test_a_number_that_cannot_be_read_is_explained_and_nothing_is_stored(api: Api) -> None:
    answer = save(api, link(api), "offers", phone="12")
    assert answer.status_code == 422
    assert 'id="phone-error-1"' in answer.text
    assert ">\n12</textarea>" in answer.text
    assert BOX.findall(answer.text) == [("newsletter", "", ""), ("offers", " checked", "")]
    assert api.decision("email", EMAIL, topic="newsletter") == "allow"


def test_a_topic_that_does_not_exist_is_left_out(api: Api) -> None:
    assert save(api, link(api), *BOTH, shown=["nonsense"]).status_code == 200
    assert api.search("email", EMAIL)["history"] == []


def test_looking_changes_nothing(api: Api) -> None:
    path = link(api)
    for method in ("GET", "HEAD"):
        assert api.send(method, path).status_code == 200
    assert api.search("email", EMAIL)["history"] == []


def test_a_wrong_token_is_a_page(api: Api) -> None:
    assert api.send("GET", "/u/wrong/choices").status_code == 404
    assert save(api, "/u/wrong/choices").status_code == 404


def test_a_controller_without_topics_has_one_box(app: Flask, api: Api, clock: Clock) -> None:
    with app.app_context():
        controller = create_controller(
            "bare", name="Bare", country="FR", preset=Preset.OBJECTION_ONLY, now=clock.now
        )
    bare = Api(app, make_key(app, controller), api.seen)
    path = link(bare)
    assert boxes(bare, path) == {"all": "checked"}
    assert save(bare, path, "all", shown=["all"]).status_code == 200
    done(bare, save(bare, path, shown=["all"]))
    assert bare.decision("email", EMAIL) == "deny"
    assert boxes(bare, path) == {"all": "disabled"}


@pytest.mark.parametrize("topic", [None, "newsletter"])
def test_the_page_of_a_link_leads_here(api: Api, topic: str | None) -> None:
    path = link(api, **({"topic": topic} if topic else {}))
    page = api.send("GET", path.removesuffix("/choices") + "?lang=en").text
    assert f'href="..{path}?lang=en"' in page
