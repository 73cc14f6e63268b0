"""A summary of a controller's policies: the results of example checks, at times in Paris."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from suppression.domain.calendar.public_holidays import is_public_holiday
from suppression.domain.policies.model import PolicySet
from suppression.domain.policy_testing.cases import (
    describe_result,
    policies_for,
    read_cases,
    run_case,
)
from suppression.domain.policy_testing.notation import format_datetime

_PARIS = ZoneInfo("Europe/Paris")
_FRIDAY, _SUNDAY = 5, 7
# The decision in the table is a placeholder: nothing compares it.
_TABLE = """\
case,channel,audience,basis,appointment,where,consents,stops,attempts,refused,at,decision
"call: nothing on record",telephone,,,,FR,,,,,{working} 11:00,unknown
"call: consent",telephone,,,,FR,{month_ago},,,,{working} 11:00,unknown
"call: consent, now",telephone,,,,FR,{month_ago},,,,{now},unknown
"call: consent, at lunch",telephone,,,,FR,{month_ago},,,,{working} 13:00,unknown
"call: consent, in the evening",telephone,,,,FR,{month_ago},,,,{working} 20:00,unknown
"call: consent, on a Sunday",telephone,,,,FR,{month_ago},,,,{sunday} 15:00,unknown
"call: consent, on a public holiday",telephone,,,,FR,{month_ago},,,,{holiday} 11:00,unknown
"call: consent, a number of Reunion",telephone,,,,RE,{month_ago},,,,{working} 18:00,unknown
"call: consent, a hashed number",telephone,,,,hashed,{month_ago},,,,{working} 11:00,unknown
"call: consent of two years ago",telephone,,,,FR,{long_ago},,,,{working} 11:00,unknown
"call: consent, then an objection",telephone,,,,FR,{month_ago},{objected},,,{working} 11:00,unknown
"call: consent, a 5th attempt",telephone,,,,FR,{month_ago},,{four},,{working} 11:00,unknown
"call: consent, refused today",telephone,,,,FR,{month_ago},,,{now},{working} 11:00,unknown
"call: customer",telephone,,customer,,FR,,,,,{working} 11:00,unknown
"call: contract in force",telephone,,contract,,FR,,,,,{working} 11:00,unknown
"call: appointment on a Sunday",telephone,,appointment,{sunday} 15:00,FR,,,,,{sunday} 15:00,unknown
"call: professional",telephone,professional,,,FR,,,,,{working} 11:00,unknown
"SMS: nothing on record",sms,,,,FR,,,,,{working} 11:00,unknown
"SMS: consent",sms,,,,FR,{month_ago},,,,{working} 11:00,unknown
"SMS: consent, at night",sms,,,,FR,{month_ago},,,,{working} 22:00,unknown
"e-mail: nothing on record",email,,,,,,,,,{working} 11:00,unknown
"e-mail: consent",email,,,,,{month_ago},,,,{working} 11:00,unknown
"e-mail: customer",email,,customer,,,,,,,{working} 11:00,unknown
"e-mail: professional",email,professional,,,,,,,,{working} 11:00,unknown
"letter: nothing on record",post,,,,,,,,,{working} 11:00,unknown
"""


def summarize_policies(policy_set: PolicySet, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the time in Paris and the described result of each example check.

    The checks are at `now` (aware) or on suitable days of the year after it.
    """
    today = now.astimezone(_PARIS).date()
    days = [today + timedelta(days=offset) for offset in range(1, 366)]
    table = _TABLE.format(
        now=_format_utc(now),
        four=f"{_format_utc(now)};" * 4,
        objected=f"objection @ {_format_utc(now)}",
        month_ago=_format_utc(now - timedelta(days=30)),
        long_ago=_format_utc(now - timedelta(days=730)),
        working=next(day for day in days if _is_working_day(day)),
        sunday=next(day for day in days if day.isoweekday() == _SUNDAY),
        holiday=next(
            day for day in days if day.isoweekday() <= _FRIDAY and not _is_working_day(day)
        ),
    )
    for case in read_cases(table.splitlines()):
        result = describe_result(run_case(case, policies_for(case, policy_set)), case.zone)
        yield case.name, format_datetime(case.at, case.zone), result


def _format_utc(instant: datetime) -> str:
    """Format an aware UTC datetime in the notation of the table."""
    return instant.strftime("%Y-%m-%d %H:%M:%SZ")


def _is_working_day(day: date) -> bool:
    """Return whether a day is a weekday and not a public holiday in France."""
    return day.isoweekday() <= _FRIDAY and not is_public_holiday("FR", day)
