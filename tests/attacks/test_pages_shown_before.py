"""A page of the console that was shown before a person stopped again releases nothing.

The attack: a DPO looks at a case that she thinks is a mistake. Meanwhile a clerk records a letter
of that person, which joins the case. The button on the older page then released both. So did the
button of *Look up* for an old stop that the person had repeated since, in any way.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask

from suppression.domain.cases.vocabulary import CaseKind
from tests.api import Api
from tests.conftest import Clock
from tests.importing import Imports
from tests.web.console.browser import STOP, Browser
from tests.web.console.cases.test_cases import PHONE, recorded

LATER = {"received_on": "2026-11-20"}
LIFTINGS = {
    CaseKind.OBJECTION_MARKETING: ("undo", {"sure": "yes"}),
    CaseKind.OBJECTION_PROFILING: ("undo", {"sure": "yes"}),
    CaseKind.RESTRICTION: ("lift", {"told_on": "2026-11-20"}),
}


def decision(api: Api, kind: CaseKind) -> str:
    """Return the decision of a check that a case of this kind stops."""
    if kind is CaseKind.OBJECTION_PROFILING:
        return api.decision(None, PHONE, kind="phone", purpose="profiling")
    return api.decision("telephone", PHONE)


def shown(browser: Browser, reference: str) -> dict[str, str]:
    """Open the page of a case and return the field that tells which state of it was shown."""
    browser.get(f"/okwind/cases/{reference}")
    assert 'name="seen"' in browser.text
    return {"seen": browser.text.split('name="seen" value="')[1].split('"')[0]}


@pytest.mark.parametrize("kind", LIFTINGS)
def test_it_lifts_nothing_and_shows_the_case_anew(
    api: Api, dpo: Browser, clerk: Browser, kind: CaseKind
) -> None:
    action, form = LIFTINGS[kind]
    reference = recorded(dpo, kind)
    older = shown(dpo, reference)
    clerk.post("/okwind/record", STOP | {"kinds": kind.value} | LATER)
    assert reference in clerk.text
    path = f"/okwind/cases/{reference}/{action}"
    assert dpo.post(path, form | older).status_code == 409
    assert "asked for again since" in dpo.text
    assert decision(api, kind) == "deny"
    assert dpo.post(path, form).status_code == 409  # a page without the field releases nothing too
    assert dpo.post(path, form | shown(dpo, reference)).status_code == 303
    assert decision(api, kind) == "allow"


@pytest.mark.parametrize("sent", ["", "none", "-1", "\u0662", "1e9", "99999", "0"])
def test_whatever_a_page_sends_is_a_number_or_has_seen_nothing(
    api: Api, dpo: Browser, sent: str
) -> None:
    reference = recorded(dpo, CaseKind.OBJECTION_MARKETING)
    dpo.post(f"/okwind/cases/{reference}/undo", {"sure": "yes", "seen": sent})
    assert dpo.last.status_code == (422 if sent == "99999" else 409)
    assert decision(api, CaseKind.OBJECTION_MARKETING) == "deny"


EMAIL = "jean.dupont@example.fr"
BY_LETTER = {
    "kinds": "objection_marketing",
    "channels": "email",
    "emails": EMAIL,
    "came_by": "letter",
    "received_on": "2026-11-20",
    "do": "save",
}
_LIFTING = re.compile(r'<form method="post" action="[^"]*/release">(.*?)</form>', re.DOTALL)
_SENT = re.compile(r'name="([a-z_]+)" value="([^"]*)"')


def looked_up(browser: Browser) -> list[dict[str, str]]:
    """Look EMAIL up; return the fields that each release button of the page sends."""
    browser.post("/okwind/look-up", {"identifier": EMAIL, "purpose": "request"})
    return lifting_on(browser)


def lifting_on(browser: Browser) -> list[dict[str, str]]:
    """Return the fields that each release button of the open page sends."""
    sent = [dict(_SENT.findall(form)) for form in _LIFTING.findall(browser.text)]
    return [row | {"why": "person_asked"} for row in sent]


def say_again(way: str, api: Api, app: Flask, clerk: Browser) -> None:
    """Stop EMAIL again, by the API, an import or a letter."""
    if way == "api":
        assert api.stop("email", EMAIL).get_json()["results"][0]["outcome"] == "already"
    elif way == "import":
        Imports(app).apply(f"email\n{EMAIL}\n", reason="objection")
    else:
        clerk.post("/okwind/record", BY_LETTER)


@pytest.mark.parametrize("way", ["api", "import", "letter"])
def test_looking_up_lifts_nothing_that_it_had_not_shown(
    way: str, api: Api, app: Flask, clock: Clock, dpo: Browser, clerk: Browser
) -> None:
    api.stop("email", EMAIL, occurred_at="2020-01-01T00:00:00Z")
    (older,) = looked_up(dpo)
    clock.turn(minutes=5)
    say_again(way, api, app, clerk)
    assert dpo.post("/okwind/release", older).status_code == 409
    assert "since this page was shown" in dpo.text
    assert api.decision("email", EMAIL) == "deny"
    anew = lifting_on(dpo)  # the refusal shows the current stops, with a button for each
    assert dpo.post("/okwind/release", older | {"purpose": ""}).status_code == 409
    unsaid = {name: value for name, value in anew[0].items() if name != "seen"}
    assert dpo.post("/okwind/release", unsaid).status_code == 409
    assert api.decision("email", EMAIL) == "deny"
    assert dpo.post("/okwind/release", anew[0]).status_code == 200
    assert api.decision("email", EMAIL) == "allow"


def test_looking_up_lifts_what_it_shows_whatever_else_has_come(api: Api, dpo: Browser) -> None:
    api.stop("email", EMAIL, reason="unsubscribe")
    (shown_stop,) = looked_up(dpo)
    api.stop("email", EMAIL, reason="complaint")
    assert dpo.post("/okwind/release", shown_stop).status_code == 200
    assert api.codes("email", EMAIL) == ["complaint"]
