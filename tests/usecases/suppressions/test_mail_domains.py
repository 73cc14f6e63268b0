"""A company asks that nobody at its mail domain is written to: stop, check, search and release."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from suppression.domain.identifiers.mail_domain import parsing
from suppression.domain.vocabulary import ApiScope
from suppression.storage.checks.active_rows import look_up_state
from suppression.usecases.checks import check as check_module
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api, make_key
from tests.conftest import Clock
from tests.consenting import consented

DOMAIN, BELOW = "corp.example", "mail.corp.example"
AT_HOME = f"jean.dupont@{DOMAIN}"
LIFTED: dict[str, Any] = {"channels": ["email"], "reasons": ["domain"]}


def stop_domain(api: Api, value: object = DOMAIN, **fields: Any) -> int:  # noqa: ANN401
    return api.stop("domain", value, channels=["email"], **fields).status_code


@pytest.mark.parametrize(
    "address", [AT_HOME, "JEAN@CORP.EXAMPLE", f"a@{BELOW}", f"b@x.y.{DOMAIN}", f"<c@{DOMAIN}>"]
)
def test_nobody_at_a_stopped_domain_is_written_to(api: Api, address: str) -> None:
    assert api.decision("email", address) == "allow"
    assert stop_domain(api) == 201
    assert api.codes("email", address) == ["domain"]


@pytest.mark.parametrize(
    "address", ["jean@example", "jean@acorp.example", "jean@corp.example.fr", "jean@xcorp.example"]
)
def test_nobody_elsewhere_is_stopped(api: Api, address: str) -> None:
    stop_domain(api)
    assert api.decision("email", address) == "allow"


@pytest.mark.parametrize(
    "written", ["@Corp.Example", "*@corp.example", "%@corp.example.", "*.corp.example"]
)
def test_a_domain_is_read_as_people_write_it(api: Api, written: str) -> None:
    assert stop_domain(api, written) == 201
    assert api.decision("email", AT_HOME) == "deny"


@pytest.mark.parametrize(
    "damaged", ["sociÃ©tÃ©-exemple.fr", "_société-exemple.fr", "société-exemple.fr-"]
)
def test_a_damaged_domain_is_read_as_that_of_an_address_is(api: Api, damaged: str) -> None:
    assert stop_domain(api, damaged) == 201
    assert api.codes("email", "jean@société-exemple.fr") == ["domain"]


def test_a_domain_that_comes_on_a_list_later_is_shown_and_lifted(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_domain(api)
    monkeypatch.setattr(parsing, "is_consumer_domain", lambda _domain: True)
    assert stop_domain(api) == 422
    assert len(api.search("domain", DOMAIN)["in_force"]) == 1
    api.release("domain", DOMAIN, **LIFTED)
    assert api.decision("email", AT_HOME) == "allow"


@pytest.mark.parametrize("envelope", ["flat", "mixed"])
def test_a_domain_that_is_stopped_while_a_batch_is_parsed_denies_in_it(
    api: Api, monkeypatch: pytest.MonkeyPatch, envelope: str
) -> None:
    other, loaded = Api(api.app, api.key, api.seen), look_up_state
    coming = [DOMAIN]

    def stop_first(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        while coming:
            assert stop_domain(other, coming.pop()) == 201
        return loaded(*given, **named)

    monkeypatch.setattr(check_module, "look_up_state", stop_first)
    body: dict[str, Any] = {"channel": "email", "identifiers": [AT_HOME]}
    if envelope == "mixed":
        body = {"items": [{"channel": "email", "identifier": AT_HOME}]}
    answer = api.post("/v1/checks/batch", body).get_json()
    assert answer["summary"]["deny"] == 1


def test_a_host_below_is_stopped_alone(api: Api) -> None:
    stop_domain(api, BELOW)
    assert api.decision("email", f"jean@{BELOW}") == "deny"
    assert api.decision("email", AT_HOME) == "allow"


def test_a_domain_with_accents_is_that_of_its_ascii_form(api: Api) -> None:
    stop_domain(api, "société-exemple.fr")
    assert api.decision("email", "jean@xn--socit-exemple-heb2b.fr") in {"deny", "allow"}
    assert api.decision("email", "jean@SOCIÉTÉ-exemple.fr") == "deny"


def test_each_way_of_asking_denies(api: Api) -> None:
    stop_domain(api)
    addresses = [{"identifier": AT_HOME}, {"identifier": "jean@example.fr"}]
    body = {"items": [{"channel": "email", **check} for check in addresses]}
    answers = api.post("/v1/checks/batch", body).get_json()["results"]
    assert [answer["decision"] for answer in answers] == ["deny", "allow"]
    flat = {"channel": "email", "identifiers": [AT_HOME, "jean@example.fr"]}
    assert api.post("/v1/checks/batch", flat).get_json()["decisions"] == "DA"
    scrub = api.post(
        "/v1/scrubs?channel=email",
        data=f"email\n{AT_HOME}\njean@example.fr\n",
        headers={"Content-Type": "text/csv"},
    )
    assert scrub.get_json()["summary"] == {
        "allow": 1,
        "deny": 1,
        "unknown": 0,
        "reasons": {"domain": 1},
    }


def test_only_marketing_e_mail_is_stopped(api: Api) -> None:
    stop_domain(api)
    assert api.decision("email", AT_HOME, purpose="service") == "allow"
    for purpose in ("profiling", "sharing"):
        assert api.decision(None, AT_HOME, purpose=purpose, kind="email") == "allow"


def test_a_hash_is_unknown_once_a_domain_is_stopped(api: Api) -> None:
    def decided(address: str) -> dict[str, Any]:
        digest = hashlib.sha256(address.encode()).hexdigest()
        return api.check("email", None, sha256=digest)

    assert decided(AT_HOME)["decision"] == "allow"
    stop_domain(api)
    for address in (AT_HOME, "jean@example.fr"):
        assert decided(address)["reasons"] == [{"code": "domain_not_asked"}]
    api.stop("email", "jean@example.fr", channels=["email"])
    assert decided("jean@example.fr")["decision"] == "deny"


def test_no_consent_lifts_it(api: Api, clock: Clock) -> None:
    stop_domain(api)
    clock.turn(days=1)
    given_at = clock().isoformat()
    (result,) = consented(api, "email", AT_HOME, given_at=given_at)
    assert [denied["code"] for denied in result["still_denied_by"]] == ["domain"]
    assert api.codes("email", AT_HOME) == ["domain"]


def test_a_release_of_an_address_names_the_domain_and_leaves_it(api: Api) -> None:
    api.stop("email", AT_HOME, channels=["email"])
    stop_domain(api)
    for reasons in (["objection"], ["domain"]):
        answer = api.release("email", AT_HOME, channels=["email"], reasons=reasons).get_json()
        assert [row["reason"] for row in answer["released"]] == reasons[: reasons == ["objection"]]
        assert [row["reason"] for row in answer["still_denied_by"]] == ["domain"]
    assert api.codes("email", AT_HOME) == ["domain"]


def test_a_release_of_the_domain_leaves_the_addresses_own_stops(api: Api) -> None:
    api.stop("email", AT_HOME, channels=["email"])
    stop_domain(api)
    unnamed = api.release("domain", DOMAIN, channels=["email"]).get_json()
    assert (unnamed["released"], len(unnamed["still_denied_by"])) == ([], 1)
    answer = api.release("domain", f"@{DOMAIN}", **LIFTED).get_json()
    assert ([row["reason"] for row in answer["released"]], answer["still_denied_by"]) == (
        ["domain"],
        [],
    )
    assert api.codes("email", AT_HOME) == ["objection"]
    assert api.decision("email", f"marie@{DOMAIN}") == "allow"


def test_a_domain_that_was_lifted_can_be_stopped_again(api: Api, clock: Clock) -> None:
    for _ in range(2):
        assert stop_domain(api) == 201
        assert stop_domain(api) == 200
        clock.turn(hours=1)
        api.release("domain", DOMAIN, **LIFTED)
        assert api.decision("email", AT_HOME) == "allow"
        clock.turn(hours=1)


def test_its_stop_and_history_are_shown(api: Api) -> None:
    stop_domain(api, ref="ticket-7")
    answer = api.search("domain", DOMAIN, channel="email")
    (row,) = answer["in_force"]
    assert (row["channel"], row["purpose"], row["reason"]) == ("email", "marketing", "domain")
    assert [entry["type"] for entry in answer["history"]] == ["stop"]
    of_address = api.search("email", AT_HOME)["in_force"]
    assert [shown["suppression_id"] for shown in of_address] == [row["suppression_id"]]


@pytest.mark.parametrize(
    "value",
    [
        "co.uk", "fr", "asso.fr", "gmail.com", "orange.fr", "Wanadoo.fr", "bbox.fr", "hotmail.com",
        "jean@corp.example", "www.corp.example", "corp", "", "corp .example", "[192.0.2.1]",
        "192.0.2.1", "a,b.example",
        ".".join("abcdefghijk") + ".example", {"lines": ["corp.example", "35000 Rennes"]},
    ],
)  # fmt: skip
def test_what_no_stop_may_name_is_refused(api: Api, value: object) -> None:
    assert stop_domain(api, value) == 422
    assert api.decision("email", "jean@gmail.com") == "allow"


def test_a_hash_of_a_domain_is_refused_and_stops_nobody(api: Api) -> None:
    digest = hashlib.sha256(DOMAIN.encode()).hexdigest()

    def send(kind: str) -> int:
        identifiers = [{"kind": kind, "sha256": digest}]
        body = {"identifiers": identifiers, "channels": ["email"]}
        return api.post("/v1/suppressions", body).status_code

    assert send("domain") == 422
    stop_domain(api, "other.example")
    assert send("email") == 201
    assert api.decision("email", AT_HOME) == "allow"


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "objection"},
        {"reason": "restriction", "channels": None},
        {"purpose": "profiling", "channels": None},
        {"purpose": "service"},
        {"channels": ["sms"]},
        {"channels": None},
        {"expires_at": "2030-01-01T00:00:00Z"},
        {"whole_address": True},
    ],
)
def test_what_does_not_fit_a_domain_is_refused(api: Api, fields: dict[str, Any]) -> None:
    assert api.stop("domain", DOMAIN, **{"channels": ["email"]} | fields).status_code == 422
    assert api.decision("email", AT_HOME) == "allow"


def test_a_domain_comes_apart_from_other_identifiers(api: Api) -> None:
    identifiers = [{"kind": "email", "value": "a@example.fr"}, {"kind": "domain", "value": DOMAIN}]
    body = {"identifiers": identifiers, "channels": ["email"]}
    refused = api.post("/v1/suppressions", body)
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/identifiers/0"
    assert api.stop("email", "a@example.fr", reason="domain").status_code == 422


def test_a_key_needs_the_scope_release(app: Flask, api: Api) -> None:
    with app.app_context():
        controller = find_controller("okwind")
    everything = api.key
    api.key = make_key(app, controller, [*(set(ApiScope) - {ApiScope.RELEASE})])
    assert stop_domain(api) == 403
    api.key = everything
    assert api.decision("email", AT_HOME) == "allow"


def test_other_controllers_are_not_asked(new_api: Callable[..., Api], api: Api) -> None:
    stop_domain(api)
    assert new_api("batitherm").decision("email", AT_HOME) == "allow"


def test_the_same_request_with_its_key_is_answered_again(api: Api) -> None:
    body = {"identifiers": [{"kind": "domain", "value": DOMAIN}], "channels": ["email"]}
    headers = {"Idempotency-Key": "once-1"}
    first, again = (api.post("/v1/suppressions", body, headers=headers) for _ in range(2))
    assert (first.get_json(), again.headers["Idempotency-Replayed"]) == (again.get_json(), "true")
    api.release("domain", DOMAIN, **LIFTED)
    api.post("/v1/suppressions", body, headers=headers)
    assert api.decision("email", AT_HOME) == "deny"
