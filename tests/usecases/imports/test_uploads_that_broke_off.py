"""Of an upload that never became an import nothing stays; it is listed only if interrupted."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from suppression.adapters.files.contact_file import FileOptions
from suppression.domain.errors import ConflictError, ImportStateError, InvalidValueError
from suppression.domain.imports.model import Import, ImportAction, ImportState
from suppression.domain.imports.options import parse_options
from suppression.storage.engine.database import disconnect
from suppression.usecases.imports import stage as stage_import
from suppression.usecases.imports.manage import list_imports
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.conftest import Clock
from tests.databases import Database
from tests.importing import Imports, emails, listed, staged_rows


class Interrupted(io.BytesIO):
    """A file that calls `then` after its last byte was read."""

    def __init__(self, text: str, then: Callable[[], object]) -> None:
        super().__init__(text.encode())
        self.then = then

    def read(self, size: int | None = -1, /) -> bytes:
        taken = super().read(size)
        if not taken:
            self.then()
        return taken


def test_an_upload_whose_process_was_killed_is_cleared_away_and_said_to_be_interrupted(
    imports: Imports, app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(stage_import._StagingRun, "give_up", lambda *_, **__: None)  # noqa: SLF001
        patched.setattr(stage_import._StagingRun, "close", _killed)  # noqa: SLF001
        with pytest.raises(KeyboardInterrupt):
            imports.stage(emails(range(10)))
    assert staged_rows(app) == 10
    clock.turn(hours=2)
    imports.work()
    (import_,) = _listed(imports)
    assert (import_.state, import_.interrupted, import_.counts.rows) == (
        ImportState.DISCARDED,
        True,
        10,
    )
    assert (staged_rows(app), listed(app)) == (0, [])


def test_an_upload_whose_connection_broke_is_said_to_be_interrupted(
    imports: Imports, api: Api
) -> None:
    with pytest.raises(KeyboardInterrupt):
        _stage(imports, _killed)
    (import_,) = _listed(imports)
    assert (import_.state, import_.interrupted) == (ImportState.DISCARDED, True)
    shown = api.send("GET", f"/v1/imports/{import_.import_id}").get_json()
    assert (shown["state"], shown["interrupted"]) == ("discarded", True)
    listing = imports.app.test_cli_runner().invoke(args=["imports", "list", "okwind"]).stdout
    assert f"{import_.import_id}\tdiscarded (interrupted)\t" in listing
    assert imports.stage(emails(range(3))).fresh


def test_what_somebody_discarded_was_not_interrupted(imports: Imports, api: Api) -> None:
    import_ = imports.stage(emails(range(3))).import_
    imports.wish(import_.import_id, ImportAction.DISCARD)
    imports.work()
    assert [import_.interrupted for import_ in _listed(imports)] == [False]
    assert "interrupted" not in api.send("GET", f"/v1/imports/{import_.import_id}").get_json()


def test_the_same_file_again_leaves_no_trace(imports: Imports, app: Flask) -> None:
    first = imports.stage(emails(range(10))).import_
    assert not imports.stage(emails(range(10))).fresh
    with pytest.raises(ConflictError):
        imports.stage(emails(range(10)), channels="email")
    assert [import_.import_id for import_ in _listed(imports)] == [first.import_id]
    imports.work()
    assert [import_.import_id for import_ in _listed(imports)] == [first.import_id]
    assert staged_rows(app) == 10


def test_a_file_that_was_refused_leaves_no_trace(imports: Imports, app: Flask) -> None:
    cut = gzip.compress(emails(range(10)).encode(), mtime=0)[:-9]
    with pytest.raises(InvalidValueError):
        imports.stage(cut)
    assert _listed(imports) == []
    imports.work()
    assert (staged_rows(app), _listed(imports)) == (0, [])


def test_a_command_on_a_machine_hours_fast_gives_up_no_upload(
    imports: Imports, database: Database, clock: Clock
) -> None:
    other = imports.stage(emails(range(3))).import_
    fast = create_app(
        database.settings(), clock=lambda: clock() + timedelta(hours=2), database_clock=clock
    )

    def discard() -> None:
        words = ["imports", "discard", "okwind", other.import_id]
        discarded = fast.test_cli_runner().invoke(args=words)
        assert "state\tdiscarded" in discarded.stdout, discarded.stderr

    _stage(imports, discard)
    with fast.app_context():
        disconnect()
    (upload,) = (import_ for import_ in _listed(imports) if import_.import_id != other.import_id)
    assert (upload.state, upload.interrupted) == (ImportState.STAGED, False)


def test_an_upload_that_was_given_up_before_its_end_is_no_import(
    imports: Imports, app: Flask, clock: Clock
) -> None:
    def give_up() -> None:
        clock.turn(hours=2)
        imports.work()

    with pytest.raises(ImportStateError):
        _stage(imports, give_up)
    assert staged_rows(app) == 0
    again = imports.apply(emails(range(3)))
    assert (again.counts.applied, len(listed(app, again.import_id))) == (3, 3)


def _stage(imports: Imports, then: Callable[[], object]) -> None:
    """Stage a file of three people, and call `then` after its last byte was read."""
    upload = stage_import.ImportUpload(
        stream=Interrupted(emails(range(3)), then),
        options=parse_options({}),
        file_options=FileOptions(),
    )
    clock = imports.services.clock
    with imports.app.app_context():
        stage_import.stage_import(
            imports.services, imports.controller, upload, actor="test", clock=clock
        )


def _listed(imports: Imports) -> list[Import]:
    with imports.app.app_context():
        return list_imports(imports.controller)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def imports(app: Flask, api: Api, monkeypatch: pytest.MonkeyPatch) -> Imports:
    assert api.key
    monkeypatch.setattr(stage_import, "BATCH", 1)
    return Imports(app)
