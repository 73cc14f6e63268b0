"""A consent from the future, or for too long a time, is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.consents.model import check_consent_dates
from suppression.domain.errors import InvalidValueError

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
A_YEAR_ON = datetime(2027, 11, 23, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("given_at", "until", "months"),
    [
        (NOW, None, 12),
        (NOW + timedelta(minutes=5), None, 12),
        (NOW, A_YEAR_ON, 12),
        (NOW, NOW + SECOND, 12),
        (NOW, A_YEAR_ON + timedelta(days=900), 0),
    ],
)
def test_a_consent_may_hold_up_to_what_the_policy_lets_it(
    given_at: datetime, until: datetime | None, months: int
) -> None:
    check_consent_dates(given_at, until, months=months, now=NOW)


@pytest.mark.parametrize(
    ("given_at", "until", "pointer"),
    [
        (NOW + timedelta(minutes=5) + SECOND, None, "/given_at"),
        (NOW, NOW, "/until"),
        (NOW, NOW - SECOND, "/until"),
        (NOW, A_YEAR_ON + SECOND, "/until"),
    ],
)
def test_a_consent_from_the_future_or_for_too_long_is_refused(
    given_at: datetime, until: datetime | None, pointer: str
) -> None:
    with pytest.raises(InvalidValueError) as refused:
        check_consent_dates(given_at, until, months=12, now=NOW)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
