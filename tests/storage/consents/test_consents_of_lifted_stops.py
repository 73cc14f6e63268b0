"""After migration 0016, stops that were released before it revive no consent of another writing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect
from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consented
from tests.importing import Imports

CONSENTED, STOPPED = "j.doe+x@gmail.com", "j.doe@gmail.com"


def _lift(api: Api, why: str) -> None:
    lifted = api.release("email", STOPPED, channels="all", reasons=["objection"], why=why)
    assert lifted.get_json()["released"]


@pytest.mark.parametrize(
    ("whys", "decision"),
    [
        (["person_asked"], "deny"),
        (["reassigned"], "deny"),
        (["mistake"], "allow"),
        (["mistake", "person_asked"], "deny"),
        (["person_asked", "mistake"], "deny"),
        (["mistake", "mistake"], "allow"),
    ],
)
def test_the_ledger_tells_which_lifted_stops_were_no_mistake(
    app: Flask, french_api: Api, clock: Clock, whys: list[str], decision: str
) -> None:
    consented(french_api, "email", CONSENTED)
    for why in whys:
        clock.turn(hours=1)
        french_api.stop("email", STOPPED)
        _lift(french_api, why)
    _back_and_forth(app)
    assert french_api.decision("email", CONSENTED) == decision


@pytest.mark.parametrize(("why", "decision"), [("reassigned", "deny"), ("person_asked", "allow")])
def test_a_consent_of_the_former_holder_that_is_newer_than_the_stop_stays_void(
    app: Flask, french_api: Api, clock: Clock, why: str, decision: str
) -> None:
    """The migration once filled in only the date of the stop, and not that of its release."""
    french_api.stop("email", STOPPED)
    clock.turn(minutes=5)
    consented(french_api, "email", CONSENTED, given_at="2026-11-21T09:34:00Z")
    clock.turn(hours=1)
    _lift(french_api, why)
    _back_and_forth(app)
    assert french_api.decision("email", CONSENTED) == decision


@pytest.mark.parametrize(("why", "decision"), [("reassigned", "deny"), ("person_asked", "allow")])
def test_the_former_holders_consents_to_other_channels_stay_void(
    app: Flask, french_api: Api, clock: Clock, why: str, decision: str
) -> None:
    """Version 0.9.0 did not end the consent to text messages when it released a stop of calls."""
    number = "+33612345678"
    french_api.stop("phone", number, channels=["telephone"])
    consented(french_api, "phone", number, channels=["sms"])
    clock.turn(hours=1)
    french_api.release("phone", number, channels=["telephone"], reasons=["objection"], why=why)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE consents SET ended_at = NULL"))
    _back_and_forth(app)
    assert french_api.decision("sms", number) == decision


def test_a_stop_told_again_since_voids_up_to_the_one_that_was_lifted(
    app: Flask, french_api: Api, clock: Clock
) -> None:
    consented(french_api, "email", CONSENTED)
    for why in ("person_asked", "mistake"):
        clock.turn(hours=1)
        french_api.stop("email", STOPPED)
        if why == "mistake":
            _back_and_forth(app)
        _lift(french_api, why)
    assert french_api.decision("email", CONSENTED) == "deny"


def test_of_what_stands_and_of_an_undone_import_nothing_is_filled_in(
    app: Flask, french_api: Api
) -> None:
    french_api.stop("email", "lea.petit@example.fr")
    imports = Imports(app, "okonect")
    done = imports.apply(f"email\n{STOPPED}\n", kind="email", channels="email")
    imports.undo(done.import_id)
    _back_and_forth(app)
    with app.app_context(), db.engine.connect() as connection:
        cursor_result = connection.execute(
            text("SELECT released_at, consents_void_until FROM suppressions")
        )
        rows = [(row[0] is None, row[1]) for row in cursor_result]
    assert sorted(rows) == [(False, None), (True, None)]


def _back_and_forth(app: Flask) -> None:
    """Downgrade to the schema before 0016 and upgrade again, with the data on record."""
    with app.app_context():
        downgrade(revision="0015")
        upgrade()
        disconnect()
