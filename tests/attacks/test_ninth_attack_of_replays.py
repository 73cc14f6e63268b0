"""A stop that is repeated with its Idempotency-Key voids a consent given since the first stop.

The ninth attack: a replay left the row's last date at the first stop's. After the stop was
released, a consent given between the two stops counted, though the second stop was newer.
"""

# ruff: noqa: F811 - fixtures of other modules

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.attacks.test_consents_of_other_writings import (  # noqa: F401 - fixtures
    HOME,
    calling_hours,
    company,
)
from tests.conftest import Clock
from tests.consenting import consented
from tests.policies import set_policies

KEY = {"Idempotency-Key": "unsubscribed-84213"}
JEAN, PHONE = HOME | {"name": "Jean Dupont"}, "+33612345678"
WAYS: dict[str, tuple[str, Any, str | None, dict[str, str], dict[str, Any]]] = {
    "post": ("postal", JEAN, "post", {}, {"channels": "all"}),
    "telephone": ("phone", PHONE, "telephone", {}, {"channels": "all"}),
    "sms": ("phone", PHONE, "sms", {}, {"channels": "all"}),
    "profiling": (
        "email",
        "jean@example.fr",
        None,
        {"purpose": "profiling"},
        {"purpose": "profiling"},
    ),
    "restriction": ("email", "jean@example.fr", "email", {}, {"reason": "restriction"}),
}


@pytest.mark.parametrize("headers", [{}, KEY], ids=["without key", "with key"])
@pytest.mark.parametrize("way", WAYS)
def test_a_stop_said_again_voids_a_consent_given_since_the_first(
    app: Flask, company: Api, clock: Clock, way: str, headers: dict[str, str]
) -> None:
    kind, value, channel, scope_asked, scope = WAYS[way]
    set_policies(app, "okonect", "profiling.rule=opt_in")
    body = {"identifiers": [{"kind": kind, "value": value}]} | scope
    lifting = {k: v for k, v in body.items() if k != "reason"} | {
        "why": "person_asked",
        "reasons": [scope.get("reason", "objection")],
    }
    assert company.post("/v1/suppressions", body, headers=headers).status_code == 201
    clock.turn(hours=1)
    of_consent = {"purpose": "profiling", "channels": None} if scope_asked else {}
    consented(company, kind, value, given_at=to_rfc3339(clock.now), **of_consent)
    clock.turn(hours=1)
    assert company.post("/v1/suppressions", body, headers=headers).status_code in {200, 201}
    clock.turn(hours=1)
    assert company.post("/v1/suppressions/release", lifting).get_json()["released"]
    about = scope_asked | ({} if channel else {"kind": kind})
    assert company.decision(channel, value, **about) == "deny"
