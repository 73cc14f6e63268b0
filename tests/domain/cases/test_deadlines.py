"""Deadlines agree with known answers, and with another calculation for a thousand days."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.cases.deadlines import (
    day_in,
    due_on,
    end_of_day,
    extended_due_on,
    instant_in,
)

VECTORS = json.loads(Path("tests/vectors/deadlines.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["received"]))
def test_the_known_answers_hold(vector: dict[str, str]) -> None:
    received = date.fromisoformat(vector["received"])
    assert due_on(received, "FR") == date.fromisoformat(vector["due"])
    assert extended_due_on(received, "FR") == date.fromisoformat(vector["extended"])


def test_a_thousand_days_agree_with_an_independent_calculation() -> None:
    first = date(2024, 1, 29)
    for count in range(1000):
        received = first + timedelta(days=count)
        assert due_on(received, "FR") == otherwise(received, 1), received
        assert extended_due_on(received, "FR") == otherwise(received, 3), received


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_an_extended_deadline_is_never_before_the_first(received: date) -> None:
    assert received < due_on(received, "FR") < extended_due_on(received, "FR")


def test_a_country_without_known_holidays_has_weekends() -> None:
    assert due_on(date(2026, 4, 14), "XX") == date(2026, 5, 14)
    assert due_on(date(2026, 1, 31), "XX") == date(2026, 3, 2)


def test_a_territory_keeps_its_own_holidays() -> None:
    assert due_on(date(2026, 4, 22), "FR") == date(2026, 5, 22)
    assert due_on(date(2026, 4, 22), "MQ") == date(2026, 5, 26)  # abolition, then Whit Monday


def test_a_day_begins_where_the_controller_is() -> None:
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert day_in("FR", late) == date(2026, 7, 2)
    assert day_in("XX", late) == date(2026, 7, 1)
    assert end_of_day(date(2026, 7, 1), "FR") < late


@pytest.mark.parametrize(
    ("country", "begins"),
    [
        ("FR", "2026-06-30T22:00"),
        ("BE", "2026-06-30T22:00"),
        ("PT", "2026-06-30T23:00"),
        ("GR", "2026-06-30T21:00"),
        ("RE", "2026-06-30T20:00"),
        ("GP", "2026-07-01T04:00"),
        ("PF", "2026-07-01T10:00"),
        ("NC", "2026-06-30T13:00"),
        ("XX", "2026-07-01T00:00"),
    ],
)
def test_a_controllers_day_is_that_of_its_own_country(country: str, begins: str) -> None:
    first = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    tick = timedelta(microseconds=1)
    assert day_in(country, first) == date(2026, 7, 1)
    assert day_in(country, first - tick) == date(2026, 6, 30)
    assert instant_in(country, date(2026, 7, 1), time.min) == first


@pytest.mark.parametrize(
    ("country", "next_day_begins"),
    [
        ("FR", "2026-06-30T22:00"),
        ("PT", "2026-07-01T00:00"),  # on the Azores
        ("PF", "2026-07-01T10:00"),
        ("XX", "2026-07-01T12:00"),  # nobody knows where
    ],
)
def test_a_day_ends_once_it_has_ended_everywhere_in_the_country(
    country: str, next_day_begins: str
) -> None:
    next_day = datetime.fromisoformat(next_day_begins).replace(tzinfo=UTC)
    assert end_of_day(date(2026, 6, 30), country) == next_day - timedelta(microseconds=1)


def otherwise(received: date, months: int) -> date:
    """Return the deadline, calculated by stepping through the days, with L3133-1's holidays."""
    firsts, day = 0, received
    while firsts < months:
        day += timedelta(days=1)
        firsts += day.day == 1
    target_month = day.month
    while day.day < received.day and (day + timedelta(days=1)).month == target_month:
        day += timedelta(days=1)
    while day.isoweekday() in {6, 7} or day in holidays_of(day.year):
        day += timedelta(days=1)
    return day


def holidays_of(year: int) -> set[date]:
    """Return the public holidays of a year (code du travail L3133-1)."""
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)
    days = {date(year, month, day) for month, day in fixed}
    return days | {easter(year) + timedelta(days=after) for after in moving}


def easter(year: int) -> date:
    """Return Easter Sunday, by the anonymous Gregorian algorithm (Meeus, Jones, Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, remainder = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    quarter, last = divmod(rest, 4)
    week = (32 + 2 * remainder + 2 * quarter - moon - last) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)
