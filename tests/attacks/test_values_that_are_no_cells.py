"""A row with a JSON value that no cell can hold is refused; read as an empty cell it lost a stop.

The attack: of `{"email": ..., "phone": ["+33..."]}` only the e-mail was stopped, and a consent with
`"topics": ["offers"]`, a list of channels or a fraction as its end counted for all topics, on every
channel and for ever.
"""

# ruff: noqa: F811 - fixtures of other modules

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from tests.api import Api
from tests.cli.consents.test_import_of_consents import Imports as ConsentImports
from tests.cli.consents.test_import_of_consents import imports  # noqa: F401 - a fixture
from tests.importing import Imports
from tests.web.api.test_scrubs import decided

EMAIL, NUMBER = "jean.dupont@example.fr", "+33612345678"
NO_CELLS: list[Any] = [[NUMBER], {"number": NUMBER}, 33612345678.0, True, False]
CONSENT = {
    "email": EMAIL,
    "consent_date": "2026-11-20",
    "wording": "I agree",
    "given_by": "web_form",
    "evidence": "form:1",
    "collected_by": "Anna",
}


@pytest.mark.parametrize("value", NO_CELLS, ids=str)
@pytest.mark.parametrize("other", [{"email": EMAIL}, {}], ids=["beside an e-mail", "alone"])
def test_such_an_identifier_refuses_its_row(
    app: Flask, api: Api, value: object, other: dict[str, str]
) -> None:
    applied = Imports(app).apply(json.dumps({"phone": value} | other) + "\n")
    assert (applied.counts.rows, applied.counts.invalid, applied.counts.applied) == (1, 1, 0)
    assert api.decision("email", EMAIL) == "allow"


@pytest.mark.parametrize("value", [["complaint"], 1.5, {}], ids=str)
def test_such_a_reason_refuses_its_row(app: Flask, api: Api, value: object) -> None:
    applied = Imports(app).apply(json.dumps({"email": EMAIL, "reason": value}) + "\n")
    assert (applied.counts.invalid, applied.counts.applied) == (1, 0)
    assert api.decision("email", EMAIL) == "allow"


def test_null_is_an_empty_cell_and_other_members_are_not_read(app: Flask, api: Api) -> None:
    row = {"email": EMAIL, "phone": None, "attributes": {"city": "Lyon"}, "tags": ["a"]}
    assert Imports(app).apply(json.dumps(row) + "\n").counts.invalid == 0
    assert api.decision("email", EMAIL) == "deny"


@pytest.mark.parametrize("value", [[NUMBER], 33612345678.0, {"number": NUMBER}, True], ids=str)
def test_a_scrub_says_unknown(api: Api, value: object) -> None:
    row = json.dumps({"phone": value}) + "\n"
    assert decided(api, row.encode(), "channel=sms") == [("unknown", "row_broken")]


@pytest.mark.parametrize(
    "limit",
    [
        {"topics": ["offers"]},
        {"channels": ["email"]},
        {"until": 1796083200.5},
        {"until": ["2026-12-01"]},
        {"until": {"date": "2026-12-01"}},
    ],
    ids=str,
)
def test_a_consent_whose_limit_cannot_be_read_is_not_stored(
    imports: ConsentImports, french_api: Api, limit: dict[str, object]
) -> None:
    result = imports.run(json.dumps(CONSENT | limit) + "\n", "--channels", "all", "--json")
    assert json.loads(result.stdout)["stored"] == 0
    assert french_api.decision("email", EMAIL) == "deny"
