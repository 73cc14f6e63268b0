"""Faults that the eighth attack found: a stop by hash revived consents; second people were lost."""

# ruff: noqa: F811 - fixtures of other modules

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask

from tests.api import Api
from tests.attacks.test_consents_of_other_writings import (  # noqa: F401 - fixtures
    CONSENTED,
    HOME,
    STOPPED,
    calling_hours,
    company,
    lift,
)
from tests.conftest import Clock
from tests.consenting import consented
from tests.policies import set_policies

JEAN, MARIE = "jean@example.fr", "marie@example.org"


@pytest.mark.parametrize("reason", ["restriction", "deceased"])
def test_a_stop_on_everything_by_hash_revives_no_consent_that_a_lifted_one_voids(
    company: Api, clock: Clock, reason: str
) -> None:
    consented(company, "email", CONSENTED)
    assert company.stop("email", STOPPED, reason=reason, channels=None).status_code == 201
    clock.turn(hours=1)
    assert company.release("email", STOPPED, reasons=[reason]).get_json()["released"]
    clock.turn(hours=1)
    assert company.decision("email", CONSENTED) == "deny"
    hashed = {"kind": "email", "sha256": hashlib.sha256(STOPPED.encode()).hexdigest()}
    body: dict[str, Any] = {"identifiers": [hashed], "reason": reason}
    assert company.post("/v1/suppressions", body).status_code == 201
    clock.turn(hours=1)
    assert company.decision("email", CONSENTED) == "deny"


@pytest.mark.parametrize("purpose", ["profiling", "sharing"])
def test_nor_does_one_of_a_purpose_without_channel(
    app: Flask, company: Api, clock: Clock, purpose: str
) -> None:
    set_policies(app, "okonect", f"{purpose}.rule=opt_in")
    scope = {"kind": "email", "purpose": purpose}
    consented(company, "email", CONSENTED, channels=None, purpose=purpose)
    assert company.decision(None, CONSENTED, **scope) == "allow"
    company.stop("email", STOPPED, channels=None, purpose=purpose)
    clock.turn(hours=1)
    company.release("email", STOPPED, purpose=purpose, reasons=["objection"])
    assert company.decision(None, CONSENTED, **scope) == "deny"
    clock.turn(hours=1)
    hashed = {"kind": "email", "sha256": hashlib.sha256(STOPPED.encode()).hexdigest()}
    body = {"identifiers": [hashed], "purpose": purpose}
    assert company.post("/v1/suppressions", body).status_code == 201
    clock.turn(hours=1)
    assert company.decision(None, CONSENTED, **scope) == "deny"


@pytest.mark.parametrize(
    ("consenting", "stopped", "again"),
    [
        ("Jean Mueller", "Jean Müller", "Jean Muller"),
        ("Marie Martin", "Marie Dupont née Martin", "Marie Dupont"),
    ],
)
def test_a_stop_of_another_name_of_one_person_by_post_revives_no_consent(
    company: Api, clock: Clock, consenting: str, stopped: str, again: str
) -> None:
    """This is no couple but one person, with two spellings of the name or with a birth name."""
    consented(company, "postal", HOME | {"name": consenting})
    company.stop("postal", HOME | {"name": stopped})
    clock.turn(hours=1)
    lift(company, "postal", HOME | {"name": stopped})
    assert company.decision("post", HOME | {"name": consenting}) == "deny"
    clock.turn(hours=1)
    assert company.stop("postal", HOME | {"name": again}).status_code == 201
    clock.turn(hours=1)
    assert company.decision("post", HOME | {"name": consenting}) == "deny"


@pytest.mark.parametrize(
    "text",
    [
        f"Jean <{JEAN}>, Marie <{MARIE}>",
        f"<{JEAN}> <{MARIE}>",
        f"{JEAN} ({MARIE})",
        f"{JEAN} (aussi {MARIE})",
        f"{JEAN} [{MARIE}]",
        f"mailto:{JEAN}?to={MARIE}",
    ],
)
def test_two_addresses_in_one_text_are_refused_or_both_stopped(company: Api, text: str) -> None:
    """A stop that is accepted stops everyone whom it names; otherwise it must be refused."""
    if company.stop("email", text).status_code != 422:
        answers = [company.codes("email", address) for address in (JEAN, MARIE)]
        assert all("objection" in codes for codes in answers), answers


@pytest.mark.parametrize(
    "text",
    [
        "0612345678;0144556677",
        "0612345678 ; 0144556677",
        "0612345678,,0144556677",
        "0612345678/x0144556677",
        "0612345678 fax 144556677",
    ],
)
def test_two_numbers_without_words_are_refused_or_both_stopped(company: Api, text: str) -> None:
    if company.stop("phone", text).status_code != 422:
        answers = [company.codes("sms", number) for number in ("+33612345678", "+33144556677")]
        assert all("objection" in codes for codes in answers), answers


@pytest.mark.parametrize("letter", ["\u2212", "\u0130"])
def test_a_typed_domain_finds_a_stop_of_a_typeset_one(company: Api, letter: str) -> None:
    """The typeset letters are a typesetter's minus sign and a Turkish keyboard's capital I."""
    plain = {"\u2212": "-", "\u0130": "i"}[letter]
    if company.stop("email", f"jean@ex{letter}ample.fr").status_code != 422:
        assert "objection" in company.codes("email", f"jean@ex{plain}ample.fr")


@pytest.mark.parametrize(
    ("column", "text", "other"),
    [
        ("phone", "0612345678;0144556677", "+33144556677"),
        ("email", f"Jean <{JEAN}>, Marie <{MARIE}>", JEAN),
    ],
)
def test_a_cell_of_a_file_loses_no_second_person(
    company: Api, column: str, text: str, other: str
) -> None:
    sent = f'{column},n\n"{text}",1\n'.encode()
    answer = company.post(
        "/v1/imports", data=sent, query_string={"channels": "all"}, content_type="text/csv"
    )
    assert answer.status_code in {200, 201, 202}, answer.get_data(as_text=True)
    counts = answer.get_json()
    assert counts["invalid"] == 1, (counts, other)
