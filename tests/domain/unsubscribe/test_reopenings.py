from __future__ import annotations

from datetime import date, timedelta

from suppression.domain.unsubscribe.reopenings import (
    SHOWN_DAYS,
    first_day_needed,
    is_unusual,
    shown_days,
)

TODAY = date(2026, 11, 21)
EVERY_DAY = [TODAY - timedelta(days=ago) for ago in range(1, 29)]


def test_up_to_ten_are_never_unusual() -> None:
    assert not is_unusual({TODAY: 10}, TODAY)
    assert is_unusual({TODAY: 11}, TODAY)
    assert not is_unusual({}, TODAY)


def test_more_than_four_times_the_mean_of_the_28_days_before_are() -> None:
    before = dict.fromkeys(EVERY_DAY, 5)
    assert not is_unusual(before | {TODAY: 20}, TODAY)
    assert is_unusual(before | {TODAY: 21}, TODAY)


def test_a_day_before_those_does_not_count() -> None:
    assert is_unusual({TODAY - timedelta(days=29): 1000, TODAY: 11}, TODAY)


def test_every_shown_day_can_be_judged() -> None:
    days = shown_days({TODAY: 11}, TODAY)
    assert [
        (reopening_day.day, reopening_day.number, reopening_day.unusual)
        for reopening_day in days[:2]
    ] == [
        (TODAY, 11, True),
        (TODAY - timedelta(days=1), 0, False),
    ]
    assert len(days) == SHOWN_DAYS
    assert first_day_needed(TODAY) == days[-1].day - timedelta(days=28)
