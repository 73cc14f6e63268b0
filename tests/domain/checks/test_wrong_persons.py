"""While a stop may tell that a number is somebody else's, no older consent to sharing it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.checks.decision import decide
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.identifiers.fingerprints import controller_keys
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.policies.presets import preset_policies
from suppression.domain.suppressions.active import ActiveConsent, ActiveSuppression, SubjectState
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, Decision, Kind, Preset, Purpose, Reason, Sector

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SHARING = Scope(channel=None, purpose=Purpose.SHARING)
CHECK = CheckRequest(
    subject=controller_keys("okwind", {1: bytes(32)}).subject(
        parse_identifier(Kind.PHONE, "+33612345678", region="FR")
    ),
    scope=SHARING,
)


@pytest.mark.parametrize(
    ("given", "decision"), [(-1, Decision.DENY), (0, Decision.DENY), (1, Decision.ALLOW)], ids=str
)
def test_a_consent_no_newer_than_the_stop_counts_no_more(given: int, decision: Decision) -> None:
    assert _decision(given_at=NOW - 5 * DAY + given * DAY) is decision


@pytest.mark.parametrize(
    ("channel", "reason", "end"),
    [
        (Channel.SMS, Reason.UNDELIVERABLE, None),
        (Channel.TELEPHONE, Reason.OBJECTION, None),
        (Channel.TELEPHONE, Reason.UNDELIVERABLE, NOW - DAY),
    ],
    ids=["a bounce by SMS", "an objection to calls", "a stop that is over"],
)
def test_no_other_stop_tells_of_a_wrong_person(
    channel: Channel, reason: Reason, end: datetime | None
) -> None:
    decision = _decision(given_at=NOW - 9 * DAY, channel=channel, reason=reason, end=end)
    assert decision is Decision.ALLOW


def _decision(
    *,
    given_at: datetime,
    channel: Channel = Channel.TELEPHONE,
    reason: Reason = Reason.UNDELIVERABLE,
    end: datetime | None = None,
) -> Decision:
    """Return the decision on sharing a number that was stopped five days ago."""
    stopped_at = NOW - 5 * DAY
    stop = ActiveSuppression(
        scope=Scope(channel=channel, purpose=Purpose.MARKETING),
        reason=reason,
        since=stopped_at,
        last_occurred_at=stopped_at,
        expires_at=end,
    )
    consent = ActiveConsent(scope=SHARING, given_at=given_at, until=None, lifts=True)
    policies = preset_policies(Preset.FR_2026, Sector.GENERAL).policies
    state = SubjectState(suppressions=(stop,), consents=(consent,))
    policy = policies[None, Purpose.SHARING]
    return decide(CHECK, policy, state, now=NOW, ttl=timedelta(minutes=5)).decision
