"""The search for leaks finds planted identifiers, so an empty result proves that none leaked."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import text

from suppression.storage.engine.base import db
from tests.databases import Database
from tests.leaks import identifiers_in, leaks

if TYPE_CHECKING:
    import io

PLANTED = "planted.person@example.fr"
ACCENTED = "val\u00e9ry.martin@example.fr"
NUMBER = "+33 6 12 34 56 78"


@pytest.mark.parametrize(
    ("planted", "written"),
    [
        (PLANTED, PLANTED),
        (PLANTED, PLANTED.upper()),
        (PLANTED, PLANTED.encode().hex()),
        (ACCENTED, ACCENTED),
    ],
)
def test_an_address_planted_in_a_table_is_found(
    app: Flask, database: Database, planted: str, written: str
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO controllers (slug, name, country, preset, created_at)"
                " VALUES ('x', :name, 'FR', 'objection-only', '2026-11-21')"
            ),
            {"name": written},
        )
    assert leaks(database.dump(), [planted, "another@example.fr"]) == {planted}


@pytest.mark.parametrize("written", ["+33612345678", "0612345678", "612345678"])
def test_a_number_planted_in_a_log_is_found(logs: io.StringIO, written: str) -> None:
    logging.getLogger("planted").error("called %s", written)
    assert leaks(logs.getvalue(), [NUMBER]) == {NUMBER}


def test_every_identifier_of_a_request_is_noted() -> None:
    body = {
        "channel": "telephone",
        "identifiers": [NUMBER, {"street": "12 rue de la Paix", "postcode": "75002"}],
        "items": [{"identifier": PLANTED}],
    }
    noted = set(identifiers_in(json.loads(json.dumps(body))))
    assert {NUMBER, "12 rue de la Paix", PLANTED} <= noted
    assert "telephone" not in noted
