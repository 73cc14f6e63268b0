"""The ledger records events in their order, whatever the clocks of the machines said."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from suppression.domain.vocabulary import EntryType
from suppression.storage.engine.database import reading
from suppression.storage.ledger.tables import DbLedgerEntry
from tests.api import Api
from tests.conftest import Clock

EMAIL, PHONE = "jean.dupont@example.fr", "+33612345678"


def test_a_stop_that_waited_behind_a_release_is_recorded_after_it(api: Api, clock: Clock) -> None:
    api.stop("email", EMAIL)
    clock.turn(seconds=2)
    api.release("email", EMAIL, channels=["email"], reasons=["objection"])
    clock.turn(seconds=-1)
    assert api.stop("email", EMAIL).status_code == 201
    assert api.decision("email", EMAIL) == "deny"
    assert [entry["type"] for entry in api.search("email", EMAIL)["history"]] == [
        "stop",
        "release",
        "stop",
    ]


def test_a_refusal_that_waited_behind_a_callback_is_recorded_after_it(
    french_api: Api, app: Flask, clock: Clock
) -> None:
    agreed = {"outcome": "callback", "callback_at": "2026-11-24T18:00:00Z"}
    french_api.post("/v1/outcomes", {"identifier": PHONE, **agreed})
    clock.turn(seconds=-1)
    french_api.post("/v1/outcomes", {"identifier": PHONE, "outcome": "refused"})
    of_calls = (EntryType.CALLBACK, EntryType.REFUSED)
    recorded = (
        select(DbLedgerEntry.type)
        .where(DbLedgerEntry.type.in_(of_calls))
        .order_by(DbLedgerEntry.recorded_at)
    )
    with app.app_context(), reading() as transaction:
        assert tuple(transaction.execute(recorded).scalars()) == of_calls
