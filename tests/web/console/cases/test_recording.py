"""Recording a request puts its stop in force at once, opens the case and sets the deadline."""

from __future__ import annotations

import html

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from tests.api import Api
from tests.conftest import Clock
from tests.web.console.browser import STOP, Browser, signed_in

PHONE = "06 12 34 56 78"


def test_a_telephone_stop_that_came_by_letter_denies_the_next_check(
    clerk: Browser, api: Api
) -> None:
    assert api.decision("telephone", PHONE) == "allow"
    clerk.get("/okwind/record")
    page = clerk.post("/okwind/record", STOP)
    assert page.status_code == 200
    assert "+33 6 12 34 56 78" in clerk.text
    assert "16 December 2026" in clerk.text
    assert clerk.reference()
    assert api.decision("telephone", PHONE) == "deny"


@pytest.mark.parametrize("missing", ["kinds", "channels", "came_by", "received_on"])
def test_what_is_needed_is_asked_for_and_what_was_typed_stays(
    clerk: Browser, api: Api, missing: str
) -> None:
    page = clerk.post("/okwind/record", {k: v for k, v in STOP.items() if k != missing})
    assert page.status_code == 422
    assert f'href="#{missing}"' in clerk.text
    assert PHONE in clerk.text
    assert api.decision("telephone", PHONE) == "allow"


def test_the_day_has_no_default_and_does_not_lie_ahead(clerk: Browser) -> None:
    clerk.get("/okwind/record")
    assert 'name="received_on" aria-describedby="received_on-hint" value=""' in clerk.text
    assert clerk.post("/okwind/record", STOP | {"received_on": "2026-11-22"}).status_code == 422
    assert clerk.post("/okwind/record", STOP | {"received_on": "16/11/2026"}).status_code == 200


def test_a_preview_shows_how_it_reads_and_saves_nothing(clerk: Browser, api: Api) -> None:
    clerk.post("/okwind/record", STOP | {"do": "preview"})
    assert "+33 6 12 34 56 78" in clerk.text
    assert api.decision("telephone", PHONE) == "allow"


def test_a_letter_with_only_name_and_address_is_saved_and_waits(clerk: Browser, api: Api) -> None:
    clerk.post(
        "/okwind/record",
        STOP
        | {
            "channels": ["telephone", "post"],
            "phones": "",
            "addresses": "12 rue de la Paix\n35000 Rennes",
            "name": "Zoé Petit-Dubois",
        },
    )
    clerk.seen.update({"Zoé Petit-Dubois", "12 rue de la Paix"})
    assert "Not yet stopped: <strong>telephone</strong>" in clerk.text
    assert "In force from now on: <strong>post</strong>" in clerk.text
    postal = {"lines": ["Zoé Petit-Dubois", "12 rue de la Paix", "35000 Rennes"], "country": "FR"}
    assert api.decision("post", postal) == "deny"


@pytest.mark.parametrize("first", ["Résidence Les Lilas", "Mme Zoé Petit-Dubois", "Chez Martin"])
def test_a_long_address_stops_the_person_whose_name_is_typed_beside_it(
    clerk: Browser, api: Api, first: str
) -> None:
    street = ["12 rue de la Paix", "35000 Rennes"]
    clerk.seen.update({"Zoé Petit-Dubois", "12 rue de la Paix"})
    form = {"channels": "post", "phones": "", "name": "Zoé Petit-Dubois"}
    clerk.post("/okwind/record", STOP | form | {"addresses": "\n".join([first, *street])})
    assert "Not yet stopped" not in clerk.text
    postal = {"lines": ["Zoé Petit-Dubois", *street], "country": "FR"}
    assert api.decision("post", postal) == "deny"


def test_an_unreadable_number_is_kept_and_named(clerk: Browser, dpo: Browser) -> None:
    scrawl = "06 12 34 5? 78 (smudge)"
    clerk.seen.add(scrawl)
    clerk.post("/okwind/record", STOP | {"phones": scrawl})
    assert "Not yet stopped" in clerk.text
    dpo.get(f"/okwind/cases/{clerk.reference()}")
    assert html.escape(scrawl) in dpo.text


def test_an_identifier_whose_channel_is_not_ticked_is_asked_about(clerk: Browser) -> None:
    clerk.seen.add("zoe.petit@example.fr")
    form = STOP | {"emails": "zoe.petit@example.fr"}
    for kinds in ("objection_marketing", ["objection_marketing", "access"]):
        assert clerk.post("/okwind/record", form | {"kinds": kinds}).status_code == 422
    both = ["objection_marketing", "objection_profiling"]
    assert clerk.post("/okwind/record", form | {"kinds": both}).status_code == 200


def test_several_identifiers_purposes_and_companies_in_one_go(
    app: Flask,
    clock: Clock,
    seen: set[str],
    okwind: Controller,
    okonect: Controller,
    api: Api,
) -> None:
    both = signed_in(app, clock, seen, {okwind: Role.INTAKE, okonect: Role.INTAKE}, login="both")
    both.post(
        "/okwind/record",
        STOP
        | {
            "kinds": ["objection_marketing", "objection_sharing"],
            "phones": f"{PHONE}\n06 98 76 54 32",
            "controllers": ["okonect", "nobody"],
        },
    )
    assert both.text.count('class="card"') == 4
    assert api.decision("telephone", "06 98 76 54 32") == "deny"
    assert api.decision(None, PHONE, kind="phone", purpose="sharing") == "deny"


def test_a_controller_that_one_does_not_serve_is_not_recorded_for(
    clerk: Browser,
    okonect: Controller,
    app: Flask,
    clock: Clock,
    seen: set[str],
) -> None:
    clerk.post("/okwind/record", STOP | {"controllers": okonect.slug})
    other = signed_in(app, clock, seen, {okonect: Role.DPO}, login="other")
    other.get("/okonect/today")
    assert "(0)" in other.text
    assert "(1)" not in other.text


def test_the_same_letter_twice_is_one_case(clerk: Browser) -> None:
    clerk.post("/okwind/record", STOP)
    first = clerk.reference()
    clerk.post("/okwind/record", STOP)
    assert clerk.reference() == first
    assert "they are joined" in clerk.text
