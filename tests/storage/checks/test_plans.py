"""Queries of checks use indexes, however few rows there are and whatever their statistics say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import pytest
from flask import Flask
from sqlalchemy import event, text

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.identifiers.fingerprints import Fingerprint, KeyedMatchKey, Subject
from suppression.domain.identifiers.match_keys import KeyUse, MatchKeyLabel
from suppression.domain.suppressions.model import RecordId, Scope
from suppression.domain.vocabulary import Channel, Kind, Purpose
from suppression.storage.checks.active_rows import look_up_caller_and_state, look_up_state
from suppression.storage.engine.clocks import AfterRows, entry_dates
from suppression.storage.engine.database import writing
from suppression.storage.engine.prepared_statements import Reader, reader_connection
from suppression.storage.suppressions.rows import find_suppressions_of_cases
from tests.databases import SQLITE, Database

LOOKUPS = {
    "state": "EXECUTE state ('{}', '{}', NULL, '')",
    "state_calls": "EXECUTE state_calls ('{}', '{}', NULL, '', '30 days', NULL)",
}
FORM = KeyedMatchKey(label=MatchKeyLabel.PLAIN, use=KeyUse.BOTH, versions=(Fingerprint(bytes(16)),))
CHECK_REQUEST = CheckRequest(
    subject=Subject(kind=Kind.EMAIL, forms=(FORM,)),
    scope=Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING),
)
WITH_CALLER = r"EXECUTE state_calls_caller ('{}', '{}', NULL, '', '30 days', NULL, '\x00')"
TABLES = {"suppressions", "suppression_forms", "consents", "contact_events"}


@pytest.mark.parametrize("analysed", [False, True])
def test_every_row_is_looked_up_by_its_fingerprint(
    app: Flask, database: Database, *, analysed: bool
) -> None:
    if database.backend == SQLITE:
        pytest.skip("SQLite keeps to the order that CROSS JOIN says")
    if analysed:  # PostgreSQL then knows that the table is empty, and any plan looks as cheap
        _analyse(database)
    with app.app_context(), reader_connection() as reader:
        for within in (None, timedelta(days=30)):
            look_up_state(reader, [CHECK_REQUEST], call_history_span=within)
        scans = [scan for lookup in LOOKUPS.values() for scan in _scans(_plan(reader, lookup))]
    assert {scan["Relation Name"] for scan in scans} == TABLES
    assert [scan for scan in scans if "fingerprint" not in scan.get("Index Cond", "")] == []


@pytest.mark.parametrize("analysed", [False, True])
def test_what_a_stop_must_outrank_is_looked_up_by_its_key(
    app: Flask, database: Database, *, analysed: bool
) -> None:
    if database.backend == SQLITE:
        pytest.skip("SQLite has one index for each of them")
    if analysed:
        _analyse(database)
    with app.app_context(), reader_connection() as reader:
        entry_dates(
            reader, record_id=RecordId(bytes(16)), after=AfterRows(1, [Fingerprint(bytes(16))])
        )
        scans = [*_scans(_plan(reader, f"EXECUTE arrival (NULL, '{{}}', 1, '{bytes(16).hex()}')"))]
    indexes = {(scan["Relation Name"], scan["Index Name"]) for scan in scans}
    assert indexes == {
        ("consents", "pk_consents"),
        ("consents", "ix_consents_given"),
        ("contact_events", "pk_contact_events"),
        ("contact_events", "ix_contact_events_agreed"),
        ("contacts", "pk_contacts"),
        ("ledger_entries", "ix_ledger_entries_record_id"),
    }
    assert [scan for scan in scans if not scan.get("Index Cond")] == []


@pytest.mark.parametrize("analysed", [False, True])
def test_who_calls_is_looked_up_by_the_hash_of_the_key_along_with_what_stands(
    app: Flask, database: Database, *, analysed: bool
) -> None:
    if database.backend == SQLITE:
        pytest.skip("SQLite takes them one after the other")
    if analysed:
        _analyse(database)
    with app.app_context(), reader_connection() as reader:
        state = look_up_caller_and_state(
            reader,
            bytes(32),
            CHECK_REQUEST,
            call_history_span=timedelta(days=30),
            now=datetime.now(UTC),
        )
        assert state.caller is None
        by_table = {
            scan["Relation Name"]: scan.get("Index Cond", "")
            for scan in _scans(_plan(reader, WITH_CALLER))
        }
    assert "digest" in by_table.pop("api_keys")
    listed = {name: where for name, where in by_table.items() if name in TABLES}
    assert listed.keys() == TABLES
    assert [name for name, where in listed.items() if "fingerprint" not in where] == []


def test_the_stops_of_a_case_are_found_by_their_index(app: Flask, database: Database) -> None:
    on_sqlite = database.backend == SQLITE
    with app.app_context(), writing() as transaction:
        if not on_sqlite:  # for an empty table PostgreSQL plans a sequential scan
            transaction.execute(text("SET LOCAL enable_seqscan = off"))
        plans: list[str] = []

        def explain(*sent: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
            _, cursor, statement, parameters, *_ = sent
            if not plans:
                cursor.execute(f"EXPLAIN {'QUERY PLAN ' * on_sqlite}{statement}", parameters)
                plans.append(str(cursor.fetchall()))

        event.listen(transaction, "before_cursor_execute", explain)
        assert find_suppressions_of_cases(transaction, [RecordId(bytes(16))], for_update=True) == []
    assert "ix_suppressions_record_id_of_cases" in plans[0]


def _plan(reader: Reader, lookup: str) -> dict[str, Any]:
    cursor = reader._cursor  # noqa: SLF001 - a plan is that of the connection that prepared it
    cursor.execute(f"EXPLAIN (FORMAT JSON) {lookup}")
    ((explained,),) = cursor.fetchall()
    plans = json.loads(explained) if isinstance(explained, str) else explained
    plan: dict[str, Any] = plans[0]["Plan"]
    return plan


def _scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "Relation Name" in plan:
        yield plan
    for part in plan.get("Plans", ()):
        yield from _scans(part)


def _analyse(database: Database) -> None:
    with closing(psycopg2.connect(database.url.replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        connection.cursor().execute("VACUUM ANALYZE")
