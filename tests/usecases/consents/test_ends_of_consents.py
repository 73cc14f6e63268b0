"""Ends of consents are announced once, and old proofs are purged, also with several workers."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from suppression.storage.engine.base import db
from suppression.usecases.consents import announce_ends as announcing
from suppression.usecases.consents.announce_ends import announce_consent_ends
from suppression.usecases.operations import retention
from suppression.usecases.operations.retention import purge_old_proofs
from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consented, on_record, set_policy, withdraw

PHONE = "+33612345678"
EMAIL = "jean.dupont@example.fr"


@pytest.fixture(autouse=True)
def in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_an_end_is_announced_once_thirty_days_before(french_api: Api, clock: Clock) -> None:
    consented(french_api, "phone", PHONE)  # for calls until 20 November 2027, 10:00
    clock.now = datetime(2027, 10, 21, 9, 59, 59, tzinfo=UTC)
    assert announce_consent_ends(now=clock()) == 0
    clock.turn(seconds=1)
    assert announce_consent_ends(now=clock()) == 1
    assert announce_consent_ends(now=clock()) == 0
    assert entries() == {"c": 2, "n": 1}
    expires = told("SELECT expires_at FROM ledger_entries WHERE type = 'n'")
    assert str(expires[0][0])[:19] == "2027-11-20 10:00:00"


def test_what_was_withdrawn_or_is_over_is_not_announced(french_api: Api, clock: Clock) -> None:
    consented(french_api, "phone", PHONE, channels=["telephone"])
    consented(french_api, "phone", "+33612345679", channels=["telephone"])
    withdraw(french_api, "phone", PHONE)
    clock.now = datetime(2027, 11, 20, 10, tzinfo=UTC)
    assert announce_consent_ends(now=clock()) == 0


def test_a_proof_is_kept_three_years_after_the_end(french_api: Api, clock: Clock) -> None:
    consented(french_api, "phone", PHONE)
    consented(french_api, "email", EMAIL)
    withdraw(french_api, "email", EMAIL, occurred_at="2026-11-21T09:00:00Z")
    clock.now = datetime(2029, 11, 21, 9, tzinfo=UTC)
    assert purge_old_proofs(now=clock()) == 0
    clock.turn(seconds=1)
    assert purge_old_proofs(now=clock()) == 1
    assert on_record(french_api, "email", EMAIL) == []
    clock.now = datetime(2030, 11, 20, 10, tzinfo=UTC)
    assert purge_old_proofs(now=clock()) == 0
    clock.turn(seconds=1)
    assert purge_old_proofs(now=clock()) == 1
    assert [consent["channel"] for consent in on_record(french_api, "phone", PHONE)] == ["sms"]
    assert entries()["g"] == 2


def test_a_consent_that_a_later_policy_ends_is_announced_and_its_proof_goes(
    app: Flask, french_api: Api, clock: Clock
) -> None:
    """Only a consent's own end was considered, so a proof without one was kept for ever."""
    consented(french_api, "phone", PHONE, channels=["sms"])
    consented(french_api, "email", EMAIL, channels=["email"], until="2027-11-20T10:00:00Z")
    set_policy(app, "okonect", "sms.marketing.consent_months=6", "email.marketing.consent_months=6")
    clock.now = datetime(2027, 5, 10, 10, tzinfo=UTC)
    assert announce_consent_ends(now=clock()) == 2
    assert announce_consent_ends(now=clock()) == 0
    expires = told("SELECT expires_at FROM ledger_entries WHERE type = 'n'")
    assert {str(row[0])[:19] for row in expires} == {"2027-05-20 10:00:00"}
    clock.now = datetime(2030, 5, 20, 10, tzinfo=UTC)
    assert purge_old_proofs(now=clock()) == 0
    clock.turn(seconds=1)
    assert purge_old_proofs(now=clock()) == 2
    assert on_record(french_api, "phone", PHONE) == []
    assert told("SELECT wording FROM consent_wordings") == []


def test_a_policy_that_is_tightened_late_takes_no_proof_of_what_counted_until_then(
    app: Flask, french_api: Api, clock: Clock
) -> None:
    """A consent of five years ago had counted until then, yet its proof was purged at once."""
    set_policy(app, "okonect", "email.marketing.consent_months=0")
    consented(french_api, "email", EMAIL, channels=["email"])
    clock.now = datetime(2031, 11, 21, 10, tzinfo=UTC)
    assert french_api.decision("email", EMAIL) == "allow"
    set_policy(app, "okonect", "email.marketing.consent_months=12")
    assert french_api.decision("email", EMAIL) == "deny"
    assert purge_old_proofs(now=clock()) == 0
    clock.now = datetime(2034, 11, 21, 9, 59, tzinfo=UTC)
    assert purge_old_proofs(now=clock()) == 0
    clock.now = datetime(2034, 11, 22, 10, tzinfo=UTC)
    assert purge_old_proofs(now=clock()) == 1


def test_a_wording_goes_with_the_last_consent_that_needs_it(french_api: Api, clock: Clock) -> None:
    for at, wording in (("2026-11-01T00:00:00Z", "first"), ("2026-11-02T00:00:00Z", "second")):
        until = at.replace("-11-", "-12-")
        consented(french_api, "email", EMAIL, given_at=at, until=until, wording=wording)
    consented(french_api, "email", "another@example.fr", wording="second")
    clock.now = datetime(2030, 1, 1, tzinfo=UTC)
    assert purge_old_proofs(now=clock()) == 2
    assert told("SELECT wording FROM consent_wordings") == [("second",)]
    consented(french_api, "email", EMAIL, wording="first")
    assert len(told("SELECT wording FROM consent_wordings")) == 2


@pytest.mark.parametrize(
    ("work", "letter", "instant"),
    [
        (announce_consent_ends, "n", datetime(2027, 11, 1, tzinfo=UTC)),
        (purge_old_proofs, "g", datetime(2031, 1, 1, tzinfo=UTC)),
    ],
)
def test_two_workers_at_once_do_each_once(
    french_api: Api,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[..., int],
    letter: str,
    instant: datetime,
) -> None:
    monkeypatch.setattr(announcing, "BATCH", 3)
    monkeypatch.setattr(retention, "PROOFS_AT_ONCE", 3)
    for number in range(20):
        consented(french_api, "phone", f"+336123456{number:02}", channels=["telephone"])

    def worker(_: int) -> int:
        with app.app_context():
            return work(now=instant)

    with ThreadPoolExecutor(4) as workers:
        done = list(workers.map(worker, range(4)))
    assert sum(done) == 20
    assert entries()[letter] == 20
    assert work(now=instant) == 0


def test_a_withdrawal_is_recorded_after_what_came_before(french_api: Api) -> None:
    consented(french_api, "email", EMAIL)
    withdraw(french_api, "email", EMAIL)
    rows = told("SELECT type, recorded_at FROM ledger_entries ORDER BY recorded_at")
    of_consent = [(kind, at) for kind, at in rows if kind in "ce"]
    assert [kind for kind, _ in of_consent] == ["c", "e"]
    assert all(entry[1] < other[1] for entry, other in itertools.pairwise(of_consent))


def entries() -> Counter[str]:
    """Return the number of ledger entries about consents, by the letter of their type."""
    return Counter(kind for (kind,) in told("SELECT type FROM ledger_entries") if kind in "cneg")


def told(query: str) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]
