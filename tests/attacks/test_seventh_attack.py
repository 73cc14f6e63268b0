"""Faults that the seventh attack found: a void consent was revived, a second number was lost."""

# ruff: noqa: F811 - fixtures of other modules

from __future__ import annotations

import hashlib

import pytest
from flask import Flask

from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.phone.parsing import phone_texts
from suppression.domain.identifiers.postal.match_keys import postal_texts
from tests.api import Api
from tests.attacks.test_consents_of_other_writings import (  # noqa: F401 - fixtures
    CONSENTED,
    STOPPED,
    calling_hours,
    company,
    lift,
)
from tests.attacks.test_ends_by_two_clocks import PHONE, Off, off  # noqa: F401 - a fixture
from tests.conftest import Clock
from tests.consenting import consented
from tests.policies import set_policies


def test_a_stop_by_hash_revives_no_consent_that_a_lifted_stop_voids(
    company: Api, clock: Clock
) -> None:
    consented(company, "email", CONSENTED)
    company.stop("email", STOPPED)
    clock.turn(hours=1)
    lift(company, "email", STOPPED)
    clock.turn(hours=1)
    assert company.decision("email", CONSENTED) == "deny"
    hashed = {"kind": "email", "sha256": hashlib.sha256(STOPPED.encode()).hexdigest()}
    assert (
        company.post("/v1/suppressions", {"identifiers": [hashed], "channels": "all"}).status_code
        == 201
    )
    clock.turn(hours=1)
    assert company.decision("email", CONSENTED) == "deny"


@pytest.mark.parametrize(
    "text",
    [
        "0612345678 ou 0144556677",
        "Tel 0612345678 Fax 0144556677",
        "0612345678 (pro 01 44 55 66 77)",
    ],
)
def test_two_numbers_in_one_text_are_refused(company: Api, text: str) -> None:
    body = {"identifiers": [{"kind": "phone", "value": text}], "channels": "all"}
    assert company.post("/v1/suppressions", body).status_code == 422


def test_a_bare_33_of_0_9_0_is_still_asked() -> None:
    for prefix, code in (("708", "262"), ("709", "596"), ("692", "262")):
        texts = {text.text for text in phone_texts(f"33{prefix}123456", "RE")}
        assert f"+33{prefix}123456" in texts, code


def test_more_people_than_one_reads_on_two_lines_are_stopped_as_ever() -> None:
    lines = (
        "M. Jean et Paul et Louis Dupont et",
        "Mme Anne et Rose et Claire et Zoe Durand",
        "1 rue Foch",
        "75011 Paris",
    )
    assert postal_texts(PostalAddress(lines=lines), "FR")


@pytest.mark.parametrize("days", [1, 4, 7])
def test_a_refusal_counts_by_this_machines_clock_where_the_database_runs_ahead(
    app: Flask, french_api: Api, off: Off, clock: Clock, days: int
) -> None:
    set_policies(app, "okonect", "telephone.marketing.hours=none", "telephone.marketing.closed=no")
    consented(french_api, "phone", PHONE)
    told = {"identifier": PHONE, "outcome": "refused"}
    assert french_api.post("/v1/outcomes", told).status_code == 200
    clock.turn(days=59)
    assert "refused" in french_api.codes("telephone", PHONE)
    clock.turn(days=days)  # the database runs ahead, the machine's clock is right
    api = off(days=-days)
    assert "refused" in api.codes("telephone", PHONE)
