"""Long work of one company, or a large backlog, does not delay the work of others, and ends."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, event, insert

from suppression.domain.errors import DatabaseUnavailableError
from suppression.domain.imports.model import Import, ImportAction
from suppression.domain.retention import CONFIRMATIONS_KEPT_FOR
from suppression.storage.controllers.tables import DbApiKey
from suppression.storage.engine.base import Base, db
from suppression.storage.engine.database import reading, writing
from suppression.storage.imports import apply as import_batches
from suppression.storage.imports import staging as staged_rows
from suppression.storage.ledger.idempotency_tables import DbIdempotentAnswer
from suppression.storage.unsubscribe.tables import DbConfirmation
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.imports import apply as work_on_imports
from suppression.usecases.imports.apply import clear_imports
from suppression.usecases.operations.retention import purge_confirmations, purge_idempotency
from suppression.usecases.piecewise import PIECE
from tests.api import Api, make_controller
from tests.conftest import Clock
from tests.importing import Imports, emails
from tests.importing import staged_rows as count_staged

MANY = 2 * PIECE + 7


@pytest.fixture
def imports(app: Flask, api: Api) -> Imports:
    assert api.key
    return Imports(app)


@pytest.fixture
def deleted(app: Flask) -> Iterator[list[int]]:
    """Yield a list that collects the number of rows of each DELETE."""
    counts: list[int] = []

    def note(_c: Connection, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("DELETE"):
            counts.append(getattr(cursor, "rowcount", 0))

    with app.app_context():
        engines = set(db.engines.values())
        for engine in engines:
            event.listen(engine, "after_cursor_execute", note)
        yield counts
        for engine in engines:
            event.remove(engine, "after_cursor_execute", note)


def test_a_long_list_of_one_company_does_not_stand_before_anothers(
    app: Flask,
    imports: Imports,
    seen: set[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_controller(app, "okonect")
    other = Imports(app, "okonect")
    seen.update(f"person-{number}@example.fr" for number in range(62))
    long, second = (imports.stage(emails(some)).import_ for some in (range(60), range(30)))
    short = other.stage(emails(range(60, 62))).import_
    for mine in (long, second):
        imports.wish(mine.import_id, ImportAction.APPLY)
    other.wish(short.import_id, ImportAction.APPLY)
    monkeypatch.setattr(work_on_imports, "BATCH", 5)
    monkeypatch.setattr("suppression.cli.worker.run_synthetic_opt_out", _no_click)
    with caplog.at_level(logging.INFO, "suppression.cli.worker"):
        app.test_cli_runner().invoke(args=["worker", "--once"])
    assert _ended(caplog) == [short.import_id, long.import_id, second.import_id]


def test_an_import_that_fails_holds_up_none_behind_it(
    app: Flask,
    imports: Imports,
    seen: set[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen.update(f"person-{number}@example.fr" for number in range(8))
    bad, good = (imports.stage(emails(some)).import_ for some in (range(4), range(4, 8)))
    for mine in (bad, good):
        imports.wish(mine.import_id, ImportAction.APPLY)
    real = import_batches.apply_staged

    def apply(transaction: object, import_: Import, *rest: object, **named: object) -> object:
        if import_.number == bad.number:
            raise ValueError
        return real(transaction, import_, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(work_on_imports, "apply_staged", apply)
    monkeypatch.setattr("suppression.cli.worker.run_synthetic_opt_out", _no_click)
    with caplog.at_level(logging.INFO, "suppression.cli.worker"):
        app.test_cli_runner().invoke(args=["worker", "--once"])
    assert _ended(caplog) == [good.import_id]


def test_invalid_rows_are_cleared_a_piece_at_a_time(
    imports: Imports, clock: Clock, deleted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of 100 MB may have fifty million invalid rows, too many for one statement."""
    monkeypatch.setattr(work_on_imports, "CLEARED_AT_ONCE", 50)
    import_ = imports.stage("email\n" + "nobody\n" * 230).import_
    assert len(imports.faults(import_)) == 230
    imports.wish(import_.import_id, ImportAction.DISCARD)
    clear_imports(now=clock.now)
    assert imports.faults(import_) == []
    assert max(deleted) <= 50


def test_an_import_that_cannot_be_cleared_leaves_no_other_as_it_is(
    app: Flask, imports: Imports, seen: set[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen.update(f"person-{number}@example.fr" for number in range(8))
    bad, good = (imports.stage(emails(some)).import_ for some in (range(4), range(4, 8)))
    for mine in (bad, good):
        imports.wish(mine.import_id, ImportAction.DISCARD)
    real = staged_rows.clear_staged

    def clear(transaction: object, import_: Import, **named: int) -> bool:
        if import_.number == bad.number:
            raise DatabaseUnavailableError
        return real(transaction, import_, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(work_on_imports, "clear_staged", clear)
    before = count_staged(app)
    with app.app_context(), pytest.raises(DatabaseUnavailableError):
        clear_imports(now=clock.now)
    assert count_staged(app) == before // 2


@pytest.mark.parametrize("forget", [purge_idempotency, purge_confirmations])
def test_what_has_piled_up_is_forgotten_a_piece_at_a_time(
    api: Api, clock: Clock, deleted: list[int], forget: Callable[..., int]
) -> None:
    """An hour of requests to the public form leaves more rows than one statement can delete."""
    assert api.key
    table, rows = _old_rows(clock, forget is purge_idempotency)
    with writing() as transaction:
        transaction.execute(insert(table), rows)
    assert forget(now=clock.now) == MANY
    assert forget(now=clock.now) == 0
    assert max(deleted) <= PIECE


def _old_rows(clock: Clock, answers: bool) -> tuple[type[Base], list[dict[str, object]]]:  # noqa: FBT001 - two tables
    old = clock.now - CONFIRMATIONS_KEPT_FOR - timedelta(days=1)
    if not answers:
        number = find_controller("okwind").number
        same = {"controller_number": number, "reference": "r", "recorded_at": old, "since": old}
        same |= {"stopped": "[]", "opened": "[]"}
        return DbConfirmation, [{"code_digest": _digest()} | same for _ in range(MANY)]
    with reading() as transaction:
        key = transaction.execute(DbApiKey.__table__.select()).first()
    same = {"api_key_number": key.number if key else 0, "created_at": old, "status": 200}
    rows = [{"claim": _digest(), "body_digest": _digest(), **same} for _ in range(MANY)]
    return DbIdempotentAnswer, rows


def _digest() -> bytes:
    return secrets.token_bytes(32)


def _ended(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the ids of the imports that the worker logged, in the order in which they ended."""
    told = [log_record for log_record in caplog.records if log_record.message == "import worked on"]
    return [vars(log_record)["fields"]["import_id"] for log_record in told]


def _no_click(*_: object, **__: object) -> None:
    raise SystemExit
