"""The first row of a file without a header is read as a person.

The attack: the first row has a number in an unusual spelling, or a postal address, beside a word
that could be the name of a column, or beside the caller's own number. It was read as a header. So
the first person of a list of stops was not stopped, and the first of a campaign's file was written
by `--only-allowed` without a check.
"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api import Api
from tests.importing import Imports

FIRST = "+33612345678"
FILES = [
    ("06/12/34/56/78;mobile\n06/12/34/56/79;fixe\n", "1"),
    ("2;06/12/34/56/78\n3;06/12/34/56/79\n", "2"),
    ("2;(0)6 12 34 56 78\n3;06 12 34 56 79\n", "2"),
]


@pytest.mark.parametrize(("text", "column"), FILES)
def test_the_first_of_a_list_of_stops_is_stopped(
    text: str, column: str, api: Api, app: Flask, seen: set[str]
) -> None:
    seen.add(FIRST)
    applied = Imports(app).apply(text, columns={"phone": column})
    assert (applied.counts.rows, applied.counts.invalid) == (2, 0)
    assert api.decision("sms", FIRST) == "deny"


@pytest.mark.parametrize(("text", "column"), FILES)
def test_the_first_of_a_campaign_is_asked_for(text: str, column: str, api: Api, app: Flask) -> None:
    api.stop("phone", FIRST)
    scrub = ["scrub", "okwind", "-", "--channel", "sms", "--column", f"phone={column}"]
    runner = app.test_cli_runner()
    kept = runner.invoke(args=[*scrub, "-o", "-", "--only-allowed"], input=text)
    assert kept.exit_code == 0, kept.output
    assert kept.stdout.splitlines() == text.splitlines()[1:]
