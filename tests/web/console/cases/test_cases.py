"""A DPO takes every kind of case from receipt to closing, as the law allows."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from suppression.domain.cases.letters import answer_kinds_for
from suppression.domain.cases.vocabulary import CaseKind
from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from suppression.usecases.users.manage import create_user
from tests.api import Api
from tests.conftest import Clock
from tests.web.console.browser import STOP, Browser

PHONE = "06 12 34 56 78"
ON = "2026-11-20"


def recorded(browser: Browser, kind: CaseKind, **fields: object) -> str:
    form = STOP | {"kinds": kind.value} | fields
    assert browser.post("/okwind/record", form).status_code == 200, browser.text
    return browser.reference()


def take(browser: Browser, reference: str, action: str, **fields: object) -> int:
    return browser.post(f"/okwind/cases/{reference}/{action}", fields).status_code


def state(browser: Browser, reference: str) -> str:
    browser.get(f"/okwind/cases/{reference}")
    return browser.text.split("<dt>State</dt><dd><strong>")[1].split("<")[0]


@pytest.mark.parametrize("kind", list(CaseKind))
def test_every_kind_goes_from_receipt_to_closing(dpo: Browser, kind: CaseKind) -> None:
    reference = recorded(dpo, kind)
    for answer in answer_kinds_for(kind):
        for language in ("fr", "en"):
            page = dpo.get(f"/okwind/cases/{reference}/answers/{answer}/{language}")
            assert page.status_code == 200
    assert take(dpo, reference, "answered", on=ON) == 303
    if kind.tells_recipients:
        assert take(dpo, reference, "close") == 409
        assert take(dpo, reference, "recipients", on=ON, text="the printer") == 303
    if kind is CaseKind.RESTRICTION:
        assert take(dpo, reference, "keep") == 303
        assert take(dpo, reference, "lift", told_on="", seen="1") == 409
        assert take(dpo, reference, "lift", told_on=ON, seen="1") == 303
    assert take(dpo, reference, "close") == 303, dpo.text
    assert state(dpo, reference) == "closed, done"


def test_a_marketing_objection_has_no_button_to_refuse_and_its_post_is_refused(
    dpo: Browser,
) -> None:
    reference = recorded(dpo, CaseKind.OBJECTION_MARKETING)
    dpo.get(f"/okwind/cases/{reference}")
    assert "/refuse" not in dpo.text
    form = {"ground": "excessive", "told_on": ON, "text": "why"}
    assert take(dpo, reference, "refuse", **form) == 409
    assert "absolute right" in dpo.text
    assert dpo.get(f"/okwind/cases/{reference}/answers/refused/en").status_code == 404


def test_an_access_is_refused_on_a_ground_and_the_letter_names_the_courts(dpo: Browser) -> None:
    reference = recorded(dpo, CaseKind.ACCESS)
    dpo.get(f"/okwind/cases/{reference}")
    assert "/refuse" in dpo.text
    assert take(dpo, reference, "refuse", ground="because", told_on=ON, text="why") == 422
    dpo.post("/okwind/answers", {"answer": "refused", "language": "fr", "body": "Non."})
    form = {"ground": "excessive", "told_on": ON, "text": "each day since May"}
    assert take(dpo, reference, "refuse", **form) == 303
    dpo.get(f"/okwind/cases/{reference}/answers/refused/fr")
    assert "Non." in dpo.text
    assert "CNIL" in dpo.text
    assert "tribunaux" in dpo.text


def test_a_letter_with_only_name_and_address_goes_to_its_right_end(dpo: Browser, api: Api) -> None:
    dpo.seen.update({"Zoé Petit-Dubois"})
    reference = recorded(dpo, CaseKind.OBJECTION_MARKETING, phones="", name="Zoé Petit-Dubois")
    assert state(dpo, reference) == "identifier missing"
    assert take(dpo, reference, "close") == 409
    assert take(dpo, reference, "ask") == 303
    assert state(dpo, reference) == "waiting for the person"
    dpo.get("/okwind/today")
    assert reference in dpo.text
    assert take(dpo, reference, "resume") == 303
    assert take(dpo, reference, "stop", phones=PHONE) == 303
    assert api.decision("telephone", PHONE) == "deny"
    assert take(dpo, reference, "answered", on=ON) == 303
    assert take(dpo, reference, "close") == 303


def test_nothing_found_says_where_one_looked(dpo: Browser) -> None:
    reference = recorded(dpo, CaseKind.OBJECTION_MARKETING, phones="")
    assert take(dpo, reference, "nothing-found", unreachable="yes") == 409
    form = {"text": "CRM and dialer", "unreachable": "yes"}
    assert take(dpo, reference, "nothing-found", **form) == 303
    assert state(dpo, reference) == "closed, nothing found"


def test_an_extension_moves_the_deadline_once(dpo: Browser) -> None:
    reference = recorded(dpo, CaseKind.ACCESS)
    assert take(dpo, reference, "extend", told_on=ON, text="many files") == 303
    dpo.get(f"/okwind/cases/{reference}")
    assert "16 February 2027" in dpo.text
    assert take(dpo, reference, "extend", told_on=ON, text="more") == 409


def test_a_case_does_not_close_while_proof_is_held(dpo: Browser) -> None:
    reference = recorded(dpo, CaseKind.ACCESS)
    assert take(dpo, reference, "identity") == 409
    assert take(dpo, reference, "identity", text="two of this name") == 303
    assert take(dpo, reference, "proof-seen", method="paper_copy", on=ON) == 303
    assert take(dpo, reference, "answered", on=ON) == 303
    assert take(dpo, reference, "close") == 409
    assert take(dpo, reference, "proof-destroyed", on=ON) == 303
    assert take(dpo, reference, "close") == 303


def test_letters_never_address_the_dead(dpo: Browser) -> None:
    dpo.seen.update({"Zoé Petit-Dubois", "Paul Petit-Dubois"})
    reference = recorded(dpo, CaseKind.DEATH, name="Zoé Petit-Dubois", writer="Paul Petit-Dubois")
    for answer in answer_kinds_for(CaseKind.DEATH):
        dpo.get(f"/okwind/cases/{reference}/answers/{answer}/en")
        assert "Zoé" not in dpo.text
        assert "Paul Petit-Dubois" in dpo.text


def test_a_death_denies_everything(dpo: Browser, api: Api) -> None:
    recorded(dpo, CaseKind.DEATH)
    assert api.decision("sms", PHONE, purpose="service") == "deny"


def test_a_mistake_is_lifted_when_one_is_sure(dpo: Browser, api: Api) -> None:
    reference = recorded(dpo, CaseKind.OBJECTION_MARKETING)
    assert take(dpo, reference, "undo") == 422
    assert api.decision("telephone", PHONE) == "deny"
    assert take(dpo, reference, "undo", sure="yes", seen="1") == 303
    assert api.decision("telephone", PHONE) == "allow"


def test_a_hidden_count_that_is_too_long_is_refused_in_words(dpo: Browser, api: Api) -> None:
    reference = recorded(dpo, CaseKind.OBJECTION_MARKETING)
    assert take(dpo, reference, "undo", sure="yes", seen="10000") == 422
    assert "this is too long" in dpo.text
    assert api.decision("telephone", PHONE) == "deny"
    restricted = recorded(dpo, CaseKind.RESTRICTION)
    assert take(dpo, restricted, "lift", told_on=ON, seen="10000") == 422


def test_a_look_up_shows_what_stands_and_lifts_what_the_person_asks(dpo: Browser, api: Api) -> None:
    api.stop("phone", PHONE, channels=["telephone"])
    dpo.get("/okwind/look-up")
    assert dpo.post("/okwind/look-up", {"identifier": PHONE}).status_code == 422
    dpo.post("/okwind/look-up", {"identifier": PHONE, "purpose": "complaint"})
    assert "+33 6 12 34 56 78" in dpo.text
    assert "deny" in dpo.text
    lifting = {
        "identifier": PHONE,
        "channel": "telephone",
        "of_purpose": "marketing",
        "topic": "",
        "reason": "objection",
        "why": "person_asked",
        "seen": seen_on(dpo),
    }
    dpo.post("/okwind/release", lifting)
    assert "Stops lifted: 1" in dpo.text
    assert api.decision("telephone", PHONE) == "allow"


def seen_on(browser: Browser) -> str:
    """Return the field of the open page that tells which state of the first stop it shows."""
    return browser.text.split('name="seen" value="')[1].split('"')[0]


def test_no_door_lifts_a_restriction_before_the_person_was_told(dpo: Browser, api: Api) -> None:
    reference = recorded(dpo, CaseKind.RESTRICTION)
    assert take(dpo, reference, "undo", sure="yes", seen="1") == 409
    assert "Tell the person first" in dpo.text
    dpo.post("/okwind/look-up", {"identifier": PHONE, "purpose": "request"})
    assert 'name="told_on"' in dpo.text
    lifting = {"identifier": PHONE, "reason": "restriction", "why": "mistake"}
    lifting["seen"] = seen_on(dpo)
    for untold in ({}, {"told_on": "2026-11-22"}):
        assert dpo.post("/okwind/release", lifting | untold).status_code == 422
        assert api.decision("telephone", PHONE) == "deny"
    assert dpo.post("/okwind/release", lifting | {"told_on": ON}).status_code == 200
    assert api.decision("telephone", PHONE) == "allow"


def test_a_complaint_tells_what_held_on_a_day(dpo: Browser, api: Api) -> None:
    dpo.clock.turn(days=3)
    api.stop("phone", PHONE)
    dpo.get("/sign-in")
    dpo.sign_in("a.dpo")
    then = {"identifier": PHONE, "purpose": "complaint", "day": "2026-11-22", "time": "10:00"}
    dpo.post("/okwind/look-up", then)
    assert "<strong>allow</strong>" in dpo.text
    dpo.post("/okwind/look-up", then | {"day": "2026-11-24", "time": ""})
    assert "<strong>deny</strong>" in dpo.text
    for wrong in ({"day": "2027-01-01"}, {"day": "0001-01-01"}, {"time": "12:00+05:00"}):
        assert dpo.post("/okwind/look-up", then | wrong).status_code == 422


def test_an_access_answer_comes_as_page_and_json(dpo: Browser, api: Api) -> None:
    api.stop("phone", PHONE)
    form: dict[str, object] = {"keep_months": "24", "other_systems": "CRM\nbilling"}
    assert dpo.post("/okwind/register", form).status_code == 303
    dpo.post("/okwind/access", {"identifiers": PHONE, "as": "page"})
    assert "billing" in dpo.text
    answer = dpo.post("/okwind/access", {"identifiers": PHONE, "as": "json"})
    body = json.loads(answer.get_data(as_text=True))
    assert body["other_systems_to_ask"] == ["CRM", "billing"]
    assert {row["channel"] for row in body["identifiers"][0]["in_force"]} == {"sms", "telephone"}


def test_settings_pages_make_what_they_say(
    app: Flask, dpo: Browser, okwind: Controller, clock: Clock
) -> None:
    topic = {"slug": "events", "name_fr": "Événements", "name_en": "Events"}
    assert dpo.post("/okwind/topics", topic).status_code == 303
    assert dpo.post("/okwind/topics", topic).status_code == 422
    assert dpo.post("/okwind/users", {"login": "n.new", "role": "intake"}).status_code == 200
    assert "shown once" in dpo.text
    with app.app_context():
        create_user(app.extensions["suppression"], okwind, "p.petit", Role.INTAKE, now=clock.now)
    assert dpo.post("/okwind/users/reset", {"login": "p.petit"}).status_code == 200
    assert dpo.post("/okwind/users/role", {"login": "p.petit", "role": ""}).status_code == 303
    settings = {"settings": "telephone.marketing.silence_days=30"}
    assert dpo.post("/okwind/policies", settings).status_code == 303
    assert dpo.post("/okwind/policies", {"settings": "nonsense"}).status_code == 422


@pytest.mark.parametrize(
    "path", ["today", "record", "look-up", "access", "closed", "users", "topics", "answers"]
)
def test_every_page_is_there_in_both_languages(dpo: Browser, path: str) -> None:
    assert '<html lang="fr">' in dpo.get(f"/okwind/{path}?lang=fr").get_data(as_text=True)
    assert '<html lang="en">' in dpo.get(f"/okwind/{path}?lang=en").get_data(as_text=True)
