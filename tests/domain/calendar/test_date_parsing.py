"""Dates as exports write them are never read as later than they were, and never guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from suppression.domain.calendar.date_parsing import parse_date_range, parse_datetime
from suppression.domain.calendar.timestamps import to_rfc3339


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-12-31", "2025-12-30T23:00:00Z"),
        (" 1/2/2025 ", "2025-01-31T23:00:00Z"),
        ("31-12-2025 9:05:07", "2025-12-31T08:05:07Z"),
        ("31/12/2025  à 9h05", "2025-12-31T08:05:00Z"),
        ("2025-12-31T09:05:07.25", "2025-12-31T08:05:07Z"),
        ("2025-12-31 09:05:07Z", "2025-12-31T09:05:07Z"),
        ("2024-02-29", "2024-02-28T23:00:00Z"),
        ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),
        ("2026-03-29 02:30", "2026-03-29T00:30:00Z"),
    ],
)
def test_a_date_is_read_where_the_company_is(text: str, instant: str) -> None:
    assert to_rfc3339(parse_datetime(text, "Europe/Paris")) == instant


@pytest.mark.parametrize(
    "text",
    [
        *("", "today", "2025", "12/2025", "31/12/25", "12/31/2025", "29/02/2025", "2025-13-01"),
        *(
            "31/12/2025 24:30",
            "0000-00-00",
            "01/01/0001",
            "1989-12-31",
            "45000",
            "2025-12-31 Paris",
        ),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_datetime(text, "Europe/Paris")


@pytest.mark.parametrize(
    ("text", "country", "first", "last"),
    [
        ("31/12/2025", "FR", "2025-12-30T23:00:00Z", "2025-12-31T22:59:59.999999Z"),
        ("2025-12-31 00:00:00", "FR", "2025-12-30T23:00:00Z", "2025-12-31T22:59:59.999999Z"),
        ("31/12/2025", "US", "2025-12-30T10:00:00Z", "2026-01-01T11:59:59.999999Z"),
        ("31/12/2025 14:30", "FR", "2025-12-31T13:30:00Z", "2025-12-31T14:30:00Z"),
        ("31/12/2025 14:30", "GP", "2025-12-31T14:30:00Z", "2025-12-31T18:30:00Z"),
        ("31/12/2025 14:30", "US", "2025-12-31T00:30:00Z", "2026-01-01T02:30:00Z"),
        ("2026-10-25 02:30", "FR", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00Z"),
        ("2025-12-31 14:30:00Z", "FR", "2025-12-31T14:30:00Z", "2025-12-31T14:30:00Z"),
        ("1767191400", "FR", "2025-12-31T14:30:00Z", "2025-12-31T14:30:00Z"),
        ("2025-12-31 14:30:00 UTC", "FR", "2025-12-31T14:30:00Z", "2025-12-31T14:30:00Z"),
        ("2025-12-31 14:30:00 +0000 UTC", "FR", "2025-12-31T14:30:00Z", "2025-12-31T14:30:00Z"),
        ("2025-12-31 15:30:00 +01:00", "US", "2025-12-31T14:30:00Z", "2025-12-31T14:30:00Z"),
    ],
)
def test_a_date_may_mean_several_moments(text: str, country: str, first: str, last: str) -> None:
    meant = parse_date_range(text, country)
    assert (to_rfc3339(meant.first), to_rfc3339(meant.last)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "29/02/2025", "1989-12-31", "31/12/2025 24:30", "45000", "20251231", "631151999"),
        *("0712345678", "0912345678", "712345678", "2025-12-31 14:30:00 +2500", "4155550123"),
    ],
)
def test_what_is_no_date_means_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date_range(text, "FR")


def test_what_began_on_a_day_began_by_now_and_what_ends_on_it_ends_after_it() -> None:
    meant = parse_date_range("31/12/2025", "FR")
    noon = datetime(2025, 12, 31, 12, tzinfo=UTC)
    assert meant.latest(noon) == noon
    assert meant.latest(datetime(2026, 2, 1, tzinfo=UTC)) == meant.last
    assert meant.latest(datetime(2025, 1, 1, tzinfo=UTC)) == meant.first
    assert to_rfc3339(meant.end) == "2025-12-31T23:00:00Z"
    assert to_rfc3339(parse_date_range("31/12/2025 14:30", "FR").end) == "2025-12-31T14:30:00Z"


@pytest.mark.parametrize("country", ["FR", "GB", "GP", "MQ", "US"])
@pytest.mark.parametrize(
    "text",
    ["31/12/9999", "31/12/9999 23:59", "9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59+05:00"],
)
def test_the_end_of_time_can_be_read_everywhere(text: str, country: str) -> None:
    assert parse_date_range(text, country).end.year == 9999
