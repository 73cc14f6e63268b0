"""An SMS with a stop in a script that the service cannot read is reviewed by a person.

The fault: a text typed on a Greek, Arabic or Chinese keyboard, or with one letter of another
script, was not understood, and nobody saw it.
"""

from __future__ import annotations

import pytest
from flask import Flask

from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.sms.review_queue import count_unclear
from tests.api import Api

PHONE = "+33612345678"
TEXTS = {
    "Greek": "\u03a3\u03a4\u039f\u03a0",
    "Cyrillic": "\u041e\u0442\u043f\u0438\u0441\u0430\u0442\u044c\u0441\u044f",
    "Arabic": "\u062a\u0648\u0642\u0641",
    "Hebrew": "\u05d4\u05e1\u05e8",
    "Chinese": "\u9000\u8ba2",
    "Japanese": "\u30b9\u30c8\u30c3\u30d7",
    "Korean": "\uc911\uc9c0",
    "Thai": "\u0e2b\u0e22\u0e38\u0e14",
    "one Cyrillic letter": "ST\u041eP",
    "all Cyrillic letters": "\u0405\u0422\u041e\u0420",
    "small capitals": "\ua731\u1d1b\u1d0f\u1d18",
    "a word beside others": "merci \u0441\u0442\u043e\u043f please",
}


@pytest.mark.parametrize("script", TEXTS)
def test_it_waits_for_a_person(app: Flask, api: Api, script: str) -> None:
    sent = api.post("/v1/inbound/sms", {"number": PHONE, "text": TEXTS[script]})
    assert sent.get_json()["understood"] == "review"
    with app.app_context():
        assert count_unclear(find_controller("okwind")) == 1


@pytest.mark.parametrize(
    "text", ["Merci, ma s\u0153ur est ravie \u2764", "\u00c7a va \u00e0 No\u00ebl ?"]
)
def test_french_is_read_as_before(api: Api, text: str) -> None:
    sent = api.post("/v1/inbound/sms", {"number": PHONE, "text": text})
    assert sent.get_json()["understood"] == "none"
