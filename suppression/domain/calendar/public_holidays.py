"""Public holidays, by the library `holidays` (docs/decisions/0004-dependencies.md)."""

from __future__ import annotations

from datetime import date
from functools import cache

from holidays import country_holidays, list_supported_countries


def is_public_holiday(country: str, day: date) -> bool:
    """Return whether a day is a public holiday of a country or French territory (ISO 3166-1).

    Those of France are listed in code du travail L3133-1. The two further ones of Alsace and
    Moselle do not count, because no number reveals these regions. A French territory has its own in
    addition (L3422-2). Raise NotImplementedError for a country that `keeps_holidays` does not know.

    >>> is_public_holiday("FR", date(2026, 5, 14)), is_public_holiday("MQ", date(2026, 5, 22))
    (True, True)
    """
    return day in _holidays_of_year(country, day.year)


def keeps_holidays(country: str) -> bool:
    """Return whether `is_public_holiday` knows a country or French territory (ISO 3166-1).

    >>> keeps_holidays("FR"), keeps_holidays("XX")
    (True, False)
    """
    return country in list_supported_countries()


@cache
def _holidays_of_year(country: str, year: int) -> frozenset[date]:
    """Return a country's public holidays of a year."""
    return frozenset(country_holidays(country, years=year))
