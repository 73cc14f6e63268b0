"""A period of months ends on the day of its start, or on the last day of a shorter month."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.calendar.months import months_after

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def test_months_are_those_of_the_calendar_backwards_too() -> None:
    assert months_after(datetime(2026, 12, 31, tzinfo=UTC), 2).day == 28
    assert months_after(datetime(2026, 11, 30, tzinfo=UTC), -36).year == 2023


@given(DAYS, st.integers(-600, 600))
def test_it_is_that_many_months_on_and_the_day_is_kept_where_there_is_one(
    day: date, months: int
) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, monthrange(later.year, later.month)[1])


@given(DAYS, st.times(), st.integers(-600, 600))
def test_an_instant_keeps_its_time(day: date, at: time, months: int) -> None:
    instant = datetime.combine(day, at, UTC)
    later = months_after(instant, months)
    assert (later.date(), later.timetz()) == (months_after(day, months), instant.timetz())


def test_what_no_calendar_has_is_an_error() -> None:
    with pytest.raises(ValueError, match="year"):
        months_after(datetime(9999, 12, 1, tzinfo=UTC), 1)
