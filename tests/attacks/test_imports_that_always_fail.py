"""An import that cannot be applied is retried ever less often, and ends in the state `failed`."""

from __future__ import annotations

import logging
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from suppression.cli import import_retries, worker
from suppression.cli.import_retries import ImportRetries
from suppression.cli.progress import progress_of
from suppression.cli.worker import _run_in_turn
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import DatabaseUnavailableError
from suppression.domain.imports.model import ImportAction, ImportState
from suppression.storage.engine.database import writing
from suppression.storage.imports.apply import apply_staged
from suppression.storage.imports.tables import DbImportRow
from suppression.usecases.imports import apply as work_on_imports
from suppression.usecases.imports.apply import apply_batch, end_as_failed, pending_imports
from tests.api import Api
from tests.conftest import Clock
from tests.importing import Imports, emails

PERSON = "person-0@example.fr"
FILE = emails([0, 2])
TWO_HOURS = 7200


class Seconds:
    """A monotonic clock whose time changes only when a test sets `now`."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Return the clock's time in seconds."""
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    clock = Seconds()
    monkeypatch.setattr(import_retries, "time", clock)
    return clock


def test_it_is_tried_twelve_times_and_then_given_up(
    app: Flask,
    api: Api,
    seconds: Seconds,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = _failing(monkeypatch, ValueError(), seconds)
    import_id = _asked_for(app)
    with caplog.at_level(logging.ERROR, "suppression.cli.worker"):
        _worker(app, seconds, ImportRetries(), TWO_HOURS)
    waits = [round(later - earlier) for earlier, later in pairwise(tries)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]
    assert _state(api, import_id) == "failed"
    assert "import given up" in caplog.messages
    assert api.decision("email", PERSON) == "allow"
    monkeypatch.undo()
    assert api.post(f"/v1/imports/{import_id}/apply").status_code == 202
    Imports(app).work()
    assert (_state(api, import_id), api.decision("email", PERSON)) == ("applied", "deny")


def test_one_whose_staged_rows_are_gone_is_given_up_at_once_and_its_file_taken_again(
    app: Flask, api: Api, seconds: Seconds
) -> None:
    import_id = _asked_for(app)
    with app.app_context(), writing() as transaction:
        transaction.execute(delete(DbImportRow))
    _worker(app, seconds, ImportRetries(), 1)
    assert _state(api, import_id) == "failed"
    again = Imports(app).apply(FILE)
    assert again.import_id != import_id
    assert api.decision("email", PERSON) == "deny"


def test_one_that_is_applied_again_or_undone_starts_afresh_in_every_worker(
    app: Flask, api: Api, seconds: Seconds, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = _failing(monkeypatch, ValueError(), seconds)
    import_id, slow = _asked_for(app), ImportRetries()
    _worker(app, seconds, slow, TWO_HOURS / 4)
    _worker(app, seconds, ImportRetries(), TWO_HOURS)
    assert _state(api, import_id) == "failed"
    clock.turn(seconds=1)
    assert api.post(f"/v1/imports/{import_id}/apply").status_code == 202
    tries.clear()
    asked_at = seconds.now
    _worker(app, seconds, slow, TWO_HOURS / 4)
    assert [round(at - asked_at) for at in tries[:4]] == [0, 2, 6, 14]
    assert _state(api, import_id) == "applying"
    clock.turn(seconds=1)
    Imports(app).wish(import_id, ImportAction.UNDO)
    _worker(app, seconds, slow, 1)
    assert _state(api, import_id) == "undone"


def test_one_that_another_worker_has_moved_on_is_not_given_up(
    app: Flask, api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = _asked_for(app)
    before = Imports(app).load(import_id)
    clock.turn(seconds=1)
    with app.app_context(), monkeypatch.context() as one_by_one:
        one_by_one.setattr(work_on_imports, "BATCH", 1)
        assert apply_batch(before, now=clock.now).state is ImportState.APPLYING
        assert end_as_failed(before, now=clock.now).state is ImportState.APPLYING
        assert _state(api, import_id) == "applying"


def test_one_that_cannot_be_given_up_keeps_no_other_waiting(
    app: Flask,
    api: Api,
    okonect: Controller,
    seconds: Seconds,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_id = _asked_for(app)
    with app.app_context(), writing() as transaction:
        transaction.execute(delete(DbImportRow))
    theirs, retries = _asked_for(app, okonect.slug), ImportRetries()

    def fail(*_: object, **__: object) -> None:
        raise DatabaseUnavailableError

    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR, "suppression.cli.worker"):
        broken.setattr(worker, "end_as_failed", fail)
        _worker(app, seconds, retries, 1)
    assert Imports(app, okonect.slug).load(theirs).state is ImportState.APPLIED
    assert _state(api, import_id) == "applying"
    assert "import not given up" in caplog.messages
    _worker(app, seconds, retries, 3)
    assert _state(api, import_id) == "failed"


def test_one_that_is_applied_at_a_later_try_of_the_round_has_not_failed(
    app: Flask, api: Api, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = _asked_for(app)
    other = Imports(app).stage(emails([1])).import_.import_id
    Imports(app).wish(other, ImportAction.APPLY)
    tried: list[int] = []

    def fail_once(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        tried.append(given[1].number)
        seconds.now += 3
        if len(tried) == 1:
            raise ValueError
        return apply_staged(*given, **named)

    monkeypatch.setattr(work_on_imports, "apply_staged", fail_once)
    with app.app_context():
        assert _run_in_turn(ImportRetries()) == set()
    assert len(tried) == 3
    assert _state(api, import_id) == "applied"


def test_a_database_that_is_away_is_asked_every_minute_and_nothing_is_given_up(
    app: Flask, api: Api, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = _failing(monkeypatch, DatabaseUnavailableError(), seconds)
    import_id, retries = _asked_for(app), ImportRetries()
    _worker(app, seconds, retries, TWO_HOURS)
    assert max(later - earlier for earlier, later in pairwise(tries)) <= 62
    assert _state(api, import_id) == "applying"
    monkeypatch.setattr(work_on_imports, "apply_staged", apply_staged)
    _worker(app, seconds, retries, 62)
    assert (_state(api, import_id), api.decision("email", PERSON)) == ("applied", "deny")


def test_a_discarded_import_is_not_shown_as_being_applied(
    app: Flask, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api.key
    shown: list[str] = []

    def noted(label: str, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        shown.append(label)
        return progress_of(label, *given, **named)

    monkeypatch.setattr("suppression.cli.imports.commands.progress_of", noted)
    staged = Imports(app).stage(FILE).import_
    words = ["imports", "discard", "okwind", staged.import_id]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0
    assert shown == []


def _asked_for(app: Flask, slug: str = "okwind") -> str:
    imports = Imports(app, slug)
    import_id = imports.stage(FILE).import_.import_id
    imports.wish(import_id, ImportAction.APPLY)
    return import_id


def _failing(monkeypatch: pytest.MonkeyPatch, error: Exception, seconds: Seconds) -> list[float]:
    """Make every batch raise an error; return a list that collects the times of the tries."""
    tries: list[float] = []

    def fail(*_: object, **__: object) -> None:
        tries.append(seconds.now)
        raise error

    monkeypatch.setattr(work_on_imports, "apply_staged", fail)
    return tries


def _worker(app: Flask, seconds: Seconds, retries: ImportRetries, span: float) -> None:
    """Run the worker's round each second for `span` seconds of the clock, skipping idle ones.

    The real worker runs it every two seconds.
    """
    ends = seconds.now + span
    with app.app_context():
        while seconds.now < ends:
            _run_in_turn(retries)
            pending = pending_imports()
            seconds.now += 1
            while seconds.now < ends and all(retries.is_waiting(import_) for import_ in pending):
                seconds.now += 1


def _state(api: Api, import_id: str) -> str:
    return str(api.send("GET", f"/v1/imports/{import_id}").get_json()["state"])
