"""Links are made by the API, and a click on one stops."""

from __future__ import annotations

import base64
import dataclasses
import string
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from suppression.domain.vocabulary import Preset
from suppression.storage.engine.base import Base, db
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.conftest import Clock
from tests.databases import Database
from tests.keys import SIGNING_KEYS

EMAIL = "jean.dupont@example.fr"
GMAIL = "jean.dupont@gmail.com"
ONE_CLICK = b"List-Unsubscribe=One-Click"
URLENCODED = "application/x-www-form-urlencoded"
ALPHABET = string.ascii_letters + string.digits + "-_."


def link(api: Api, identifier: str = EMAIL, **fields: object) -> str:
    """Make a link and return its path."""
    answer = api.post("/v1/links", {"identifier": identifier} | fields)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_json()["url"]).removeprefix("http://127.0.0.1:8000")


def click(api: Api, path: str, **options: object) -> TestResponse:
    """Send a one-click as Gmail does, 26 bytes urlencoded; return the response."""
    sent: dict[str, object] = {"data": ONE_CLICK, "content_type": URLENCODED} | options
    return api.client.post(path, **sent)


def test_a_link_comes_with_the_three_headers(api: Api) -> None:
    answer = api.post("/v1/links", {"identifier": EMAIL, "topic": "newsletter"}).get_json()
    assert answer["headers"] == {
        "List-Unsubscribe": f"<{answer['url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "Okwind <newsletter.okwind.127.0.0.1>",
    }


def test_a_token_is_54_characters_with_one_form_and_75_with_two(api: Api) -> None:
    assert len(link(api)) == len("/u/") + 54
    assert len(link(api, GMAIL)) == len("/u/") + 75
    longest = link(api, GMAIL, ref="r" * 32, topic="newsletter", language="fr")
    assert len("https://" + "x" * 62 + longest) < 200


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (ONE_CLICK, URLENCODED),
        ({"List-Unsubscribe": "One-Click"}, "multipart/form-data"),
    ],
)
def test_one_click_stops_at_once_without_a_redirect(
    api: Api, data: object, content_type: str
) -> None:
    path = link(api)
    assert api.decision("email", EMAIL) == "allow"
    answer = click(api, path, data=data, content_type=content_type)
    assert (answer.status_code, answer.headers.get("Location")) == (200, None)
    assert api.decision("email", EMAIL) == "deny"
    assert api.search("email", EMAIL)["in_force"][0]["evidence"] == "one_click"
    assert api.decision("email", "marie@example.fr") == "allow"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (ONE_CLICK + b"\r\n", URLENCODED),
        (ONE_CLICK + b"&" + ONE_CLICK, URLENCODED),
        (ONE_CLICK, ""),
        (ONE_CLICK, "text/plain; charset=utf-8"),
        (ONE_CLICK, "application/octet-stream"),
    ],
)
def test_what_stands_around_the_pair_does_not_unsay_it(
    api: Api, data: bytes, content_type: str
) -> None:
    assert click(api, link(api), data=data, content_type=content_type).status_code == 200
    assert api.decision("email", EMAIL) == "deny"


def test_a_second_click_is_fine_and_keeps_the_first_date(api: Api, clock: Clock) -> None:
    path = link(api)
    click(api, path)
    clock.turn(days=3)
    assert click(api, path).status_code == 200
    assert api.search("email", EMAIL)["in_force"][0]["since"] == "2026-11-21T09:30:00Z"


def test_the_button_goes_on_by_303_to_a_page_that_says_it_is_done(api: Api) -> None:
    path = link(api, language="fr")
    sent = api.client.post(path, data={"confirm": "1"})
    assert sent.status_code == 303
    code = sent.headers["Location"].removeprefix("../r/").partition("?")[0]
    assert "C\u2019est fait" in api.client.get(f"/r/{code}?lang=fr").get_data(as_text=True)
    assert "C\u2019est arr\xeat\xe9" in api.client.get(path).get_data(as_text=True)
    assert api.search("email", EMAIL)["in_force"][0]["evidence"] == "link_page"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"List-Unsubscribe=Not-One-Click",
        b"List-Unsubscribe=one-click",
        b"list-unsubscribe=One-Click",
        b"Not-List-Unsubscribe=One-Click",
        b"confirm=0",
    ],
)
def test_a_post_that_says_neither_is_400_and_stores_nothing(api: Api, data: bytes) -> None:
    assert click(api, link(api), data=data).status_code == 400
    assert api.search("email", EMAIL) == {"in_force": [], "history": []}


def test_get_head_and_options_a_hundred_times_change_nothing(api: Api, app: Flask) -> None:
    path = link(api)
    before = _rows(app)
    for _ in range(100):
        for method in ("GET", "HEAD", "OPTIONS"):
            assert api.client.open(path, method=method).status_code == 200
    assert _rows(app) == before


def test_that_test_would_find_a_page_that_submits_itself(api: Api, app: Flask) -> None:
    before = _rows(app)
    click(api, link(api))
    assert _rows(app) != before


def test_any_one_changed_character_fails_like_any_other(api: Api) -> None:
    path = link(api, ref="crm:1")
    wrong = click(api, "/u/nonsense")
    assert wrong.status_code == 404
    for place in range(len("/u/"), len(path)):
        other = ALPHABET[(ALPHABET.index(path[place]) + 1 + place) % len(ALPHABET)]
        answer = click(api, path[:place] + other + path[place + 1 :])
        assert (answer.status_code, answer.get_data()) == (404, wrong.get_data())
    for last in ALPHABET.replace(path[-1], ""):
        assert click(api, path[:-1] + last).status_code == 404
    assert api.search("email", EMAIL)["history"] == []


@pytest.mark.parametrize("cut", [1, 5, 23, 40])
def test_a_cut_link_is_404(api: Api, cut: int) -> None:
    assert api.client.get(link(api)[:-cut]).status_code == 404


def test_a_token_of_an_old_signing_key_works_after_rotation(api: Api, database: Database) -> None:
    path = link(api)
    keys = {**SIGNING_KEYS, 2: bytes(32)}
    rotated = create_app(dataclasses.replace(database.settings(), signing_keys=keys))
    api.client = rotated.test_client()
    newer = link(api)
    assert newer != path
    assert click(api, path).status_code == 200
    assert click(api, newer).status_code == 200
    assert api.decision("email", EMAIL) == "deny"


def test_a_removed_signing_key_stops_the_service(api: Api, database: Database) -> None:
    keys = {1: bytes(32)}
    api.client = create_app(
        dataclasses.replace(database.settings(), signing_keys=keys)
    ).test_client()
    assert api.send("GET", "/readyz").get_json()["keys"] == "failing"


def test_a_link_of_one_controller_stops_nothing_of_another(
    api: Api, new_api: Callable[..., Api]
) -> None:
    other = new_api("okonect", Preset.OBJECTION_ONLY)
    click(api, link(api))
    assert api.decision("email", EMAIL) == "deny"
    assert other.decision("email", EMAIL) == "allow"


def test_a_token_signed_for_another_use_is_none_of_ours(api: Api) -> None:
    payload = base64.urlsafe_b64encode(b"\x01" + bytes(22)).rstrip(b"=").decode()
    assert api.client.get(f"/u/{payload}.{'A' * 22}").status_code == 404


def test_a_gmail_address_is_stopped_under_both_of_its_forms(api: Api) -> None:
    click(api, link(api, GMAIL))
    assert api.decision("email", GMAIL) == "deny"
    assert api.decision("email", "jeandupont+shop@googlemail.com") == "deny"


def test_a_link_for_a_topic_stops_that_topic(api: Api) -> None:
    click(api, link(api, topic="newsletter"))
    assert api.decision("email", EMAIL, topic="newsletter") == "deny"
    assert api.decision("email", EMAIL, topic="offers") == "allow"


def test_a_link_for_everything_is_not_done_by_a_stop_on_one_topic(api: Api) -> None:
    api.stop("email", EMAIL, topic="newsletter")
    assert "<form" in api.client.get(link(api)).get_data(as_text=True)


def test_a_links_ref_stands_in_the_history(api: Api) -> None:
    click(api, link(api, ref="campaign-7"))
    entry = api.search("email", EMAIL)["history"][0]
    assert (entry["ref"], entry["actor"]) == ("campaign-7", "link")


def test_a_sandbox_link_stores_nothing(api: Api) -> None:
    assert click(api, link(api, "allowed@example.test")).status_code == 200
    assert api.search("email", "allowed@example.test")["history"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"identifier": "broken"}, "/identifier"),
        ({"identifier": EMAIL, "topic": "lottery"}, "/topic"),
        ({"identifier": EMAIL, "ref": "r" * 33}, "/ref"),
        ({"identifier": EMAIL, "ref": "0612345678"}, "/ref"),
        ({"identifier": EMAIL, "language": "de"}, "/language"),
        ({"identifier": {"street": "12 rue de la Paix", "postcode": "75002"}}, "/identifier"),
        ({}, "/identifier"),
    ],
)
def test_what_can_have_no_link_says_why(api: Api, body: dict[str, object], pointer: str) -> None:
    refused = api.post("/v1/links", body)
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == pointer


def test_a_batch_makes_each_link_by_itself(api: Api) -> None:
    items = [
        {"identifier": EMAIL},
        {"identifier": "broken"},
        {"identifier": EMAIL, "topic": "lottery"},
        "text",
        {"sha256": "ab" * 32, "topic": "offers"},
    ]
    answer = api.post("/v1/links/batch", {"items": items}).get_json()
    assert [result.get("error") for result in answer["results"]] == [
        None,
        "malformed",
        "topic_unknown",
        "invalid_item",
        None,
    ]
    assert (answer["made"], answer["failed"]) == (2, 3)


def test_ten_thousand_links_at_once(api: Api) -> None:
    items = [{"identifier": f"person{number}@example.fr"} for number in range(10_000)]
    answer = api.post("/v1/links/batch", {"items": items}).get_json()
    assert len({result["url"] for result in answer["results"]}) == 10_000


def _rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: sorted(
                map(tuple, connection.execute(text(f'SELECT * FROM "{name}"'))),  # noqa: S608
                key=repr,
            )
            for name in Base.metadata.tables
        }
