"""Run imports by their use cases, without HTTP or a command, and read the rows that they write."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from suppression.adapters.files.contact_file import FileOptions
from suppression.domain.controllers.model import Controller
from suppression.domain.imports.model import Import, ImportAction, RowFault
from suppression.domain.imports.options import parse_options
from suppression.storage.engine.database import reading
from suppression.storage.imports.tables import DbImportForm, DbImportRow
from suppression.storage.ledger.tables import DbLedgerEntry
from suppression.storage.suppressions.tables import DbSuppression
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.imports.apply import clear_imports, pending_imports, run_import
from suppression.usecases.imports.manage import change_import, find_import, import_faults
from suppression.usecases.imports.stage import ImportUpload, StagingResult, stage_import
from suppression.usecases.services import Services

NO_COLUMNS: Mapping[str, str] = {}


class Imports:
    """The imports of one controller, and the steps of their life."""

    def __init__(self, app: Flask, slug: str = "okwind") -> None:
        self.app, self.slug = app, slug
        self.services: Services = app.extensions["suppression"]

    @property
    def controller(self) -> Controller:
        """Return the controller, read from the database."""
        return find_controller(self.slug)

    def stage(
        self, text: str | bytes, *, columns: Mapping[str, str] = NO_COLUMNS, **words: str
    ) -> StagingResult:
        """Stage a file with this text; `words` are its options, as in the URL of an upload."""
        sent = text.encode() if isinstance(text, str) else text
        upload = ImportUpload(
            stream=io.BytesIO(sent),
            options=parse_options(words),
            file_options=FileOptions(columns=columns),
        )
        with self.app.app_context():
            return stage_import(
                self.services, self.controller, upload, actor="test", clock=self.services.clock
            )

    def wish(self, import_id: str, wish: ImportAction) -> tuple[Import, bool]:
        """Request an action on an import, which `work` carries out.

        Return the import, and whether the request changed it.
        """
        with self.app.app_context():
            return change_import(
                self.controller, import_id, wish, actor="test", now=self.services.clock()
            )

    def work(self) -> None:
        """Run all pending imports and clear rows that no import needs, as the worker does."""
        with self.app.app_context():
            for import_ in pending_imports():
                run_import(import_, self.services.clock)
            clear_imports(now=self.services.clock())

    def apply(
        self, text: str | bytes, *, columns: Mapping[str, str] = NO_COLUMNS, **words: str
    ) -> Import:
        """Stage a file, apply it completely, and return the import."""
        staged = self.stage(text, columns=columns, **words).import_
        self.wish(staged.import_id, ImportAction.APPLY)
        self.work()
        return self.load(staged.import_id)

    def undo(self, import_id: str) -> Import:
        """Undo an import completely and return it."""
        self.wish(import_id, ImportAction.UNDO)
        self.work()
        return self.load(import_id)

    def load(self, import_id: str) -> Import:
        """Return an import, read from the database."""
        with self.app.app_context():
            return find_import(self.controller, import_id)

    def faults(self, import_: Import) -> list[RowFault]:
        """Return the faults of the invalid rows of an import."""
        with self.app.app_context():
            return list(import_faults(import_))


def emails(numbers: Iterable[int]) -> str:
    """Return a CSV text with an invented e-mail address for each number."""
    return "email\n" + "".join(f"person-{number}@example.fr\n" for number in numbers)


def staged_rows(app: Flask) -> int:
    """Return the number of staged rows and forms of all imports."""
    with app.app_context(), reading() as transaction:
        return sum(
            transaction.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (DbImportRow, DbImportForm)
        )


def listed(app: Flask, source: str | None = None) -> list[Any]:
    """Return the rows of the suppression list, of one source or of all."""
    statement = select(DbSuppression).order_by(DbSuppression.fingerprint)
    if source is not None:
        statement = statement.where(DbSuppression.source == source)
    with app.app_context(), reading() as transaction:
        return list(transaction.execute(statement))


def ledger(app: Flask, source: str | None = None) -> list[Any]:
    """Return the ledger's entries about people, of one source or of all, in order of recording."""
    statement = select(DbLedgerEntry).where(DbLedgerEntry.record_id.is_not(None))
    if source is not None:
        statement = statement.where(DbLedgerEntry.source == source)
    with app.app_context(), reading() as transaction:
        return list(transaction.execute(statement.order_by(DbLedgerEntry.recorded_at)))
