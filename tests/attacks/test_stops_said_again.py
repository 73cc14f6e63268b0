"""A stop that is repeated after a newer consent is stored, even with its old Idempotency-Key.

The attack: a system that derives its Idempotency-Key from the person sends a stop, the person
consents, and stops again within 48 hours. The second stop got the stored answer of the first one,
and the person stayed allowed.
"""

from __future__ import annotations

import hashlib

import pytest

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consented

EMAIL = "jean.dupont@example.fr"
KEY = {"Idempotency-Key": "unsubscribed-84213"}
DIGEST = hashlib.sha256(EMAIL.encode()).hexdigest()
MAILBOX = ("jean.dupont@gmail.com", "jeandupont+shop@gmail.com")

STOPS = {
    "an address": ({"kind": "email", "value": EMAIL}, EMAIL),
    "a hashed address": ({"kind": "email", "sha256": DIGEST}, EMAIL),
    "another writing of the mailbox": ({"kind": "email", "value": MAILBOX[0]}, MAILBOX[1]),
    "a partner's hash": ({"kind": "email", "sha256": DIGEST, "scheme": "google-email"}, EMAIL),
}


def said(api: Api, identifier: dict[str, str], **fields: object) -> bool:
    """Send a stop with the Idempotency-Key; return whether the answer is a replayed one."""
    body = {"identifiers": [identifier], "channels": ["email"]} | fields
    answer = api.post("/v1/suppressions", body, headers=KEY)
    assert answer.status_code in {200, 201}, answer.text
    return answer.headers.get("Idempotency-Replayed") == "true"


def consent_now(api: Api, clock: Clock, identifier: str, **fields: object) -> None:
    """Turn the clock by a minute, record a consent given now, and turn it by another minute."""
    clock.turn(minutes=1)
    consented(api, "email", identifier, given_at=to_rfc3339(clock.now), **fields)
    clock.turn(minutes=1)


@pytest.mark.parametrize("topic", ["", "offers"])
@pytest.mark.parametrize("how", STOPS)
def test_a_stop_is_no_replay_once_a_consent_lifted_the_first(
    french_api: Api, clock: Clock, how: str, topic: str
) -> None:
    identifier, person = STOPS[how]
    about = {"topic": topic} if topic else {}
    said(french_api, identifier, **about)
    consent_now(french_api, clock, person, **({"topics": [topic]} if topic else {}))
    assert french_api.decision("email", person, **about) == "allow"
    assert not said(french_api, identifier, **about)
    for _ in range(2):
        assert french_api.codes("email", person, **about)[0] == "objection"
        clock.turn(hours=1)
    assert said(french_api, identifier, **about)


def test_nor_is_a_withdrawal_of_another_writing_of_the_mailbox(
    french_api: Api, clock: Clock
) -> None:
    body = {"kind": "email", "identifier": MAILBOX[0], "channels": "all"}
    french_api.post("/v1/consents/withdraw", body, headers=KEY)
    consent_now(french_api, clock, MAILBOX[1])
    assert french_api.decision("email", MAILBOX[1]) == "allow"
    french_api.post("/v1/consents/withdraw", body, headers=KEY)
    assert french_api.codes("email", MAILBOX[1])[0] == "consent_withdrawn"


def test_after_the_consent_of_somebody_else_a_stop_said_again_changes_nothing(
    french_api: Api, clock: Clock
) -> None:
    """The service cannot tell whose consent it was, as each writing has its own fingerprints."""
    identifier, _ = STOPS["an address"]
    assert not said(french_api, identifier)
    assert said(french_api, identifier)
    consent_now(french_api, clock, "anna.martin@example.fr")
    assert not said(french_api, identifier)
    assert french_api.decision("email", EMAIL) == "deny"
    assert french_api.decision("email", "anna.martin@example.fr") == "allow"


def test_a_stop_with_a_date_of_its_own_is_replayed_since_it_is_no_newer(
    french_api: Api, clock: Clock
) -> None:
    identifier, _ = STOPS["an address"]
    said(french_api, identifier, occurred_at="2026-11-20T10:00:00Z")
    consent_now(french_api, clock, EMAIL)
    assert said(french_api, identifier, occurred_at="2026-11-20T10:00:00Z")
    assert french_api.decision("email", EMAIL) == "allow"
