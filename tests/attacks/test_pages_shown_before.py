"""A case's page that was shown before the same request came again lifts nothing.

The attack: a DPO looks at a case that she holds for a mistake. Meanwhile a letter of the same
person comes, a clerk records it, and is told that it is stopped: it has joined the case. The button
on the older page then lifted both.
"""

from __future__ import annotations

import pytest

from suppression.domain.case_words import CaseKind
from tests.api import Api
from tests.web.console.browser import STOP, Browser
from tests.web.console.test_cases import PHONE, recorded

LATER = {"received_on": "2026-11-20"}
LIFTINGS = {
    CaseKind.OBJECTION_MARKETING: ("undo", {"sure": "yes"}),
    CaseKind.OBJECTION_PROFILING: ("undo", {"sure": "yes"}),
    CaseKind.RESTRICTION: ("lift", {"told_on": "2026-11-20"}),
}


def asked(api: Api, kind: CaseKind) -> str:
    """The decision of a check of what this kind of request stops."""
    if kind is CaseKind.OBJECTION_PROFILING:
        return api.decision(None, PHONE, kind="phone", purpose="profiling")
    return api.decision("telephone", PHONE)


def shown(browser: Browser, reference: str) -> dict[str, str]:
    """What the page of a case, as it stands, sends along."""
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
    assert asked(api, kind) == "deny"
    assert dpo.post(path, form).status_code == 409  # nor does a page that says nothing of it
    assert dpo.post(path, form | shown(dpo, reference)).status_code == 303
    assert asked(api, kind) == "allow"


@pytest.mark.parametrize("sent", ["", "none", "-1", "\u0662", "1e9", "99999"])
def test_whatever_a_page_sends_is_a_number_or_the_first_time(
    api: Api, dpo: Browser, sent: str
) -> None:
    reference = recorded(dpo, CaseKind.OBJECTION_MARKETING)
    dpo.post(f"/okwind/cases/{reference}/undo", {"sure": "yes", "seen": sent})
    assert dpo.last.status_code in {303, 422}
    assert (asked(api, CaseKind.OBJECTION_MARKETING) == "allow") is (dpo.last.status_code == 303)
