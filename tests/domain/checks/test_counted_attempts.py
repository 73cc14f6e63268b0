"""Attempts count by whole days, in the time zones where the person may be."""

from __future__ import annotations

from datetime import UTC, datetime

from suppression.domain.calendar.locations import UNKNOWN_LOCATION, Location
from suppression.domain.checks.blockers import count_attempts
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.phone.locations import location_of_territory
from suppression.domain.policies.presets import preset_policies
from suppression.domain.suppressions.active import ContactHistory, SubjectState
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, Kind, Preset, Purpose, Sector

CALLS = Scope(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING)
# 23:30 on 1 November in Paris, 2 November in Reunion.
ATTEMPT = datetime(2026, 11, 1, 22, 30, tzinfo=UTC)


def test_the_thirtieth_day_after_an_attempt_still_counts_to_its_end() -> None:
    assert _counted(location_of_territory("FR"), datetime(2026, 12, 1, 22, 59, tzinfo=UTC)) == 1
    assert _counted(location_of_territory("FR"), datetime(2026, 12, 1, 23, tzinfo=UTC)) == 0


def test_of_several_zones_the_one_counts_that_makes_the_most() -> None:
    both = Location(zones=("Europe/Paris", "Indian/Reunion"))
    assert _counted(both, datetime(2026, 12, 2, 12, tzinfo=UTC)) == 1


def test_without_a_zone_a_day_lasts_until_it_has_ended_everywhere() -> None:
    assert _counted(UNKNOWN_LOCATION, datetime(2026, 12, 2, 11, 59, tzinfo=UTC)) == 1
    assert _counted(UNKNOWN_LOCATION, datetime(2026, 12, 2, 12, tzinfo=UTC)) == 0


def _counted(place: Location, instant: datetime) -> int:
    check = CheckRequest(subject=Subject(kind=Kind.PHONE, forms=(), place=place), scope=CALLS)
    policies = preset_policies(Preset.FR_2026, Sector.GENERAL).policies
    policy = policies[Channel.TELEPHONE, Purpose.MARKETING]
    state = SubjectState(contacts=ContactHistory(attempts=(ATTEMPT,)))
    return count_attempts(check, policy, state, instant)
