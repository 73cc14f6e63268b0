"""A mailbox with an apostrophe or `=` in it, pasted in brackets or behind a dash, is not cut."""

from __future__ import annotations

import pytest

from tests.api import Api
from tests.consenting import consented
from tests.web.api.test_links import click, link

PERSON, STRANGER = "o'neil@example.fr", "neil@example.fr"
WRITINGS = [f"({PERSON})", f"Shaun ({PERSON})", f"- {PERSON}", f'"mailto:{PERSON}"']


@pytest.mark.parametrize("written", WRITINGS)
def test_a_stop_by_it_is_the_persons_own(api: Api, written: str) -> None:
    assert api.stop("email", written).status_code == 201
    assert api.decision("email", PERSON) == "deny"
    assert api.decision("email", STRANGER) == "allow"


@pytest.mark.parametrize("written", WRITINGS)
def test_a_check_by_it_finds_the_persons_stop(api: Api, written: str) -> None:
    api.stop("email", PERSON)
    assert api.decision("email", written) == "deny"
    flat = {"channel": "email", "identifiers": [written, STRANGER]}
    summary = api.post("/v1/checks/batch", flat).get_json()["summary"]
    assert (summary["deny"], summary["allow"]) == (1, 1)
    items = [{"channel": "email", "identifier": email} for email in (written, STRANGER)]
    results = api.post("/v1/checks/batch", {"items": items}).get_json()["results"]
    assert [result["decision"] for result in results] == ["deny", "allow"]
    assert api.search("email", written)["in_force"]


@pytest.mark.parametrize("written", WRITINGS)
def test_a_release_by_it_lifts_nothing_of_a_stranger(api: Api, written: str) -> None:
    api.stop("email", STRANGER)
    released = api.release("email", written, channels=["email"], reasons=["objection"])
    assert released.get_json()["released"] == []
    assert api.decision("email", STRANGER) == "deny"


@pytest.mark.parametrize("written", WRITINGS)
def test_a_consent_by_it_opens_nothing_of_a_stranger(french_api: Api, written: str) -> None:
    french_api.stop("email", STRANGER, occurred_at="2026-11-01T00:00:00Z")
    consented(french_api, "email", written, given_at="2026-11-20T00:00:00Z")
    assert french_api.decision("email", STRANGER) == "deny"


@pytest.mark.parametrize("written", WRITINGS)
def test_a_link_of_it_stops_the_person(api: Api, written: str) -> None:
    assert click(api, link(api, written)).status_code == 200
    assert api.decision("email", PERSON) == "deny"
    assert api.decision("email", STRANGER) == "allow"
