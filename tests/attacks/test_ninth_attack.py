"""Faults that the ninth attack found: lost second numbers of six digits, and days taken as UTC."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import Preset, Sector
from suppression.usecases.controllers.create import create_controller
from suppression.usecases.services import Services
from tests.api import Api, make_key
from tests.conftest import Clock
from tests.consenting import consented
from tests.web.console.browser import STOP, signed_in

EMAIL = "jean.dupont@example.fr"
TWO = [
    "751234;761234",
    "751234 / x761234",
    "751234,,761234",
    "75 12 34 ou 76 12 34",
    "751234 et 761234",
    "751234 fax 761234",
]


@pytest.mark.parametrize("text", TWO)
def test_of_two_numbers_of_six_digits_the_second_is_not_dropped(api: Api, text: str) -> None:
    """Numbers of New Caledonia, Wallis, Andorra and older ones of Luxembourg have six digits."""
    body = {"identifiers": [{"kind": "phone", "value": text, "country": "NC"}], "channels": "all"}
    answer = api.post("/v1/suppressions", body)
    if answer.status_code != 422:
        assert "objection" in api.codes("telephone", "+687761234")


@pytest.mark.parametrize(
    ("country", "local_evening"),
    [
        ("US", "2026-11-21T01:30:00+00:00"),  # 20:30 of the 20th in New York
        ("CA", "2026-11-21T01:30:00+00:00"),  # 20:30 of the 20th in Montreal
        ("ES", "2026-11-20T23:50:00+00:00"),  # 23:50 of the 20th on the Canaries
        ("PT", "2026-11-21T00:30:00+00:00"),  # 23:30 of the 20th on the Azores
    ],
)
def test_no_consent_of_a_day_outlives_a_stop_of_that_day_where_it_was_still_that_day(
    app: Flask, clock: Clock, seen: set[str], country: str, local_evening: str
) -> None:
    """The stop of a letter counts from the end of its day, so that no consent of that day wins."""
    clock.now = datetime.fromisoformat(local_evening)
    services: Services = app.extensions["suppression"]
    with app.app_context():
        company = create_controller(
            "abroad",
            name="Abroad",
            country=country,
            preset=Preset.FR_2026,
            sector=Sector.GENERAL,
            now=services.clock(),
        )
    api = Api(app, make_key(app, company), seen)
    consented(api, "email", EMAIL, given_at=to_rfc3339(clock.now - timedelta(minutes=20)))
    assert api.decision("email", EMAIL) == "allow"
    clerk = signed_in(app, clock, seen, {company: Role.INTAKE}, login="a.clerk")
    letter = STOP | {"channels": "email", "phones": "", "emails": EMAIL}
    page = clerk.post("/abroad/record", letter | {"received_on": "2026-11-20"})
    assert page.status_code == 200, clerk.text
    assert clerk.reference()
    assert api.decision("email", EMAIL) == "deny"
