"""An SMS with STOP below a signature's mark is reviewed by a person; once nobody saw it."""

from __future__ import annotations

import pytest
from flask import Flask

from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.sms.review_queue import count_unclear
from tests.api import Api

PHONE = "+33612345678"


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour\n-- \nSTOP",
        "Bonjour\n___\nJean Dupont\nSTOP",
        "oui\n--\nstop sms",
        "Bonjour\nSent from my phone. STOP",
        "Bonjour. Envoyé de mon iPhone STOP",
    ],
)
def test_it_waits_for_a_person(app: Flask, api: Api, text: str) -> None:
    sent = api.post("/v1/inbound/sms", {"number": PHONE, "text": text})
    assert sent.get_json()["understood"] == "review"
    with app.app_context():
        assert count_unclear(find_controller("okwind")) == 1


def test_our_own_words_quoted_there_do_not(api: Api) -> None:
    text = "A demain\n--\nJean Dupont\n> OKWIND -30 %\n> STOP au 36180"
    sent = api.post("/v1/inbound/sms", {"number": PHONE, "text": text})
    assert sent.get_json()["understood"] == "none"
