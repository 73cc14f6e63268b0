"""Times are read as RFC 3339 with a zone, and written in UTC with Z."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.calendar.timestamps import from_rfc3339, to_rfc3339

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001


@given(MOMENTS)
def test_a_moment_comes_back_as_it_was_written_in_utc(instant: datetime) -> None:
    text = to_rfc3339(instant)
    assert from_rfc3339(text) == instant
    assert text.endswith("Z")
    assert from_rfc3339(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T09:30:00Z",
        "2026-11-21t09:30:00z",
        "2026-11-21T10:30:00+01:00",
        "2026-11-20T21:30:00-12:00",
        "2026-11-21T09:30:00.000Z",
        "2026-11-21T09:30:00-00:00",
    ],
)
def test_every_spelling_of_rfc_3339_is_the_same_moment(text: str) -> None:
    assert to_rfc3339(from_rfc3339(text)) == "2026-11-21T09:30:00Z"


def test_a_fraction_of_a_second_is_kept_to_the_microsecond() -> None:
    assert (
        to_rfc3339(from_rfc3339("2026-11-21T09:30:00.123456789Z")) == "2026-11-21T09:30:00.123456Z"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-21",
        "2026-11-21T09:30:00",
        "2026-11-21 09:30:00Z",
        "2026-11-21T09:30Z",
        "20261121T093000Z",
        "2026-W47-6T09:30:00Z",
        "2026-11-21T09:30:00+0100",
        "2026-11-21T09:30:00Z\n",
        "1795253400",
    ],
)
def test_what_is_no_rfc_3339_or_has_no_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an RFC 3339 time"):
        from_rfc3339(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T09:30:00Z",
        "2026-11-21T25:00:00Z",
        "2026-11-21T09:30:60Z",
        "2026-11-21T09:30:00+24:00",
        "٢٠٢٦-11-21T09:30:00Z",
    ],
)
def test_a_time_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(?!not an RFC 3339 time)"):
        from_rfc3339(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_time_that_utc_cannot_hold_is_refused_and_not_a_crash(text: str) -> None:
    with pytest.raises(ValueError, match="out of range"):
        from_rfc3339(text)
