"""The version before can read what this version writes, because both may serve one database.

The fault: on a new machine a link reopened what a click had closed. An old machine, or every one
after a downgrade, did not know the letter that is stored as evidence of it, and answered 500 when
the person stopped by the page of choices.
"""

from __future__ import annotations

from flask import Flask
from sqlalchemy import String, select, type_coerce

from suppression.storage.engine.database import reading
from suppression.storage.ledger.tables import DbLedgerEntry
from suppression.storage.suppressions.tables import DbSuppression
from tests.api import Api
from tests.attacks.effects import UNDO, link
from tests.attacks.test_reopening_by_link import click
from tests.conftest import Clock
from tests.web.pages.test_preferences import BOTH, save

EMAIL = "jean.dupont@example.fr"
READ_BY_0_9_0 = set("olfdain")
"""The letters of evidence that version 0.9.0 knows (domain/vocabulary.py of a43df63)."""


def _letters() -> set[str]:
    """Return every letter of evidence that the ledger and the suppressions store."""
    with reading() as transaction:
        return {
            letter
            for table in (DbLedgerEntry, DbSuppression)
            for letter in transaction.execute(select(type_coerce(table.evidence, String))).scalars()
        }


def test_all_evidence_of_stops_and_of_reopenings_is_known_to_the_version_before(
    app: Flask, api: Api, clock: Clock
) -> None:
    path = link(api, EMAIL)
    clock.turn(days=1)
    page = click(api, path)
    (token,) = UNDO.findall(api.send("GET", page).text)
    assert api.post(page, data={"undo": token}).status_code == 303
    clock.turn(days=1)
    click(api, path)
    clock.turn(hours=1)
    assert save(api, f"{path}/choices", *BOTH, shown=[]).status_code == 303
    with app.app_context():
        assert _letters() <= READ_BY_0_9_0 | {""}
    history = api.search("email", EMAIL)["history"]
    told = [(entry["type"], entry["evidence"]) for entry in history if entry["type"] != "repeated"]
    assert told == [("stop", "link_page"), ("release", "reopening"), ("stop", "link_page")]
