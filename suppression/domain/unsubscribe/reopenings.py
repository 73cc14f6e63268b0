"""Reopenings of what a click had closed: counts by day, and unusual days.

A person reopens a topic by a link older than the click, or by undoing the click.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SHOWN_DAYS = 30
COMPARED_DAYS = 28
_MAX_USUAL = 10
_TIMES_THE_MEAN = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class ReopeningDay:
    """The number of a controller's reopenings on one day, which is a date in its country."""

    day: date
    number: int
    unusual: bool


def is_unusual(counts: Mapping[date, int], day: date) -> bool:
    """Return whether a day has over 10 reopenings and over 4 times the mean of the 28 days before.

    A day that is not in `counts` has none.

    >>> is_unusual({date(2026, 11, 21): 11}, date(2026, 11, 21))
    True
    """
    number = counts.get(day, 0)
    earlier_counts = [
        counts.get(day - timedelta(days=ago), 0) for ago in range(1, COMPARED_DAYS + 1)
    ]
    return number > _MAX_USUAL and number * COMPARED_DAYS > _TIMES_THE_MEAN * sum(earlier_counts)


def first_day_needed(today: date) -> date:
    """Return the first day whose count `is_unusual` needs for any of the last 30 days."""
    return today - timedelta(days=SHOWN_DAYS - 1 + COMPARED_DAYS)


def shown_days(counts: Mapping[date, int], today: date) -> tuple[ReopeningDay, ...]:
    """Return the reopenings of each of the last 30 days, today first.

    `counts` must begin at `first_day_needed(today)`; a day that is not in it has none.
    """
    days = [today - timedelta(days=ago) for ago in range(SHOWN_DAYS)]
    return tuple(
        ReopeningDay(day=day, number=counts.get(day, 0), unusual=is_unusual(counts, day))
        for day in days
    )
