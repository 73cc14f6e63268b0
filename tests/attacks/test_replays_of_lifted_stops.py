"""A stop repeated with its Idempotency-Key is recorded if its first sending has been released.

The attack: a stop with a key, a release, and a click on a link. The stop was repeated with its key
and got the stored answer of the first one, because a row was in force. That row was only the
click's: the click's page undid it, an older link reopened it, and the stop that was acknowledged
after the click was lost.
"""

from __future__ import annotations

from typing import Any

import pytest

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.attacks.effects import UNDO, link
from tests.attacks.test_pages_shown_before import looked_up
from tests.attacks.test_reopening_by_link import click, open_again
from tests.conftest import Clock
from tests.consenting import consented
from tests.web.console.browser import Browser

EMAIL, PHONE = "jean.dupont@example.fr", "+33612345678"
KEY = {"Idempotency-Key": "letter-1"}
STOP: dict[str, Any] = {
    "identifiers": [{"kind": "email", "value": EMAIL}],
    "channels": ["email"],
    "reason": "unsubscribe",
}
DOORS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "stop": ("suppressions", STOP, "email", "unsubscribe"),
    "withdrawal": (
        "consents/withdraw",
        {"kind": "email", "identifier": EMAIL, "channels": ["email"]},
        "email",
        "consent_withdrawn",
    ),
    "call": ("outcomes", {"identifier": PHONE, "outcome": "stop"}, "telephone", "objection"),
    "wrong person": (
        "outcomes",
        {"identifier": PHONE, "outcome": "wrong_person"},
        "telephone",
        "undeliverable",
    ),
    "text": ("inbound/sms", {"number": PHONE, "text": "STOP"}, "sms", "stop_keyword"),
}
"""The ways to stop, by name: the path, the body, and the channel and reason of the stored row."""


def said(api: Api, path: str = "suppressions", body: dict[str, Any] = STOP) -> bool:
    """Send a stop with the Idempotency-Key; return whether the answer is a replayed one."""
    answer = api.post(f"/v1/{path}", body, headers=KEY)
    assert answer.status_code in {200, 201}, answer.text
    return answer.headers.get("Idempotency-Replayed") == "true"


def lift(api: Api, why: str = "person_asked", **fields: Any) -> None:  # noqa: ANN401
    """Release a stop, by default that of EMAIL; something must be released."""
    fields = {"channels": ["email"], "reasons": ["unsubscribe"]} | fields
    kind = "email" if fields["channels"] == ["email"] else "phone"
    value = EMAIL if kind == "email" else PHONE
    assert api.release(kind, value, why=why, **fields).get_json()["released"]


def undone(api: Api, page: str) -> int:
    """Press the undo button on the page of a click and return the status."""
    (token,) = UNDO.findall(api.send("GET", page).text)
    return api.post(page, data={"undo": token}).status_code


@pytest.mark.parametrize("why", ["person_asked", "mistake", "reassigned"])
@pytest.mark.parametrize("how", ["undo", "older link"])
def test_no_click_made_since_takes_it_along(api: Api, clock: Clock, how: str, why: str) -> None:
    said(api)
    clock.turn(minutes=1)
    older = link(api, EMAIL)
    lift(api, why)
    clock.turn(hours=24)
    page = click(api, older)
    clock.turn(minutes=1)
    assert not said(api)
    clock.turn(minutes=1)
    if how == "undo":
        assert undone(api, page) == 409
    else:
        assert open_again(api, older) == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"
    assert said(api), "the second telling is kept in the place of the first"


@pytest.mark.parametrize("door", DOORS)
def test_it_leaves_its_date_on_the_row_that_another_stop_opened(
    api: Api, clock: Clock, door: str
) -> None:
    path, body, channel, reason = DOORS[door]
    kind, value = ("email", EMAIL) if channel == "email" else ("phone", PHONE)
    said(api, path, body)
    clock.turn(hours=1)
    lift(api, channels=[channel], reasons=[reason])
    clock.turn(hours=1)
    api.stop(kind, value, channels=[channel], reason=reason)
    clock.turn(hours=1)
    assert not said(api, path, body)
    rows = api.search(kind, value, channel=channel)["in_force"]
    assert [row["last_occurred_at"] for row in rows] == [to_rfc3339(clock.now)]
    clock.turn(hours=1)
    assert said(api, path, body), "nothing was lifted since"


def test_a_consent_from_before_it_that_is_told_later_opens_nothing(api: Api, clock: Clock) -> None:
    said(api)
    clock.turn(hours=1)
    lift(api)
    clock.turn(hours=1)
    api.post("/v1/suppressions", STOP | {"occurred_at": "2026-11-01T10:00:00Z"})
    clock.turn(hours=1)
    given = to_rfc3339(clock.now)
    clock.turn(hours=1)
    said(api)
    clock.turn(hours=1)
    consented(api, "email", EMAIL, given_at=given)
    assert api.decision("email", EMAIL) == "deny"


def test_a_page_shown_before_it_lifts_nothing(api: Api, clock: Clock, dpo: Browser) -> None:
    said(api)
    clock.turn(minutes=1)
    lift(api)
    clock.turn(minutes=1)
    api.post("/v1/suppressions", STOP)
    (shown,) = looked_up(dpo)
    clock.turn(minutes=1)
    said(api)
    clock.turn(minutes=1)
    assert dpo.post("/okwind/release", shown).status_code == 409
    assert api.decision("email", EMAIL) == "deny"


def test_a_stop_that_was_never_lifted_is_replayed_whatever_was_clicked(
    api: Api, clock: Clock
) -> None:
    old = link(api, EMAIL)
    clock.turn(days=1)
    click(api, old)
    clock.turn(minutes=1)
    assert not said(api)
    clock.turn(minutes=1)
    click(api, old)
    clock.turn(minutes=1)
    assert said(api)
    assert open_again(api, old) == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"
