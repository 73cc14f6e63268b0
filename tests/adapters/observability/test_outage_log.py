"""An outage is logged by one line for each cause, and one at its end."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from suppression.adapters.observability.outage_log import OutageLog
from suppression.domain.errors import DatabaseUnavailableError

REFUSED = DatabaseUnavailableError(reason="nothing listens there")
STARTING = DatabaseUnavailableError(reason="it is starting or ending")


class Seconds:
    """A clock in seconds whose time changes only when a test sets `now`."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def outages(seconds: Seconds) -> OutageLog:
    return OutageLog(seconds)


def lines(logs: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logs.getvalue().splitlines()]


def test_many_refusals_are_one_line_for_each_cause(logs: io.StringIO, outages: OutageLog) -> None:
    for error in (REFUSED, REFUSED, STARTING, REFUSED, STARTING):
        outages.note_refusal(error, {"request_id": "1"})
    assert outages.is_open
    told = [(line["message"], line["level"], line["reason"]) for line in lines(logs)]
    assert told == [("unavailable", "ERROR", error.reason) for error in (REFUSED, STARTING)]


def test_its_end_tells_how_long_it_was(
    logs: io.StringIO, outages: OutageLog, seconds: Seconds
) -> None:
    for _ in range(3):
        outages.note_refusal(REFUSED, {})
        seconds.now += 2
    outages.note_answer()
    outages.note_answer()
    assert not outages.is_open
    _, *end = lines(logs)
    assert [(line["message"], line["seconds"], line["refused"]) for line in end] == [
        ("available again", 6.0, 3)
    ]
    outages.note_refusal(REFUSED, {})
    assert [line["message"] for line in lines(logs)][2:] == ["unavailable"]


def test_answers_between_refusals_do_not_end_it(
    logs: io.StringIO, outages: OutageLog, seconds: Seconds
) -> None:
    for _ in range(10):
        outages.note_refusal(REFUSED, {})
        seconds.now += 0.4
        outages.note_answer()
    assert len(lines(logs)) == 1


def test_an_answer_without_an_outage_says_nothing(logs: io.StringIO, outages: OutageLog) -> None:
    outages.note_answer()
    assert lines(logs) == []
