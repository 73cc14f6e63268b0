"""The console shows, previews and sets policies as `flask policies set` does."""

from __future__ import annotations

import re

import pytest

from suppression.domain.vocabulary import Preset
from tests.api import Api
from tests.web.console.browser import Browser

LINE = "telephone.marketing.silence_days"
PHONE = "06 12 34 56 78"


def test_every_setting_that_counts_is_shown(dpo: Browser) -> None:
    dpo.get("/okwind/policies")
    assert f"<code>{LINE}=0</code>" in dpo.text
    assert "<code>sharing.rule=opt_out</code>" in dpo.text
    assert "Version 1: objection only" in dpo.text


def test_what_would_change_is_shown_and_nothing_is_written(dpo: Browser) -> None:
    form = {"settings": f"{LINE}=30\nsms.marketing.rule=opt_in", "do": "preview"}
    assert dpo.post("/okwind/policies", form).status_code == 200
    assert f"<code>{LINE}</code>: <code>0</code> → <code>30</code>" in dpo.text
    assert "Nothing is saved yet." in dpo.text
    assert "Version 1:" in dpo.text
    assert f"{LINE}=30" in dpo.text


def test_a_new_version_counts_at_once_and_says_who_made_it(dpo: Browser, api: Api) -> None:
    assert api.decision("sms", PHONE) == "allow"
    assert (
        dpo.post("/okwind/policies", {"settings": "sms.marketing.rule=opt_in"}).status_code == 303
    )
    assert api.decision("sms", PHONE) == "deny"
    dpo.get("/okwind/policies")
    assert "Version 2:" in dpo.text
    newest = dpo.text.split("Versions</h2>")[1].split('<li value="1">')[0]
    assert "a.dpo" in newest
    assert "<code>opt_out</code> → <code>opt_in</code>" in newest


def test_what_allows_more_is_saved_only_when_it_is_ticked(dpo: Browser, api: Api) -> None:
    dpo.post("/okwind/policies", {"settings": "sms.marketing.rule=opt_in"})
    looser = {"settings": "sms.marketing.rule=opt_out", "do": "save"}
    assert dpo.post("/okwind/policies", looser).status_code == 422
    assert "allows more than before" in dpo.text
    assert 'name="looser"' in dpo.text
    assert api.decision("sms", PHONE) == "deny"
    (shown,) = re.findall(r'name="shown" value="([^"]+)"', dpo.text)
    ticked = {"looser": "yes", "shown": shown}
    assert dpo.post("/okwind/policies", looser | ticked).status_code == 303
    assert api.decision("sms", PHONE) == "allow"


def test_the_policies_begin_anew_from_a_preset(dpo: Browser, api: Api) -> None:
    form = {"preset": Preset.FR_2026, "sector": "general"}
    assert dpo.post("/okwind/policies", form).status_code == 303
    assert api.decision("telephone", PHONE) == "deny"
    dpo.get("/okwind/policies")
    assert "Version 2: French law of 2026, general" in dpo.text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "must be filled in"),
        ({"settings": "nonsense"}, "<code>nonsense: write it like"),
        ({"settings": f"{LINE}=often"}, f"<code>{LINE}=often: use a whole number"),
        ({"settings": f"{LINE}=0"}, "Nothing would change"),
        ({"preset": "fr-2026"}, "must know what is sold"),
        ({"preset": "mine"}, "choose at least one answer"),
        ({"sector": "general", "settings": f"{LINE}=30"}, "belongs to a preset"),
    ],
)
def test_what_the_command_refuses_is_refused_with_its_words(
    dpo: Browser, form: dict[str, object], told: str
) -> None:
    assert dpo.post("/okwind/policies", form).status_code == 422
    assert told in dpo.text
    dpo.get("/okwind/policies")
    assert "Version 1:" in dpo.text


def test_the_policies_are_told_in_plain_words(dpo: Browser) -> None:
    dpo.post("/okwind/policies", {"preset": Preset.FR_2026, "sector": "general"})
    dpo.get("/okwind/policies")
    calls = dpo.text.split("<dt>telephone, marketing</dt>")[1].split("</dd>")[0]
    assert "Allowed only with a consent" in calls
    assert "At most 4 calls in 30 days" in calls
    assert "After a refusal, 60 days of silence" in calls
    assert "<dt>profiling</dt><dd>Allowed, as long as the person does not object." in dpo.text
