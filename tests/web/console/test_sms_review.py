"""A text message that may mean stop is kept encrypted until a person decides."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import text

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import KeyMismatchError
from suppression.domain.users.roles import Role
from suppression.storage.engine.base import db
from suppression.usecases.sms.review_queue import LONGEST_KEPT, settle_overdue
from tests.api import Api
from tests.conftest import Clock
from tests.web.console.browser import Browser, signed_in

PHONE = "+33612345678"
TEXT = "please do not stop but why do you text me at night"


def waiting(dpo: Browser, api: Api, seen: set[str]) -> str:
    """Send an unclear message and return its number in the list."""
    seen.update({PHONE, TEXT})
    answer = api.post("/v1/inbound/sms", {"number": PHONE, "text": TEXT}).get_json()
    assert answer["understood"] == "review"
    dpo.get("/okwind/messages")
    assert TEXT in dpo.text
    match = re.search(r'name="number" value="(\d+)"', dpo.text)
    assert match
    return match[1]


@pytest.mark.parametrize(("choice", "decision"), [("stop", "deny"), ("none", "allow")])
def test_a_person_decides_and_its_words_are_deleted(
    dpo: Browser, api: Api, seen: set[str], choice: str, decision: str
) -> None:
    number = waiting(dpo, api, seen)
    assert api.decision("sms", PHONE) == "allow"
    assert dpo.post("/okwind/messages", {"number": number, "do": choice}).status_code == 303
    assert api.decision("sms", PHONE) == decision
    dpo.get("/okwind/messages")
    assert TEXT not in dpo.text
    assert dpo.post("/okwind/messages", {"number": number, "do": choice}).status_code == 404


def test_what_nobody_decides_counts_as_a_stop_after_three_months(
    app: Flask, clock: Clock, dpo: Browser, api: Api, seen: set[str]
) -> None:
    """A message once waited for ever with its text; deleting only the text could lose a stop."""
    waiting(dpo, api, seen)
    with app.app_context():
        services = app.extensions["suppression"]
        clock.turn(days=85)
        assert settle_overdue(services, now=clock()) == 0
        assert api.decision("sms", PHONE) == "allow"
        clock.turn(days=10)
        assert settle_overdue(services, now=clock()) == 1
        assert settle_overdue(services, now=clock()) == 0
        with db.engine.connect() as connection:
            kept = connection.execute(text("SELECT content, decided_by FROM unclear_messages"))
            assert [tuple(row) for row in kept] == [(None, "worker")]
    assert api.codes("sms", PHONE) == ["stop_keyword"]


def test_a_text_that_cannot_be_decrypted_holds_back_no_stop_behind_it(
    app: Flask, clock: Clock, dpo: Browser, api: Api, seen: set[str]
) -> None:
    waiting(dpo, api, seen)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE unclear_messages SET content = :other"), {"other": b"?"})
    behind = "+33612345679"
    seen.add(behind)
    api.post("/v1/inbound/sms", {"number": behind, "text": TEXT})
    clock.turn(days=95)
    with app.app_context(), pytest.raises(KeyMismatchError):
        settle_overdue(app.extensions["suppression"], now=clock())
    assert (api.decision("sms", PHONE), api.decision("sms", behind)) == ("allow", "deny")


def test_a_text_that_cannot_be_decrypted_hides_no_other_and_is_not_decided_unread(
    app: Flask, dpo: Browser, api: Api, seen: set[str]
) -> None:
    """The page was a 503, and nobody saw the other messages."""
    number = waiting(dpo, api, seen)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE unclear_messages SET content = :other"), {"other": b"?"})
    behind = "+33612345679"
    seen.add(behind)
    api.post("/v1/inbound/sms", {"number": behind, "text": TEXT})
    assert dpo.get("/okwind/messages").status_code == 200
    assert TEXT in dpo.text
    assert dpo.text.count('name="number"') == 1
    assert "No key opens this message" in dpo.text
    assert dpo.post("/okwind/messages", {"number": number, "do": "none"}).status_code == 503
    dpo.get("/okwind/messages?lang=fr")
    assert "CASE_KEYS, ou le message enregistré est abîmé" in dpo.text


def test_neither_choice_leaves_it_waiting(dpo: Browser, api: Api, seen: set[str]) -> None:
    number = waiting(dpo, api, seen)
    wrong = {"number": number, "do": "perhaps"}
    assert dpo.post("/okwind/messages", wrong).status_code == 422
    assert TEXT in dpo.text


def test_another_controller_s_message_is_not_there(
    app: Flask, clock: Clock, dpo: Browser, api: Api, seen: set[str], okonect: Controller
) -> None:
    number = waiting(dpo, api, seen)
    other = signed_in(app, clock, seen, {okonect: Role.DPO}, login="other")
    assert other.post("/okonect/messages", {"number": number, "do": "none"}).status_code == 404


def test_today_says_that_messages_wait(
    dpo: Browser, clerk: Browser, api: Api, seen: set[str]
) -> None:
    number = waiting(dpo, api, seen)
    dpo.get("/okwind/today")
    assert "(1)</a>" in dpo.text
    assert TEXT not in dpo.text
    dpo.post("/okwind/messages", {"number": number, "do": "none"})
    dpo.get("/okwind/today")
    assert "(1)</a>" not in dpo.text
    assert clerk.get("/okwind/messages").status_code == 403


def test_of_a_very_long_message_the_beginning_is_kept_and_the_page_says_so(
    dpo: Browser, api: Api, seen: set[str]
) -> None:
    long = TEXT + " and again" * 300
    seen.update({PHONE, long})
    answer = api.post("/v1/inbound/sms", {"number": PHONE, "text": long}).get_json()
    assert answer["understood"] == "review"
    dpo.get("/okwind/messages")
    assert f"{long[:LONGEST_KEPT]}…" in dpo.text
    assert "only its beginning was kept" in dpo.text
    assert long[: LONGEST_KEPT + 1] not in dpo.text


def test_a_stop_at_the_end_of_a_very_long_message_is_still_read(
    dpo: Browser, api: Api, seen: set[str]
) -> None:
    long = "blah " * 400 + "STOP"
    seen.update({PHONE, long})
    answer = api.post("/v1/inbound/sms", {"number": PHONE, "text": long}).get_json()
    assert answer["understood"] in {"stop", "review"}
    dpo.get("/okwind/messages")
    waits = "only its beginning was kept" in dpo.text
    assert (api.decision("sms", PHONE) == "deny") != waits
