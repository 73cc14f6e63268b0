"""The DPO stops a whole mail domain, sees its stop, and lifts it; nobody else may."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from tests.api import Api, make_key
from tests.web.console.browser import Browser

DOMAIN, AT_HOME = "corp.example", "jean.dupont@corp.example"
QUESTION = {"purpose": "request", "identifier": f"@{DOMAIN}"}


@pytest.fixture
def dpo(browser_as: Callable[[Role], Browser]) -> Browser:
    return browser_as(Role.DPO)


@pytest.fixture
def caller(app: Flask, okwind: Controller, seen: set[str]) -> Api:
    return Api(app, make_key(app, okwind), seen)


def test_a_domain_is_stopped_shown_and_lifted(dpo: Browser, caller: Api) -> None:
    assert caller.decision("email", AT_HOME) == "allow"
    assert "Mail domains" in dpo.get("/okwind/domains").text
    page = dpo.post("/okwind/domains", {"domain": "@Corp.Example"})
    assert (page.status_code, f"<h2>@{DOMAIN}</h2>" in page.text) == (200, True)
    assert dpo.reference()
    assert caller.codes("email", AT_HOME) == ["domain"]

    dpo.get("/okwind/look-up")
    shown = dpo.post("/okwind/look-up", QUESTION).text
    assert "whole domain" in shown
    assert "A check would answer" not in shown
    seen = re.search(r'name="seen" value="(\w+)"', shown)
    assert seen
    lift = QUESTION | {"channel": "email", "of_purpose": "marketing", "topic": "", "why": "mistake"}
    assert (
        dpo.post("/okwind/release", lift | {"reason": "domain", "seen": seen[1]}).status_code == 200
    )
    assert caller.decision("email", AT_HOME) == "allow"


def test_an_address_shows_the_stop_of_its_domain(dpo: Browser) -> None:
    dpo.get("/okwind/domains")
    dpo.post("/okwind/domains", {"domain": DOMAIN})
    dpo.get("/okwind/look-up")
    shown = dpo.post("/okwind/look-up", QUESTION | {"identifier": AT_HOME}).text
    assert "whole domain" in shown


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ("orange.fr", "anybody may have an address here"),
        ("co.uk", "strangers have names below this domain"),
        (AT_HOME, "write one domain"),
        ("", "required"),
    ],
)
def test_what_no_stop_may_name_is_shown_again(
    dpo: Browser, caller: Api, domain: str, said: str
) -> None:
    dpo.get("/okwind/domains")
    page = dpo.post("/okwind/domains", {"domain": domain})
    assert (page.status_code, said in page.text) == (422, True)
    assert domain in page.text
    assert caller.decision("email", AT_HOME) == "allow"


def test_a_domain_is_no_person_for_an_access_request(dpo: Browser) -> None:
    dpo.get("/okwind/access")
    page = dpo.post("/okwind/access", {"identifiers": f"jean@example.fr\n@{DOMAIN}"})
    assert (page.status_code, f"@{DOMAIN}" in page.text) == (422, True)
