"""No link opens a topic beyond the end of the consent that overrides an objection.

The attack: a person objected, and later agreed to one topic until a date. They clicked on a link,
and the choice by an older link, which has no end, went on allowing the topic after that date.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.attacks.effects import link
from tests.attacks.test_reopening_by_link import click
from tests.conftest import Clock
from tests.consenting import consented
from tests.web.pages.test_preferences import save

EMAIL = "jean.dupont@example.fr"
DAYS = 20


@pytest.mark.parametrize(("ends", "status"), [(True, 200), (False, 303)])
def test_an_older_link_opens_the_topic_only_if_that_consent_has_no_end(
    api: Api, clock: Clock, *, ends: bool, status: int
) -> None:
    api.stop("email", EMAIL, channels=["email"])
    clock.turn(days=1)
    until = {"until": to_rfc3339(clock.now + timedelta(days=DAYS))} if ends else {}
    consented(api, "email", EMAIL, topics=["offers"], given_at=to_rfc3339(clock.now), **until)
    clock.turn(minutes=1)
    old = link(api, EMAIL)
    clock.turn(days=1)
    click(api, old)
    clock.turn(days=1)
    assert save(api, f"{old}/choices", "offers", shown=[]).status_code == status
    clock.turn(days=DAYS)
    decision = "deny" if ends else "allow"
    assert api.decision("email", EMAIL, topic="offers") == decision
