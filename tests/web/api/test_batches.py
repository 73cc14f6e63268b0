"""Batches answer up to ten thousand checks."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from suppression.domain.vocabulary import ApiScope
from tests.api import Api, make_controller, make_key


def test_a_flat_batch_answers_each_position_with_a_letter(api: Api) -> None:
    api.stop("email", "stopped@example.fr")
    identifiers = [
        "free@example.fr",
        "stopped@example.fr",
        "broken",
        None,
        7,
        {"sha256": "ab" * 32},
    ]
    body = {"channel": "email", "identifiers": identifiers}
    answer = api.post("/v1/checks/batch", body).get_json()
    assert answer["decisions"] == "ADUUUA"
    assert decided(answer) == {"allow": 2, "deny": 1, "unknown": 3}
    assert [detail["index"] for detail in answer["details"]] == [1, 2, 3, 4]
    assert answer["details"][0]["reasons"][0]["code"] == "objection"
    assert answer["valid_until"] == "2026-11-21T10:30:00Z"


def test_a_mixed_batch_answers_in_order(api: Api) -> None:
    api.stop("phone", "0612345678", channels=["telephone"])
    items = [
        {"channel": "telephone", "identifier": "+33 6 12 34 56 78", "correlation_id": "a"},
        {"channel": "sms", "identifier": "+33 6 12 34 56 78"},
        {"channel": "email", "identifier": "x@example.fr", "colour": "red", "correlation_id": "b"},
        "not an object",
        {"kind": "email", "purpose": "profiling", "identifier": "x@example.fr"},
    ]
    answer = api.post("/v1/checks/batch", {"items": items}).get_json()
    decisions = [result["decision"] for result in answer["results"]]
    assert decisions == ["deny", "allow", "unknown", "unknown", "allow"]
    assert [result.get("correlation_id") for result in answer["results"]] == [
        "a",
        None,
        "b",
        None,
        None,
    ]
    assert decided(answer) == {"allow": 2, "deny": 1, "unknown": 2}


def test_an_attested_basis_of_a_flat_batch_is_said_to_be_attested(french_api: Api) -> None:
    body = {"channel": "email", "identifiers": ["free@example.fr"], "basis": "consent"}
    answer = french_api.post("/v1/checks/batch", body).get_json()
    assert (answer["decisions"], answer["attested"]) == ("A", True)


@pytest.mark.parametrize("envelope", ["items", "identifiers"])
def test_more_than_ten_thousand_are_refused(api: Api, envelope: str) -> None:
    body: dict[str, object] = {envelope: [""] * 10_001}
    if envelope == "identifiers":
        body["channel"] = "email"
    refused = api.post("/v1/checks/batch", body)
    assert refused.get_json()["type"] == "urn:suppression:problem:too-many-items"


def test_ten_thousand_are_answered(api: Api) -> None:
    api.stop("email", "person7777@example.fr")
    identifiers = [f"person{number}@example.fr" for number in range(10_000)]
    body = {"channel": "email", "identifiers": identifiers}
    answer = api.post("/v1/checks/batch", body).get_json()
    assert answer["decisions"] == "A" * 7777 + "D" + "A" * 2222


def test_a_bad_envelope_stays_a_problem(api: Api) -> None:
    refused = api.post("/v1/checks/batch", {"channel": "pigeon", "identifiers": ["a@example.fr"]})
    assert refused.status_code == 422
    both = {"items": [{}], "identifiers": ["a@example.fr"], "channel": "email"}
    assert api.post("/v1/checks/batch", both).status_code == 422
    assert api.post("/v1/checks/batch", {"channel": "email"}).status_code == 422


def test_a_batch_needs_the_scope(app: Flask, seen: set[str]) -> None:
    key = make_key(app, make_controller(app, "okwind"), [ApiScope.SUPPRESS])
    refused = Api(app, key, seen).post("/v1/checks/batch", {"items": [{}]})
    assert refused.status_code == 403


def test_a_summary_counts_the_items_that_have_each_reason(api: Api) -> None:
    api.stop("email", "one@example.fr")
    api.stop("email", "one@example.fr", reason="complaint")
    api.stop("email", "two@example.fr")
    names = ["one@example.fr", "two@example.fr", "three@example.fr", "no address"]
    body = {"channel": "email", "identifiers": names}
    summary = api.post("/v1/checks/batch", body).get_json()["summary"]
    assert summary["reasons"] == {"complaint": 1, "malformed": 1, "objection": 2}


def decided(answer: dict[str, Any]) -> dict[str, int]:
    """Return the number of each decision in the summary of an answer."""
    return {
        decision: count for decision, count in answer["summary"].items() if decision != "reasons"
    }
