"""A look-up shows what a check says now, whatever the machine's and the database's clocks say.

The attack: on a machine three hours fast, a look-up showed no stop and "a check would have said:
allow" for an address that every check denied.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.cases.vocabulary import LookUpPurpose
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import Channel, Decision, Kind
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.lookup.look_up import LookupResult, look_up_person
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user, list_users
from tests.api import Api
from tests.attacks.test_ends_by_two_clocks import EMAIL, Off, calling_hours, off
from tests.conftest import Clock
from tests.consenting import consented, states
from tests.policies import set_policies

__all__ = ["calling_hours", "off"]

OFF = pytest.mark.parametrize("hours", [-3, 0, 3])


def look_up(api: Api) -> LookupResult:
    """Return what a look-up of EMAIL by this machine shows."""
    services: Services = api.app.extensions["suppression"]
    with api.app.app_context():
        okonect, now = find_controller("okonect"), services.clock()
        create_user(services, okonect, "m.durand", Role.DPO, now=now)
        (user,) = list_users(okonect)
        subject = services.subject(okonect, Kind.EMAIL, EMAIL, consent=True)
        (result,) = look_up_person(
            services, okonect, [subject], LookUpPurpose.COMPLAINT, by=user, now=now
        )
    return result


def decision(result: LookupResult) -> Decision:
    """Return what a check of e-mail would have said, as the look-up shows it."""
    (shown,) = [checked for checked in result.checked if checked.scope.channel is Channel.EMAIL]
    return shown.answer.decision


@OFF
def test_a_stop_with_an_end_is_shown_as_long_as_a_check_denies_by_it(
    french_api: Api, off: Off, clock: Clock, hours: int
) -> None:
    consented(french_api, "email", EMAIL)
    end = to_rfc3339(clock.now + timedelta(hours=2))
    french_api.stop("email", EMAIL, reason="undeliverable", expires_at=end)
    machine = off(hours=hours)
    result = look_up(machine)
    assert len(result.in_force) == len(machine.search("email", EMAIL)["in_force"]) == 1
    assert decision(result) == machine.decision("email", EMAIL) == "deny"
    assert result.at == min(clock.now, clock.now + timedelta(hours=hours))


@OFF
def test_a_consent_that_one_clock_says_is_over_allows_nothing_and_is_not_shown_as_over(
    french_api: Api, off: Off, clock: Clock, hours: int
) -> None:
    consented(french_api, "email", EMAIL, until=to_rfc3339(clock.now + timedelta(hours=2)))
    clock.turn(hours=3 if hours < 0 else 0)
    machine = off(hours=hours)
    result = look_up(machine)
    assert decision(result) == machine.decision("email", EMAIL)
    assert decision(result) == ("allow" if hours == 0 else "deny")
    assert states(machine, "email", EMAIL) == ["in_force"]


@OFF
def test_the_policy_of_now_is_the_one_that_a_check_uses(
    french_api: Api, off: Off, clock: Clock, hours: int
) -> None:
    clock.turn(minutes=5)
    set_policies(french_api.app, "okonect", "email.marketing.rule=opt_out")
    machine = off(hours=hours)
    assert decision(look_up(machine)) == machine.decision("email", EMAIL) == "allow"
