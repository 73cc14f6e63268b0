"""A row whose quoted cell has a line of over a megabyte is broken in every kind of uploaded file.

The attack: the cell was cut silently, and the rest of the row was accepted as if it were whole.
"""

# ruff: noqa: F811 - fixtures of other modules

from __future__ import annotations

import json

from flask import Flask

from suppression.adapters.files.decoding import LONGEST_LINE
from tests.api import Api
from tests.cli.consents.test_import_of_consents import (
    OPTIONS,
    imports,  # noqa: F401 - a fixture
)
from tests.cli.consents.test_import_of_consents import Imports as ConsentImports
from tests.importing import Imports
from tests.web.api.test_link_files import linked
from tests.web.api.test_scrubs import decided

EMAIL = "jean.dupont@example.fr"
CUT = '"one\n' + "x" * (LONGEST_LINE + 2**19) + '\ntwo"\n'


def test_an_import_refuses_the_row(app: Flask, api: Api) -> None:
    applied = Imports(app).apply(f"email,name\n{EMAIL},{CUT}")
    assert (applied.counts.applied, api.decision("email", EMAIL)) == (0, "allow")


def test_a_scrub_says_unknown(api: Api) -> None:
    answers = decided(api, f"email,name\n{EMAIL},{CUT}".encode())
    assert {decision for decision, *_ in answers} == {"unknown"}


def test_a_file_of_links_has_none_for_the_row(api: Api) -> None:
    rows = linked(api, f"email,name\n{EMAIL},{CUT}".encode())
    assert [row for row in rows if "unsubscribe_url" in row] == []


def test_a_consent_of_the_row_is_not_stored(imports: ConsentImports, french_api: Api) -> None:
    text = f"email,consent_date,notes\n{EMAIL},2026-11-20,{CUT}"
    result = imports.run(text, *OPTIONS, "--json")
    assert json.loads(result.stdout)["stored"] == 0
    assert french_api.decision("email", EMAIL) == "deny"
