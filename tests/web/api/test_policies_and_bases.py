"""The presets of policies ask for a basis, and only certain bases count."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from suppression.domain.vocabulary import ApiScope, Preset
from tests.api import Api, make_controller, make_key
from tests.conftest import Clock

EMAIL = "jean.dupont@example.fr"
PHONE = "+33612345678"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
POSTAL = {"name": "Jean Dupont", "street": "12 rue de la Paix", "postcode": "75002"}


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = MONDAY


@pytest.mark.parametrize(
    ("body", "decision"),
    [
        ({"channel": "email", "identifier": EMAIL}, "deny"),
        ({"channel": "sms", "identifier": PHONE}, "deny"),
        ({"channel": "telephone", "identifier": PHONE}, "deny"),
        ({"channel": "post", "identifier": POSTAL}, "allow"),
        ({"channel": None, "kind": "email", "identifier": EMAIL, "purpose": "sharing"}, "deny"),
        ({"channel": None, "kind": "email", "identifier": EMAIL, "purpose": "profiling"}, "allow"),
        ({"channel": "email", "identifier": EMAIL, "purpose": "service"}, "allow"),
        ({"channel": "sms", "identifier": PHONE, "purpose": "service"}, "allow"),
        ({"channel": "telephone", "identifier": PHONE, "purpose": "service"}, "allow"),
    ],
)
def test_fr_2026_asks_for_a_basis_where_the_law_does(
    french_api: Api, body: dict[str, object], decision: str
) -> None:
    answer = french_api.check(**body)  # type: ignore[arg-type]
    assert answer["decision"] == decision
    assert [reason["code"] for reason in answer["reasons"]] == (
        ["no_consent"] if decision == "deny" else []
    )


@pytest.mark.parametrize(
    ("channel", "identifier", "basis", "decision"),
    [
        ("email", EMAIL, "consent", "allow"),
        ("email", EMAIL, "customer", "allow"),
        ("email", EMAIL, "contract", "deny"),
        ("sms", PHONE, "consent", "allow"),
        ("telephone", PHONE, "contract", "allow"),
        ("telephone", PHONE, "consent", "deny"),
        ("telephone", PHONE, "customer", "deny"),
    ],
)
def test_an_attested_basis_counts_where_the_policy_admits_it(
    french_api: Api, channel: str, identifier: str, basis: str, decision: str
) -> None:
    answer = french_api.check(channel, identifier, basis=basis)
    assert answer["decision"] == decision
    if decision == "allow":
        assert (answer["basis"], answer["attested"]) == (basis, True)


def test_without_the_scope_an_attested_basis_is_as_if_absent(app: Flask, seen: set[str]) -> None:
    controller = make_controller(app, "okonect", Preset.FR_2026)
    api = Api(app, make_key(app, controller, [ApiScope.CHECK]), seen)
    assert api.codes("email", EMAIL, basis="consent") == ["no_consent"]


def test_no_basis_beats_an_objection(french_api: Api) -> None:
    french_api.stop("email", EMAIL)
    assert french_api.codes("email", EMAIL, basis="consent") == ["objection"]


def test_every_reason_is_listed(french_api: Api) -> None:
    french_api.stop("email", EMAIL, reason="complaint")
    french_api.stop("email", EMAIL, reason="deceased", channels=None)
    assert french_api.codes("email", EMAIL) == ["deceased", "complaint", "no_consent"]


def test_service_messages_are_not_stopped_by_an_objection(api: Api) -> None:
    api.stop("email", EMAIL)
    api.stop("email", EMAIL, reason="complaint")
    assert api.decision("email", EMAIL, purpose="service") == "allow"


@pytest.mark.parametrize(
    ("channel", "kind", "identifier", "reason", "decision"),
    [
        ("email", "email", EMAIL, "undeliverable", "deny"),
        ("sms", "phone", PHONE, "undeliverable", "deny"),
        ("sms", "phone", PHONE, "stop_keyword", "deny"),
        ("telephone", "phone", PHONE, "stop_keyword", "allow"),
        ("email", "email", EMAIL, "unsubscribe", "allow"),
    ],
)
def test_service_is_denied_by_a_bounce_and_by_stop_on_sms(
    api: Api, channel: str, kind: str, identifier: str, reason: str, decision: str
) -> None:
    api.stop(kind, identifier, reason=reason)
    assert api.decision(channel, identifier, purpose="service") == decision


@pytest.mark.parametrize("reason", ["restriction", "deceased"])
@pytest.mark.parametrize("purpose", ["marketing", "service", "profiling", "sharing"])
def test_a_restriction_and_a_death_deny_everything_of_the_kind(
    api: Api, reason: str, purpose: str
) -> None:
    stopped = api.stop("phone", PHONE, reason=reason, channels=None).get_json()
    assert stopped["results"][0]["channel"] is None
    with_channel = purpose in {"marketing", "service"}
    for channel in ("sms", "telephone") if with_channel else (None,):
        fields = {"purpose": purpose} | ({} if with_channel else {"kind": "phone"})
        assert api.codes(channel, PHONE, **fields) == [reason]
    assert api.decision("email", EMAIL) == "allow"


@pytest.mark.parametrize("purpose", ["profiling", "sharing"])
def test_an_objection_to_profiling_or_sharing_concerns_that_alone(api: Api, purpose: str) -> None:
    stopped = api.stop("email", EMAIL, purpose=purpose, channels=None).get_json()
    assert stopped["results"][0]["channel"] is None
    assert api.decision(None, EMAIL, kind="email", purpose=purpose) == "deny"
    assert api.decision("email", EMAIL) == "allow"
    other = {"profiling": "sharing", "sharing": "profiling"}[purpose]
    assert api.decision(None, EMAIL, kind="email", purpose=other) == "allow"


def test_me_tells_the_policy_in_short(french_api: Api) -> None:
    me = french_api.send("GET", "/v1/me").get_json()
    rules = {(policy["channel"], policy["purpose"]): policy["rule"] for policy in me["policies"]}
    assert me["controller"] == {"slug": "okonect", "name": "Okonect", "country": "FR"}
    assert rules["telephone", "marketing"] == "opt_in"
    assert rules["post", "marketing"] == "opt_out"
    assert [topic["topic"] for topic in me["topics"]] == ["newsletter", "offers"]
