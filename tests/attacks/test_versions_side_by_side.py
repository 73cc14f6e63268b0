"""What this version writes, the one before can read: both serve one database for a while.

The attack: a link opened again what a click had closed, on a new machine. The old one, or all of
them after a step back, then failed at the evidence of that, a letter that it does not know, and
answered 500 when the person stopped by the choices page.
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
"""The letters of evidence that the released version knows (domain/vocabulary.py of a43df63)."""


def _letters() -> set[str]:
    """Every letter of evidence that is stored, as it is stored."""
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
