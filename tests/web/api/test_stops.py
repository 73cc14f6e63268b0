"""How the API records stops, repeats and their dates."""

from __future__ import annotations

import itertools

import pytest

from tests.api import Api
from tests.conftest import Clock

EMAIL = "jean.dupont@example.fr"
PHONE = "06 12 34 56 78"
REASONS = [
    "objection",
    "unsubscribe",
    "consent_withdrawn",
    "complaint",
    "stop_keyword",
    "undeliverable",
    "imported",
]


def test_all_is_every_channel_that_each_kind_takes(api: Api) -> None:
    identifiers = [{"kind": "email", "value": EMAIL}, {"kind": "phone", "value": PHONE}]
    answer = api.post("/v1/suppressions", {"identifiers": identifiers, "channels": "all"})
    assert [(result["index"], result["channel"]) for result in answer.get_json()["results"]] == [
        (0, "email"),
        (1, "sms"),
        (1, "telephone"),
    ]


def test_second_stop_keeps_the_first_date(api: Api, clock: Clock) -> None:
    first = api.stop("email", EMAIL).get_json()["results"][0]
    clock.turn(days=1)
    again = api.stop("email", EMAIL)
    assert again.status_code == 200
    assert again.get_json()["results"][0] == first | {"outcome": "already"}


def test_an_earlier_date_moves_since_back(api: Api) -> None:
    api.stop("email", EMAIL)
    again = api.stop("email", EMAIL, occurred_at="2026-11-01T00:00:00Z").get_json()["results"][0]
    assert (again["outcome"], again["since"]) == ("already", "2026-11-01T00:00:00Z")


def test_a_repeat_is_entered_as_repeated_and_only_if_something_changed(
    api: Api, clock: Clock
) -> None:
    api.stop("email", EMAIL)
    api.stop("email", EMAIL)
    clock.turn(days=1)
    api.stop("email", EMAIL)
    search = api.search("email", EMAIL)
    assert [entry["type"] for entry in search["history"]] == ["stop", "repeated"]
    assert search["in_force"][0]["last_occurred_at"] == "2026-11-22T09:30:00Z"


def test_the_later_end_wins_and_none_beats_any(api: Api) -> None:
    ends = ["2026-12-01T00:00:00Z", "2026-12-24T00:00:00Z", "2026-12-02T00:00:00Z", None]
    outcomes, ends_stored = [], []
    for end in ends:
        fields = {"expires_at": end} if end else {}
        answer = api.stop("email", EMAIL, reason="undeliverable", **fields)
        outcomes.append(answer.get_json()["results"][0]["outcome"])
        ends_stored.append(api.search("email", EMAIL)["in_force"][0].get("expires_at"))
    assert outcomes == ["created", "extended", "already", "extended"]
    assert ends_stored == [ends[0], ends[1], ends[1], None]


def test_a_released_row_is_opened_again_with_its_own_dates(api: Api, clock: Clock) -> None:
    first = api.stop("email", EMAIL).get_json()["results"][0]
    api.release("email", EMAIL, channels=["email"], reasons=["objection"])
    clock.turn(days=1)
    again = api.stop("email", EMAIL)
    assert again.status_code == 201
    assert again.get_json()["results"][0] == first | {"since": "2026-11-22T09:30:00Z"}
    assert api.decision("email", EMAIL) == "deny"


def test_a_narrower_stop_is_still_stored(api: Api) -> None:
    api.stop("email", EMAIL)
    assert api.stop("email", EMAIL, topic="offers").status_code == 201
    api.release("email", EMAIL, channels=["email"], reasons=["objection"])
    assert api.decision("email", EMAIL, topic="offers") == "deny"
    assert api.decision("email", EMAIL, topic="newsletter") == "allow"


def test_stops_for_two_reasons_do_not_hide_each_other(api: Api) -> None:
    for first_reason, second_reason in itertools.permutations(REASONS, 2):
        email = f"{first_reason}.{second_reason}@example.fr"
        api.stop("email", email, reason=first_reason)
        api.stop("email", email, reason=second_reason)
        assert set(api.codes("email", email)) == {first_reason, second_reason}
        released = api.release(
            "email", email, channels=["email"], reasons=[first_reason]
        ).get_json()
        assert [row["reason"] for row in released["released"]] == [first_reason]
        assert [row["reason"] for row in released["still_denied_by"]] == [second_reason]
        assert api.codes("email", email) == [second_reason]


@pytest.mark.parametrize("temporary", ["undeliverable", "imported"])
def test_a_permanent_stop_survives_the_end_of_a_temporary_one(
    api: Api, clock: Clock, temporary: str
) -> None:
    for permanent in REASONS:
        email = f"{permanent}@example.fr"
        api.stop("email", email, reason=temporary, expires_at="2026-11-21T10:00:00Z")
        api.stop("email", email, reason=permanent)
    clock.turn(hours=1)
    for permanent in REASONS:
        assert api.codes("email", f"{permanent}@example.fr") == [permanent]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"purpose": "service"}, "/purpose"),
        ({"purpose": "profiling"}, "/channels"),
        ({"purpose": "sharing", "channels": None, "topic": "offers"}, "/topic"),
        ({"reason": "restriction"}, "/channels"),
        ({"reason": "deceased", "channels": None, "purpose": "marketing"}, "/purpose"),
        ({"channels": None}, "/channels"),
        ({"channels": []}, "/channels"),
        ({"topic": "lottery"}, "/topic"),
        ({"whole_address": True}, "/whole_address"),
        ({"occurred_at": "2026-11-21T09:36:00Z"}, "/occurred_at"),
        ({"expires_at": "2026-12-01T00:00:00Z"}, "/expires_at"),
        ({"reason": "undeliverable", "expires_at": "2026-11-01T00:00:00Z"}, "/expires_at"),
        ({"ref": "0612345678"}, "/ref"),
        ({"ref": "0033612345678"}, "/ref"),
        ({"ref": "with space"}, "/ref"),
    ],
)
def test_fields_that_do_not_go_together_are_named(
    api: Api, fields: dict[str, object], pointer: str
) -> None:
    refused = api.stop("email", EMAIL, **fields)
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.get_json()["errors"]] == [pointer]
    assert api.search("email", EMAIL)["in_force"] == []


@pytest.mark.parametrize("channels", [["sms"], ["email", "sms"]])
def test_a_channel_that_no_identifier_fits_is_refused(api: Api, channels: list[str]) -> None:
    refused = api.stop("email", EMAIL, channels=channels)
    assert refused.status_code == 422
    assert refused.get_json()["type"] == "urn:suppression:problem:channel-mismatch"
    assert api.decision("email", EMAIL) == "allow"


def test_one_bad_identifier_and_nothing_of_the_request_is_stored(api: Api) -> None:
    identifiers = [
        {"kind": "email", "value": EMAIL},
        {"kind": "phone", "value": "not a number"},
        {"kind": "postal", "value": {"name": "Jean Dupont"}},
    ]
    refused = api.post("/v1/suppressions", {"identifiers": identifiers, "channels": "all"})
    assert refused.status_code == 422
    assert refused.get_json()["type"] == "urn:suppression:problem:invalid-identifier"
    pointers = [fault["pointer"] for fault in refused.get_json()["errors"]]
    assert pointers == ["/identifiers/1/value", "/identifiers/2/value"]
    assert api.decision("email", EMAIL) == "allow"


def test_a_hashed_identifier_stops_the_plain_one(api: Api) -> None:
    digest = "1a650f4a91b04f30b3198434a7115bd444e1dbc51f0dae88b76dc4a2b820b3b9"
    identifier = {"kind": "email", "sha256": digest.upper()}
    api.post("/v1/suppressions", {"identifiers": [identifier], "channels": ["email"]})
    assert api.decision("email", EMAIL) == "deny"


def test_a_partners_hash_is_taken_on_a_stop_and_unknown_on_a_check(api: Api) -> None:
    identifier = {"kind": "phone", "sha256": "ab" * 32, "scheme": "meta-phone"}
    stopped = api.post("/v1/suppressions", {"identifiers": [identifier], "channels": ["sms"]})
    assert stopped.status_code == 201
    unheard_of = {"identifiers": [identifier | {"scheme": "rot13"}], "channels": ["sms"]}
    refused = api.post("/v1/suppressions", unheard_of)
    assert refused.get_json()["type"] == "urn:suppression:problem:invalid-identifier"
    body = {"channel": "sms", "sha256": "ab" * 32, "scheme": "meta-phone"}
    answer = api.post("/v1/checks", body).get_json()
    assert answer["reasons"] == [{"code": "scheme_unsupported"}]


def test_a_hashed_postal_identifier_is_never_allowed(api: Api) -> None:
    body = {"channel": "post", "sha256": "ab" * 32}
    assert api.post("/v1/checks", body).get_json()["decision"] == "unknown"
    identifier = {"kind": "postal", "sha256": "ab" * 32}
    api.post("/v1/suppressions", {"identifiers": [identifier], "channels": ["post"]})
    assert api.post("/v1/checks", body).get_json()["decision"] == "deny"
