"""For thousands of contacts, a third of them stopped in their own spelling, no answer is wrong."""

from __future__ import annotations

from functools import cache

import pytest
from flask import Flask

from tests.api import Api
from tests.databases import BACKENDS
from tests.e2e.crm import Contact, contacts
from tests.e2e.spellings import OTHER, Spelling
from tests.leaks import identifiers_in
from tests.length import length

NUMBER = length(1_000, long=10_000)  # one batch holds no more
PER_REQUEST = 100
SEARCHED_FOR = 30  # searching for each of 30,000 identifiers would take an hour


@pytest.mark.timeout(length(300, long=900))
@pytest.mark.parametrize("backend", BACKENDS[:2])
def test_every_answer_about_a_french_export_is_right(app: Flask, key: str, seen: set[str]) -> None:
    export, api = _export(), Api(app, key, set())
    spellings = [
        way(contact, at) for at, contact in enumerate(export) if _stopped(at) for way in OTHER
    ]
    for first in range(0, len(spellings), PER_REQUEST):
        _stop(api, spellings[first : first + PER_REQUEST])
    seen.update(identifiers_in(spellings[:SEARCHED_FOR]))
    wrong = {
        "email": _wrong(api, "email", [contact.email for contact in export]),
        "sms": _wrong(api, "sms", [contact.phone for contact in export]),
        "telephone": _wrong(api, "telephone", [contact.phone for contact in export]),
        "post": _wrong(api, "post", [contact.postal for contact in export]),
    }
    assert wrong == {"email": [], "sms": [], "telephone": [], "post": []}


def _stopped(at: int) -> bool:
    return at % 3 == 1


def _stop(api: Api, identifiers: list[Spelling]) -> None:
    body = {"identifiers": identifiers, "channels": "all"}
    response = api.post("/v1/suppressions", body)
    assert response.status_code == 201, response.get_json()
    assert {result["outcome"] for result in response.get_json()["results"]} == {"created"}


def _wrong(api: Api, channel: str, identifiers: list[object]) -> list[object]:
    """Send a flat batch and return the identifiers with a wrong decision."""
    body = {"channel": channel, "identifiers": identifiers}
    letters = api.post("/v1/checks/batch", body).get_json()["decisions"]
    assert len(letters) == NUMBER
    return [
        identifiers[at]
        for at, letter in enumerate(letters)
        if letter != ("D" if _stopped(at) else "A")
    ]


@cache
def _export() -> list[Contact]:
    return contacts(NUMBER)
