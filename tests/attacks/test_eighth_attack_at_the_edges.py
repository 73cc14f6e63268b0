"""Faults that the eighth attack found at the API: replays, two numbers, marks before an address.

A repeated stop of a mailbox was replayed although another writing of it had consented since.
"""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask

from tests.api import Api
from tests.attacks.test_stops_said_again import consent_now, said
from tests.conftest import Clock
from tests.importing import Imports

PERSON = "jean.dupont@gmail.com"
MAILBOX = "jeandupont@gmail.com"
WRITINGS = {
    "the mailbox itself": {"kind": "email", "value": MAILBOX},
    "the mailbox in capitals": {"kind": "email", "value": "JeanDupont@Gmail.com"},
    "a hash of the mailbox": {
        "kind": "email",
        "sha256": hashlib.sha256(MAILBOX.encode()).hexdigest(),
    },
}


@pytest.mark.parametrize("how", WRITINGS)
def test_a_stop_of_a_mailbox_is_no_replay_once_another_writing_of_it_consented(
    french_api: Api, clock: Clock, how: str
) -> None:
    said(french_api, WRITINGS[how])
    consent_now(french_api, clock, PERSON)
    assert french_api.decision("email", PERSON) == "allow"
    said(french_api, WRITINGS[how])
    assert french_api.decision("email", PERSON) == "deny"


def test_nor_is_a_withdrawal_of_the_mailbox(french_api: Api, clock: Clock) -> None:
    body = {"kind": "email", "identifier": MAILBOX, "channels": "all"}
    key = {"Idempotency-Key": "unsubscribed-84213"}
    french_api.post("/v1/consents/withdraw", body, headers=key)
    consent_now(french_api, clock, PERSON)
    french_api.post("/v1/consents/withdraw", body, headers=key)
    assert french_api.decision("email", PERSON) == "deny"


FIRST, SECOND = "+33612345678", "0687654321"
TWO = {
    "semicolon": f"{FIRST};{SECOND}",
    "semicolon and space": f"06 12 34 56 78; {SECOND}",
    "wide semicolon": f"0612345678\uff1b{SECOND}",
    "Greek question mark": f"0612345678\u037e {SECOND}",
}


@pytest.mark.parametrize("how", TWO)
def test_of_two_numbers_the_second_is_not_dropped(api: Api, how: str) -> None:
    """The console's form reads both numbers; two numbers with another separator are refused."""
    answer = api.stop("phone", TWO[how])
    assert answer.status_code == 422 or api.decision("telephone", SECOND) == "deny"


def test_nor_in_a_cell_of_a_file(api: Api, app: Flask) -> None:
    done = Imports(app).apply(f'phone\n"{TWO["semicolon"]}"\n', channels="telephone")
    assert done.counts.invalid or api.decision("telephone", SECOND) == "deny"


def test_nor_in_the_outcome_of_a_call(api: Api) -> None:
    body = {"identifier": TWO["semicolon"], "outcome": "stop"}
    answer = api.post("/v1/outcomes", body)
    assert answer.status_code == 422 or api.decision("telephone", SECOND) == "deny"


@pytest.mark.parametrize("mark", ["\u2022", "\u00b7", "\u3001", "\u2013", "\u25cf", "'", "="])
def test_a_mark_in_front_of_an_address_is_no_part_of_it(api: Api, mark: str) -> None:
    api.stop("email", f"{mark}zoe@example.fr")
    assert api.decision("email", "zoe@example.fr") == "deny"
    api.stop("email", "marie@example.fr")
    assert api.decision("email", f"{mark}marie@example.fr") == "deny"
