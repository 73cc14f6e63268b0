"""*Look up* treats agreed times under a reading that may be another number as a check does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.cases.vocabulary import LookUpPurpose
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import Channel, Kind
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.lookup.look_up import look_up_person
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user, list_users
from tests.api import Api
from tests.conftest import Clock

AGREED = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("agreed", "looked_up", "allowed"),
    [
        ("+4915123456789", "+4915123456789", True),
        ("+22997123456", "+2290197123456", True),
        ("+4915123456789", "4915123456789", False),
        ("+494915123456789", "4915123456789", False),
        ("+4930901820366", "030 901820 dom", False),
    ],
)
def test_a_look_up_shows_the_agreed_time_and_lets_it_allow_its_own_number_alone(
    app: Flask, french_api: Api, clock: Clock, agreed: str, looked_up: str, *, allowed: bool
) -> None:
    clock.now = AGREED - timedelta(days=1)
    body = {"identifier": agreed, "outcome": "callback", "callback_at": to_rfc3339(AGREED)}
    french_api.post("/v1/outcomes", body)
    clock.now = AGREED
    checked = french_api.decision("telephone", looked_up, country="DE")
    services: Services = app.extensions["suppression"]
    with app.app_context():
        controller = find_controller("okonect")
        create_user(services, controller, "m.durand", Role.DPO, now=clock.now)
        (lookup_result,) = look_up_person(
            services,
            controller,
            [services.subject(controller, Kind.PHONE, looked_up, country="DE")],
            LookUpPurpose.COMPLAINT,
            by=list_users(controller)[0],
            now=clock.now,
        )
    (recalled,) = (
        row.answer for row in lookup_result.checked if row.scope.channel is Channel.TELEPHONE
    )
    assert [entry.occurred_at for entry in lookup_result.history] == [AGREED]
    assert (recalled.decision == "allow", checked == "allow") == (allowed, allowed)
