"""Which stops a later consent lifts, and which not (docs/architecture.md#the-decision)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consented

EMAIL = "jean.dupont@example.fr"
PHONE = "+33612345678"
POSTAL = {"name": "Jean Dupont", "street": "12 rue de la Paix", "postcode": "75002"}
STOPPED = "2026-11-22T10:00:00Z"
NEWER = "2026-11-22T10:00:00.000001Z"
LIFTED = ["objection", "unsubscribe", "consent_withdrawn", "stop_keyword", "imported"]
NEVER = ["complaint", "undeliverable"]


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("reason", LIFTED)
def test_on_email_a_newer_consent_opens_what_was_closed(french_api: Api, reason: str) -> None:
    french_api.stop("email", EMAIL, reason=reason, occurred_at=STOPPED)
    (taken,) = consented(french_api, "email", EMAIL, given_at=NEWER)
    assert taken["still_denied_by"] == []
    assert french_api.decision("email", EMAIL) == "allow"


@pytest.mark.parametrize("reason", [*LIFTED, *NEVER])
def test_of_equal_moments_the_stop_wins(french_api: Api, reason: str) -> None:
    french_api.stop("email", EMAIL, reason=reason, occurred_at=STOPPED)
    (taken,) = consented(french_api, "email", EMAIL, given_at=STOPPED)
    assert [stop["code"] for stop in taken["still_denied_by"]] == [reason]
    assert french_api.codes("email", EMAIL) == [reason]


@pytest.mark.parametrize("reason", NEVER)
def test_some_stops_are_never_lifted_by_a_consent(french_api: Api, reason: str) -> None:
    french_api.stop("email", EMAIL, reason=reason, occurred_at=STOPPED)
    (taken,) = consented(french_api, "email", EMAIL, given_at=NEWER)
    assert [stop["code"] for stop in taken["still_denied_by"]] == [reason]
    assert french_api.codes("email", EMAIL) == [reason]


@pytest.mark.parametrize("reason", ["restriction", "deceased"])
@pytest.mark.parametrize(("kind", "identifier"), [("email", EMAIL), ("phone", PHONE)])
def test_nor_is_what_covers_everything(
    french_api: Api, kind: str, identifier: str, reason: str
) -> None:
    french_api.stop(kind, identifier, reason=reason, channels=None, occurred_at=STOPPED)
    for consent in consented(french_api, kind, identifier, given_at=NEWER):
        assert [stop["code"] for stop in consent["still_denied_by"]] == [reason]
        assert french_api.codes(consent["channel"], identifier) == [reason]


@pytest.mark.parametrize("reason", [*LIFTED, *NEVER])
@pytest.mark.parametrize(("kind", "identifier"), [("phone", PHONE), ("postal", POSTAL)])
def test_where_a_line_or_a_door_is_shared_no_consent_lifts_a_stop(
    french_api: Api, kind: str, identifier: object, reason: str
) -> None:
    french_api.stop(kind, identifier, reason=reason, occurred_at=STOPPED)
    for consent in consented(french_api, kind, identifier, given_at=NEWER):
        assert [stop["code"] for stop in consent["still_denied_by"]] == [reason]
        assert french_api.decision(consent["channel"], identifier) == "deny"


def test_a_consent_opens_its_own_topic_and_nothing_else(french_api: Api) -> None:
    french_api.stop("email", EMAIL, occurred_at=STOPPED)
    (taken,) = consented(french_api, "email", EMAIL, given_at=NEWER, topics=["offers"])
    assert taken["still_denied_by"] == []
    assert french_api.decision("email", EMAIL, topic="offers") == "allow"
    assert french_api.decision("email", EMAIL, topic="newsletter") == "deny"
    assert french_api.decision("email", EMAIL) == "deny"


def test_a_consent_to_all_opens_no_topic_that_was_closed(french_api: Api) -> None:
    french_api.stop("email", EMAIL, topic="offers", occurred_at=STOPPED)
    (taken,) = consented(french_api, "email", EMAIL, given_at=NEWER)
    denied = [(stop["code"], stop["topic"]) for stop in taken["still_denied_by"]]
    assert denied == [("objection", "offers")]
    assert french_api.decision("email", EMAIL, topic="offers") == "deny"


def test_a_stop_after_the_consent_closes_again(french_api: Api, clock: Clock) -> None:
    french_api.stop("email", EMAIL, occurred_at=STOPPED)
    consented(french_api, "email", EMAIL, given_at=NEWER)
    clock.turn(minutes=1)
    french_api.stop("email", EMAIL)
    assert french_api.decision("email", EMAIL) == "deny"


def test_a_consent_that_ended_opens_nothing(french_api: Api, clock: Clock) -> None:
    french_api.stop("email", EMAIL, occurred_at=STOPPED)
    consented(french_api, "email", EMAIL, given_at=NEWER, until="2026-11-23T09:31:00Z")
    assert french_api.decision("email", EMAIL) == "allow"
    clock.turn(minutes=1)
    assert french_api.codes("email", EMAIL) == ["objection", "no_consent", "consent_ended"]


def test_another_writing_of_the_mailbox_stays_stopped(french_api: Api) -> None:
    french_api.stop("email", "jeandupont@gmail.com", occurred_at=STOPPED)
    consented(french_api, "email", "jeandupont@gmail.com", given_at=NEWER)
    assert french_api.decision("email", "jeandupont@gmail.com") == "allow"
    assert french_api.decision("email", "jean.dupont@gmail.com") == "deny"
