"""The public form asks what to stop and for whom, and always gives an equal answer."""

from __future__ import annotations

import dataclasses
import re
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.probes import SYNTHETIC_OPT_OUT
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.suppressions.reviews import list_reviews
from suppression.wiring.whole import create_app
from tests.api import Api, make_controller, make_key
from tests.conftest import Clock
from tests.databases import Database

EMAIL = "jean.dupont@example.fr"
PHONE = "06 12 34 56 78"
HOME = "12 rue de la Paix\n75002 Paris"


def send(api: Api, *what: str, path: str = "/stop/okwind", **fields: str) -> TestResponse:
    """Send the second page of the form; return the response. Typed texts are added to `seen`."""
    for text in fields.values():
        api.seen.update(line for line in text.splitlines() if len(line) > 8)
    return api.post(f"{path}?lang=en", data={"what": list(what), **fields})


def shown(api: Api, sent: TestResponse) -> str:
    """Return the text of the page that a sent form leads to."""
    assert sent.status_code == 303, sent.text
    return api.send("GET", "/" + sent.headers["Location"].removeprefix("../")).text


def test_first_comes_the_question_then_only_the_fields_it_needs(api: Api) -> None:
    first = api.send("GET", "/stop/okwind?lang=en").text
    assert first.count('type="checkbox"') == 6
    assert "<textarea" not in first
    second = api.send("GET", "/stop/okwind?lang=en&what=sms&what=telephone").text
    assert re.findall(r'<(?:textarea|input)[^>]* id="(\w+)"', second) == ["phone"]
    letters = api.send("GET", "/stop/okwind?lang=en&what=post").text
    assert re.findall(r'<(?:textarea|input)[^>]* id="(\w+)"', letters) == ["name", "address"]


def test_no_tick_is_explained(api: Api) -> None:
    answer = api.send("GET", "/stop/okwind?lang=en&next=1")
    assert answer.status_code == 422
    assert 'href="#what"' in answer.text
    assert 'id="what"' in answer.text


@pytest.mark.parametrize("short", ["06 12 34 56 7", "06 12 34 5", "02 99 12 34 5"])
def test_a_number_that_lacks_a_digit_is_no_other_number(api: Api, short: str) -> None:
    sent = send(api, "telephone", phone=short)
    assert sent.status_code == 422
    assert short in sent.text


def test_a_number_that_nobody_has_yet_is_stopped_all_the_same(api: Api) -> None:
    shown(api, send(api, "telephone", phone="07 00 12 34 56"))
    assert api.decision("telephone", "+33700123456") == "deny"


def test_each_channel_stops_at_once(api: Api) -> None:
    sent = send(
        api, "email", "sms", "post", email=EMAIL, phone=PHONE, name="Zo\xe9 Petit", address=HOME
    )
    page = unescape(shown(api, sent))
    assert ["marketing SMS" in page, "marketing calls" in page] == [True, False]
    assert api.codes("email", EMAIL) == ["objection"]
    assert api.codes("sms", PHONE) == ["objection"]
    assert api.decision("telephone", PHONE) == "allow"
    postal = {"name": "Zo\xe9 Petit", "lines": HOME.splitlines(), "country": "FR"}
    assert api.codes("post", postal) == ["objection"]
    assert api.search("email", EMAIL)["in_force"][0]["evidence"] == "public_form"


def test_several_lines_are_several_stops(api: Api) -> None:
    shown(
        api,
        send(api, "email", email=f"Jean Dupont <{EMAIL}>\r\n marie@example.fr ;paul@example.fr"),
    )
    for address in (EMAIL, "marie@example.fr", "paul@example.fr"):
        assert api.decision("email", address) == "deny"


def test_profiling_and_passing_on_stand_beside_the_channels(api: Api) -> None:
    shown(api, send(api, "email", "profiling", "sharing", email=EMAIL))
    assert api.decision("email", EMAIL) == "deny"
    for purpose in ("profiling", "sharing"):
        answer = api.check(None, EMAIL, kind="email", purpose=purpose)
        assert answer["decision"] == "deny"


def test_profiling_alone_asks_for_whatever_reaches_them(api: Api) -> None:
    page = api.send("GET", "/stop/okwind?lang=en&what=profiling").text
    assert re.findall(r'<(?:textarea|input)[^>]* id="(\w+)"', page) == [
        "email",
        "phone",
        "name",
        "address",
    ]
    assert send(api, "profiling").status_code == 422
    shown(api, send(api, "profiling", phone=PHONE))
    assert api.check(None, PHONE, kind="phone", purpose="profiling")["decision"] == "deny"
    assert api.decision("sms", PHONE) == "allow"


def test_the_answer_is_the_same_whether_or_not_it_was_known(api: Api, clock: Clock) -> None:
    api.stop("email", EMAIL)
    clock.turn(days=40)
    known = shown(api, send(api, "email", email=EMAIL))
    unknown = shown(api, send(api, "email", email="nobody.yet@example.fr"))
    assert without_reference(known) == without_reference(unknown)
    assert "31 December 2026" in known
    assert "undo" not in known


@pytest.mark.parametrize(
    ("what", "fields", "complaints"),
    [
        ("email", {"email": ""}, ["email"]),
        ("email", {"email": "nonsense"}, ["email"]),
        ("email", {"email": "a@example.fr\nnonsense"}, ["email"]),
        ("email", {"email": "\n".join(f"a{n}@example.fr" for n in range(11))}, ["email"]),
        ("sms", {"phone": "12"}, ["phone"]),
        ("post", {"name": "", "address": ""}, ["name"]),
        ("post", {"name": "Zo\xe9 Petit", "address": ""}, ["address"]),
        ("post", {"name": "", "address": HOME}, ["name"]),
        ("post", {"name": "Zo\xe9 Petit", "address": "nowhere"}, ["address"]),
    ],
)
def test_what_cannot_be_read_is_explained_kept_and_not_stored(
    api: Api, what: str, fields: dict[str, str], complaints: list[str]
) -> None:
    answer = send(api, what, **fields)
    assert answer.status_code == 422
    assert re.findall(r'<a href="#(\w+)">', answer.text) == complaints
    for name in complaints:
        assert f'id="{name}-error-1"' in answer.text
        assert re.search(
            rf'id="{name}"[^>]*aria-describedby="{name}-hint {name}-error-1"', answer.text
        )
    for text in fields.values():
        assert text in unescape(answer.text)
    assert "<title>Error: " in answer.text
    assert api.decision("email", "a@example.fr") == "allow"


def test_what_was_typed_is_text_and_never_markup(api: Api) -> None:
    answer = send(api, "email", email="</textarea><script>alert(1)</script>")
    assert "<script" not in answer.text


def test_a_form_without_a_wish_asks_the_first_question(api: Api) -> None:
    answer = api.client.post("/stop/okwind?lang=en", data={"email": EMAIL})
    assert answer.status_code == 422
    assert "What do you want to stop?" in answer.text


def test_a_wish_that_we_do_not_know_is_left_out(api: Api) -> None:
    assert "What do you want to stop?" in api.client.get("/stop/okwind?what=x&lang=en").text


def test_each_company_has_its_form_and_the_watch_has_none(app: Flask, api: Api) -> None:
    make_controller(app, "greenbox")
    make_controller(app, SYNTHETIC_OPT_OUT)
    page = api.send("GET", "/stop?lang=en").text
    assert re.findall(r'href="(stop/\w+)\?lang=en"', page) == ["stop/greenbox", "stop/okwind"]
    assert api.send("GET", "/stop/nobody").status_code == 404


def test_a_stop_concerns_that_company_alone(app: Flask, api: Api) -> None:
    other = Api(app, make_key(app, make_controller(app, "greenbox")), api.seen)
    shown(api, send(api, "email", email=EMAIL))
    assert other.decision("email", EMAIL) == "allow"


def test_past_the_limit_it_is_stored_all_the_same_and_marked_for_review(
    database: Database, clock: Clock, seen: set[str]
) -> None:
    settings = dataclasses.replace(database.settings(), rate_limit_per_address="3/hour")
    app = create_app(settings, clock=clock, database_clock=clock)
    api = Api(app, make_key(app, make_controller(app, "okwind")), seen)
    addresses = [f"person.{number}@example.fr" for number in range(5)]
    sent = [send(api, "email", email=address) for address in addresses]
    assert [response.status_code for response in sent] == [303] * 5
    assert {api.decision("email", address) for address in addresses} == {"deny"}
    with app.app_context():
        marked = {review.reference for review in list_reviews(find_controller("okwind"))}
    last = [api.search("email", address)["history"][0]["reference"] for address in addresses[3:]]
    assert marked == set(last)


def without_reference(page: str) -> str:
    """Return a page without its random reference."""
    return re.sub(r"<strong>[^<]*</strong>", "", page)
