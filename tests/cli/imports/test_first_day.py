"""After an export of contacts is imported, the decisions of a campaign agree with its summary."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.api import Api
from tests.conftest import Clock
from tests.databases import BACKENDS
from tests.e2e.crm import Contact, contacts
from tests.length import length

NUMBER = length(2_000, long=10_000)
BROKEN_NUMBERS = NUMBER // 500
SEARCHED_FOR = 30  # searching for each of 10,000 numbers would take an hour
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # calling hours from Guadeloupe to Reunion
FORMATS = ("%Y-%m-%d", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S+01:00")
Row = dict[str, str]
BREAKS = (
    {"Téléphone": "inconnu"},
    {"Date de consentement": ""},
    {"Date de consentement": "31/02/2026"},
    {"Date de consentement": "24/11/2026"},
    {"Preuve": ""},
)
SUMMARY = {
    "rows": NUMBER,
    "stored": NUMBER * 99 // 100,
    "already": 0,
    "invalid": {
        "date_ahead": NUMBER // 500,
        "date_impossible": NUMBER // 500,
        "date_missing": NUMBER // 500,
        "identifier_unreadable": BROKEN_NUMBERS,
        "proof_missing": NUMBER // 500,
    },
    "sandbox": 0,
    "consents": NUMBER * 99 // 100,
    "ended_already": NUMBER // 10,
    "still_stopped": NUMBER // 50,
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("backend", BACKENDS[:2])
def test_what_was_imported_and_what_is_allowed_add_up(
    app: Flask, french_api: Api, clock: Clock, tmp_path: Path, seen: set[str]
) -> None:
    clock.now = NOW
    rows = _export()
    stopped = [row["Téléphone"] for at, row in enumerate(rows) if at % 50 == 1]
    api = Api(app, french_api.key, set())
    _stop(api, stopped)
    began = time.monotonic()
    summary = _imported(app, tmp_path / "export.csv", rows)
    took = time.monotonic() - began
    numbers = [row["Téléphone"] for row in rows]
    campaign = api.post("/v1/checks/batch", {"channel": "telephone", "identifiers": numbers})
    answer = campaign.get_json()["summary"]
    seen.update(numbers[:SEARCHED_FOR])
    assert summary == SUMMARY
    invalid, ended = sum(summary["invalid"].values()), summary["ended_already"]
    without_consent = invalid - BROKEN_NUMBERS + ended
    assert (
        answer["allow"]
        == summary["stored"] - ended - summary["still_stopped"]
        == NUMBER * 87 // 100
    )
    assert answer["deny"] == without_consent + summary["still_stopped"]
    assert answer["unknown"] == BROKEN_NUMBERS
    assert answer["reasons"] == {
        "consent_ended": ended,
        "malformed": BROKEN_NUMBERS,
        "no_consent": without_consent,
        "objection": summary["still_stopped"],
    }
    assert took < 60


def _stop(api: Api, numbers: list[str]) -> None:
    for first in range(0, len(numbers), 100):
        some = [{"kind": "phone", "value": number} for number in numbers[first : first + 100]]
        fields: dict[str, Any] = {"identifiers": some, "channels": ["telephone"]}
        assert api.post("/v1/suppressions", fields).status_code == 201


def _imported(app: Flask, file: Path, rows: list[Row]) -> dict[str, Any]:
    with file.open("w", encoding="cp1252", errors="replace", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    words = ["consents", "import", "okonect", str(file), "--channels", "telephone", "--json"]
    words += ["--wording", "J'accepte d'être appelé pendant un an.", "--given-by", "web_form"]
    words += ["--collected-by", "Site web"]
    result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 1, result.stderr
    summary: dict[str, Any] = json.loads(result.stdout)
    return summary


@cache
def _export() -> list[Row]:
    """Return the rows of an export: one in ten has an old consent, one in a hundred is broken.

    An old consent was given more than a year ago.
    """
    breaks = cycle(BREAKS)
    rows = [_row(at, contact) for at, contact in enumerate(contacts(NUMBER))]
    for at in _broken():
        rows[at] |= next(breaks)
    return rows


def _broken() -> Iterator[int]:
    yield from range(7, NUMBER, 100)


def _row(at: int, contact: Contact) -> Row:
    days = 400 + at % 300 if at % 10 == 3 else 1 + at % 360
    given = NOW - timedelta(days=days)
    return {
        "Nom": contact.last_name,
        "Prénom": contact.first_name,
        "Téléphone": contact.phone,
        "Date de consentement": given.strftime(FORMATS[at % len(FORMATS)]),
        "Preuve": f"crm:{at}",
    }
