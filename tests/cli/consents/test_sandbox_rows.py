"""Rows with sandbox identifiers in a file of consents are neither stored nor counted as stored."""

# ruff: noqa: F811 - fixtures of other modules

from __future__ import annotations

from tests.cli.consents.test_import_of_consents import (
    EMAIL,
    PHONE,
    Imports,
    imports,  # noqa: F401 - a fixture
)
from tests.consenting import on_record

TRIED, TRIED_NUMBER = "allowed@example.test", "+33199000002"


def test_a_row_of_the_sandbox_is_counted_apart_each_time(imports: Imports) -> None:
    rows = f"{TRIED},{TRIED_NUMBER}\n{EMAIL},{PHONE}\n"
    for stored in (1, 0):
        summary = imports("email,phone,consent_date\n" + rows.replace("\n", ",2026-11-20\n"))
        counts = {name: summary[name] for name in ("stored", "already", "sandbox", "consents")}
        consents = len(on_record(imports.api, "email", EMAIL)) * stored
        consents += len(on_record(imports.api, "phone", PHONE)) * stored
        assert counts == {
            "stored": stored,
            "already": 1 - stored,
            "sandbox": 1,
            "consents": consents,
        }


def test_of_a_row_that_is_partly_of_the_sandbox_the_rest_is_counted(imports: Imports) -> None:
    text = f"email,phone,consent_date\n{TRIED},{PHONE},2026-11-20\n"
    for stored in (1, 0):
        summary = imports(text)
        assert (summary["stored"], summary["already"], summary["sandbox"]) == (
            stored,
            1 - stored,
            0,
        )
        assert summary["consents"] == len(on_record(imports.api, "phone", PHONE)) * stored
