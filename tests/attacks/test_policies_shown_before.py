"""A change of policies that a DPO confirms on a preview allows only what the preview showed.

The attack, or accident: a DPO previews a return to a preset and is about to confirm it. Meanwhile a
colleague closes another channel. The confirmation, given for what the page had shown, opened that
channel again.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.api import Api
from tests.consenting import set_policy
from tests.web.console.browser import Browser

EMAIL, PHONE = "jean.dupont@example.fr", "06 12 34 56 78"
ANEW = {"preset": "objection-only"}
SAVED = {"do": "save", "looser": "yes"}


def shown(browser: Browser) -> dict[str, str]:
    """Return the field of the open page that tells which changes it showed, if it has one."""
    match = re.search(r'name="shown" value="([^"]*)"', browser.text)
    return {"shown": match[1]} if match else {}


@pytest.fixture
def previewed(app: Flask, api: Api, dpo: Browser) -> dict[str, str]:
    """Return the form that a DPO sends after a preview that would open SMS and nothing else."""
    assert api.decision("email", EMAIL) == "allow"
    set_policy(app, "okwind", "sms.marketing.rule=opt_in")
    dpo.post("/okwind/policies", ANEW | {"do": "preview"})
    preview = dpo.text.split('id="preview"')[1].split("</section>")[0]
    assert ("sms.marketing.rule" in preview, "email" in preview) == (True, False)
    return ANEW | SAVED | shown(dpo)


def test_what_a_colleague_has_closed_since_stays_closed_and_is_shown(
    app: Flask, api: Api, dpo: Browser, previewed: dict[str, str]
) -> None:
    set_policy(app, "okwind", "email.marketing.rule=opt_in")
    assert dpo.post("/okwind/policies", previewed).status_code == 422
    assert api.decision("email", EMAIL) == "deny"
    assert "not what the page had shown" in dpo.text
    assert "<code>email.marketing.rule</code>" in dpo.text
    assert re.search(r'name="looser"[^>]*checked', dpo.text) is None
    assert dpo.post("/okwind/policies", ANEW | SAVED | shown(dpo)).status_code == 303
    assert api.decision("email", EMAIL) == "allow"


def test_settings_that_were_typed_behind_the_page_are_shown_first(
    api: Api, dpo: Browser, previewed: dict[str, str]
) -> None:
    dpo.post("/okwind/policies", {"settings": "telephone.marketing.rule=opt_in"})
    typed = {"settings": "telephone.marketing.rule=opt_out"}
    assert dpo.post("/okwind/policies", previewed | typed).status_code == 422
    assert dpo.post("/okwind/policies", typed | SAVED).status_code == 422  # nor without a page
    assert api.decision("telephone", PHONE) == "deny"


def test_what_it_had_shown_is_saved(api: Api, dpo: Browser, previewed: dict[str, str]) -> None:
    assert api.decision("sms", PHONE) == "deny"
    assert dpo.post("/okwind/policies", previewed).status_code == 303
    assert api.decision("sms", PHONE) == "allow"
