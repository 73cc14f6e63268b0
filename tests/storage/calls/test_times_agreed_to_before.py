"""After migration 0017, agreed times of the version before count by their date of recording."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.storage.engine.base import Base, db
from suppression.storage.engine.database import disconnect
from tests.api import Api
from tests.conftest import Clock

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
AGREED_FOR = MONDAY + timedelta(days=6)
PHONE = "+33612345678"


def tell(api: Api, outcome: str, at: datetime | None = None, **fields: str) -> None:
    """Report an outcome of a call, which must be stored."""
    body = {"identifier": PHONE, "outcome": outcome} | fields
    if at:
        body["occurred_at"] = to_rfc3339(at)
    assert api.post("/v1/outcomes", body).status_code == 200


def agree(api: Api, clock: Clock) -> None:
    """Report an agreed time twenty minutes after the agreement."""
    clock.now = MONDAY
    tell(api, "callback", MONDAY - timedelta(minutes=20), callback_at=to_rfc3339(AGREED_FOR))
    clock.turn(minutes=1)


def called_once_lifted(api: Api, clock: Clock, stopped: datetime | None) -> str:
    """Report a stop, release it, and return the decision of a check at the agreed time."""
    tell(api, "stop", stopped)
    lifted = api.release("phone", PHONE, channels=["telephone"], reasons=["objection"])
    assert lifted.get_json()["released"]
    clock.now = AGREED_FOR
    return api.decision("telephone", PHONE)


def back_and_forth(app: Flask) -> None:
    """Downgrade to the schema before 0017 and upgrade again, with the data on record."""
    with app.app_context():
        downgrade(revision="0016")
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, Base.metadata) == []
        disconnect()


@pytest.mark.parametrize(("minutes", "decision"), [(-10, "allow"), (0, "deny"), (None, "deny")])
def test_a_time_of_the_version_before_is_agreed_to_when_it_was_told(
    app: Flask, french_api: Api, clock: Clock, minutes: int | None, decision: str
) -> None:
    agree(french_api, clock)
    back_and_forth(app)
    stopped = None if minutes is None else MONDAY + timedelta(minutes=minutes)
    assert called_once_lifted(french_api, clock, stopped) == decision


def test_a_time_that_stands_counts_after_the_upgrade(
    app: Flask, french_api: Api, clock: Clock
) -> None:
    agree(french_api, clock)
    tell(french_api, "stop", MONDAY - timedelta(minutes=30))
    back_and_forth(app)
    clock.now = AGREED_FOR
    assert french_api.decision("telephone", PHONE) == "deny"
    french_api.release("phone", PHONE, channels=["telephone"], reasons=["objection"])
    assert french_api.decision("telephone", PHONE) == "allow"


def test_what_the_version_before_records_beside_this_one_is_read(
    app: Flask, french_api: Api, clock: Clock
) -> None:
    agree(french_api, clock)
    with app.app_context(), db.engine.begin() as connection:
        # The version before does not know the column, and leaves it empty.
        connection.execute(text("UPDATE contact_events SET agreed_at = NULL"))
    assert called_once_lifted(french_api, clock, None) == "deny"


def test_a_time_that_is_told_after_the_upgrade_is_kept_with_its_date(
    app: Flask, french_api: Api, clock: Clock
) -> None:
    back_and_forth(app)
    agree(french_api, clock)
    assert called_once_lifted(french_api, clock, MONDAY - timedelta(minutes=10)) == "deny"
