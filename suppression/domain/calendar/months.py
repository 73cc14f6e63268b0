"""Addition of calendar months to dates and datetimes."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TypeVar

from dateutil.relativedelta import relativedelta

Day = TypeVar("Day", bound=date)


def months_after(day: Day, months: int) -> Day:
    """Return the date or datetime `months` calendar months later; earlier if `months` is negative.

    In a month that lacks the day, return the month's last day.

    >>> months_after(date(2028, 2, 29), 12), months_after(date(2026, 1, 31), -2)
    (datetime.date(2029, 2, 28), datetime.date(2025, 11, 30))
    """
    return day + _months(months)


@cache
def _months(months: int) -> relativedelta:
    return relativedelta(months=months)
