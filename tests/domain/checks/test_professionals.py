"""For professionals no consent and no calling hours apply; objections and SMS hours do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.checks.decision import decide
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.phone.locations import location_of_territory
from suppression.domain.policies.presets import preset_policies
from suppression.domain.suppressions.active import SubjectState
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Audience, Channel, Kind, Preset, Purpose, Sector

SUNDAY_NIGHT = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
EIGHT_IN_PARIS = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "codes", "retry_at"),
    [
        (Channel.TELEPHONE, [], None),
        (Channel.SMS, ["outside_hours"], EIGHT_IN_PARIS),
    ],
)
def test_hours_of_calls_are_for_consumers_and_hours_of_sms_for_everybody(
    channel: Channel, codes: list[str], retry_at: datetime | None
) -> None:
    check = CheckRequest(
        subject=Subject(kind=Kind.PHONE, forms=(), place=location_of_territory("FR")),
        scope=Scope(channel=channel, purpose=Purpose.MARKETING),
        audience=Audience.PROFESSIONAL,
    )
    policy = preset_policies(Preset.FR_2026, Sector.GENERAL).policies[channel, Purpose.MARKETING]
    answer = decide(check, policy, SubjectState(), now=SUNDAY_NIGHT, ttl=timedelta(hours=1))
    assert ([reason.code for reason in answer.reasons], answer.retry_at) == (codes, retry_at)
