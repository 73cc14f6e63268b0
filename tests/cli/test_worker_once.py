"""`flask worker --once` and `flask import --apply` end with 1 if not all was done."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from suppression.cli import worker
from suppression.cli.imports import commands
from suppression.domain.controllers.model import Controller
from suppression.domain.imports.model import Import, ImportAction, ImportState
from suppression.domain.probes import PASSED
from suppression.storage.engine.database import writing
from suppression.usecases.imports import apply as work_on_imports
from suppression.usecases.imports.manage import change_import
from suppression.usecases.operations.synthetic_opt_out import ProbeRun
from tests.api import Api
from tests.cli.test_commands import run
from tests.importing import Imports, emails


@pytest.fixture(autouse=True)
def good_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "run_synthetic_opt_out", lambda *_, **__: ProbeRun(result=PASSED))


def test_a_round_in_which_nothing_failed_ends_with_0(app: Flask) -> None:
    done = run(app, "worker", "--once")
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{PASSED}\n", "")


def test_a_round_in_which_an_import_failed_ends_with_1(
    app: Flask, imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports.wish(imports.stage(emails(range(2))).import_.import_id, ImportAction.APPLY)
    monkeypatch.setattr(work_on_imports, "apply_staged", _broken)
    failed = run(app, "worker", "--once")
    assert (failed.exit_code, "import" in failed.stderr) == (1, True)


def test_a_round_in_which_imports_could_not_be_cleared_ends_with_1(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "clear_imports", _broken)
    assert run(app, "worker", "--once").exit_code == 1


def test_a_round_in_which_upkeep_failed_ends_with_1(app: Flask) -> None:
    with app.app_context(), writing() as transaction:
        transaction.execute(text("ALTER TABLE confirmations RENAME TO away"))
    failed = run(app, "worker", "--once")
    assert (failed.exit_code, "upkeep" in failed.stderr) == (1, True)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (ImportState.UNDONE, "It was not applied to its end: somebody else had it undone."),
        (
            ImportState.FAILED,
            "It was given up after failures: see the worker's log, then apply it again.",
        ),
    ],
)
def test_an_import_that_somebody_else_ended_meanwhile_was_not_applied(
    app: Flask,
    api: Api,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: ImportState,
    told: str,
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\njean.dupont@example.fr\n")
    api.seen.add("jean.dupont@example.fr")

    def ended(
        controller: Controller, import_id: str, action: ImportAction, *, actor: str, now: datetime
    ) -> tuple[Import, bool]:
        import_, changed = change_import(controller, import_id, action, actor=actor, now=now)
        return dataclasses.replace(import_, state=state), changed

    monkeypatch.setattr(commands, "change_import", ended)
    result = run(app, "import", "okwind", str(file), "--apply")
    assert (result.exit_code, told in result.stderr) == (1, True)


@pytest.fixture
def imports(app: Flask, api: Api, seen: set[str]) -> Imports:
    assert api.key
    seen.update(f"person-{number}@example.fr" for number in range(2))
    return Imports(app)


def _broken(*_: object, **__: object) -> None:
    raise ValueError
