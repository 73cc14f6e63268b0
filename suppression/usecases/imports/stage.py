"""Stage an import: convert a file's rows to fingerprints as it streams in, and count them.

Staging puts nothing on the suppression list. If an import of the same bytes is staged, applying or
applied, the upload is discarded in favour of it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from suppression.adapters.files.contact_file import ContactFile, FileOptions
from suppression.adapters.files.decoding import ByteStream
from suppression.adapters.files.records import Row
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import (
    BodyTooLargeError,
    ConflictError,
    ImportStateError,
    InvalidValueError,
    SuppressionError,
)
from suppression.domain.imports.model import (
    Import,
    ImportChange,
    ImportCounts,
    ImportState,
    StagedSuppression,
    UploadEnd,
)
from suppression.domain.imports.options import ImportOptions
from suppression.domain.ledger.entries import AuditContext, commitment
from suppression.domain.vocabulary import EntryType
from suppression.storage.controllers.rows import load_topics
from suppression.storage.engine.clocks import AfterRows, entry_dates
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.imports.rows import (
    add_import,
    find_import_of_bytes,
    lock_import,
    save_counts,
    save_given_up,
    save_staged,
)
from suppression.storage.imports.staging import (
    Batch,
    StagedRow,
    add_staged,
    extend_timeouts,
    new_rows,
)
from suppression.usecases.imports.parse_rows import (
    PreviewRow,
    RowParser,
    validate_columns,
    validate_options,
)
from suppression.usecases.ledger.append import new_reference, record_audit_event
from suppression.usecases.services import Services

BATCH = 10_000
"""Once this many rows of a file wait, they are staged, in one transaction."""
_SHOWN_TO_UPLOADER = (BodyTooLargeError, ConflictError, InvalidValueError)
"""Errors that the uploader receives, so that the list of imports need not show the upload."""
_RANDOM = 48
_ID = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportUpload:
    """An uploaded file: its bytes, the options of its format, and the options of its rows.

    `progress` is called with the counts after each staged batch.
    """

    stream: ByteStream
    options: ImportOptions
    file_options: FileOptions
    progress: Callable[[ImportCounts], None] = lambda _: None


@dataclass(frozen=True, kw_only=True, slots=True)
class StagingResult:
    """The result of staging: the import, whether it is new, and the file's first rows as parsed.

    Header and first rows are not stored: the uploader sees them once.
    """

    import_: Import
    fresh: bool
    header: tuple[str, ...] = field(default=(), repr=False)
    first_rows: tuple[PreviewRow, ...] = field(default=(), repr=False)


def stage_import(
    services: Services,
    controller: Controller,
    upload: ImportUpload,
    *,
    actor: str,
    clock: Callable[[], datetime],
) -> StagingResult:
    """Stage the whole stream; return the new import, or the existing import of the same bytes.

    Raises ConflictError if the existing import has other options, or if concurrent uploads of the
    same bytes prevent it; InvalidValueError for invalid options or an unusable file,
    BodyTooLargeError for a file over its limits, LookupError for an unknown encoding,
    ImportStateError if the worker ended the upload. After an error the worker deletes the rows that
    were staged.
    """
    taken = hashlib.sha256()
    file = ContactFile(upload.stream, upload.file_options, seen=taken.update)
    validate_columns(file, upload.options)
    staging = _StagingRun(services, controller, upload, file, actor, clock)
    try:
        for rows in file.batches():
            staging.add(rows)
        return staging.close(taken.digest())
    except BaseException as error:
        shown = isinstance(error, _SHOWN_TO_UPLOADER)
        staging.give_up(UploadEnd.UNNEEDED if shown else UploadEnd.INTERRUPTED)
        raise


class _StagingRun:
    """The staging of one upload, batch by batch, from its first row to its end."""

    def __init__(
        self,
        services: Services,
        controller: Controller,
        upload: ImportUpload,
        file: ContactFile,
        actor: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.controller, self.upload, self.file = controller, upload, file
        self.actor, self.clock = actor, clock
        self.keys = services.keys_of(controller)
        self.terms_digest = self.keys.digest(*_options_digest(upload))
        self.counts = ImportCounts()
        self.waiting: list[Row] = []
        with writing() as transaction:
            # The date of rows without one. Their identifiers are not known yet.
            now = entry_dates(transaction, after=AfterRows(controller.number, ())).stop_at
            topics = frozenset(topic.slug for topic in load_topics(transaction, controller))
            validate_options(upload.options, topics, now=now)
            self.import_ = add_import(
                transaction,
                controller,
                new_reference(),
                columns=() if file.is_json else file.columns,
                terms_digest=self.terms_digest,
                actor=actor,
                now=now,
            )
        self.reader = RowParser(self.keys, controller, upload.options, file, topics, now=now)

    def add(self, rows: Sequence[Row]) -> None:
        """Collect rows and stage each full batch; stage the first rows at once to show progress."""
        self.waiting += rows
        if len(self.waiting) >= BATCH or not self.counts.rows:
            self._flush()

    def close(self, sha256: bytes) -> StagingResult:
        """Finish the upload; return it as a staged import, or the existing import of its bytes.

        Raises ConflictError if the existing import has other options, or if concurrent uploads of
        the same bytes prevent it twice; ImportStateError if the worker ended this upload.
        """
        if self.waiting:
            self._flush()
        digest = self.keys.digest(b"import", sha256)
        for _ in range(2):  # the second pass finds a concurrent upload that finished first
            known = None
            with suppress(ConflictError), writing() as transaction:
                known = find_import_of_bytes(transaction, self.controller, digest)
                if known is None:
                    self._must_be_staging(transaction)
                    save_staged(
                        transaction,
                        self.import_,
                        digest=digest,
                        schemes=self.reader.schemes,
                        now=self.clock(),
                    )
                    self._append_entry(transaction)
                    mine = lock_import(transaction, self.import_.number)
                    return self._staged(mine, fresh=True)
            if known is not None:
                return self._existing(known)
        raise ConflictError("This very file is being uploaded at the same time; ask again.")

    def _append_entry(self, transaction: Transaction) -> None:
        """Add a ledger entry for the staged import."""
        context = AuditContext(
            actor=self.actor,
            recorded_at=self.clock(),
            reference=self.import_.import_id,
            ref=ImportChange.STAGED,
        )
        record_audit_event(
            transaction,
            EntryType.IMPORT_CHANGED,
            context,
            controllers=[self.controller.number],
        )

    def _must_be_staging(self, transaction: Transaction) -> None:
        """Lock the import. Raises ImportStateError if the worker has ended its upload meanwhile."""
        if lock_import(transaction, self.import_.number).state is not ImportState.STAGING:
            raise ImportStateError("This import was given up; upload the file again.")

    def give_up(self, why: UploadEnd) -> None:
        """End the upload, so that its rows are deleted. If this fails, the worker does it later."""
        with suppress(SuppressionError), writing() as transaction:
            import_ = lock_import(transaction, self.import_.number)
            if import_.state is ImportState.STAGING:
                save_given_up(transaction, import_, why, now=self.clock())

    def _existing(self, known: Import) -> StagingResult:
        self.give_up(UploadEnd.UNNEEDED)
        if not hmac.compare_digest(known.terms_digest, self.terms_digest):
            raise ConflictError(
                f"These very bytes are import {known.import_id} already, with other options: "
                "discard or undo that one first, or change the file.",
                about=known.import_id,
            )
        return self._staged(known, fresh=False)

    def _staged(self, import_: Import, *, fresh: bool) -> StagingResult:
        rows = self.reader.first_rows
        return StagingResult(import_=import_, fresh=fresh, header=self.file.header, first_rows=rows)

    def _flush(self) -> None:
        """Stage the waiting rows; parse them first, so that the transaction is short."""
        rows, self.waiting = self.waiting, []
        stops, faults = self.reader.parse(rows)
        batch = Batch(first=self.counts.stops + 1, stops=list(_staged_row(stops)), faults=faults)
        now = self.clock()
        with writing() as transaction:
            extend_timeouts(transaction)
            self._must_be_staging(transaction)
            add_staged(transaction, self.import_, batch)
            new = new_rows(transaction, self.import_, batch, now=now)
            self.counts = dataclasses.replace(
                self.counts,
                rows=self.counts.rows + len(rows),
                new=self.counts.new + new,
                known=self.counts.known + len(rows) - len(faults) - new,
                invalid=self.counts.invalid + len(faults),
                stops=self.counts.stops + len(stops),
            )
            save_counts(transaction, self.import_, self.counts, now=now)
        self.upload.progress(self.counts)


def _options_digest(upload: ImportUpload) -> tuple[bytes, ...]:
    """Return an upload's options as bytes to hash: they decide what the bytes of the file mean."""
    file_options = upload.file_options
    columns = "|".join(f"{name}={where}" for name, where in sorted(file_options.columns.items()))
    file_format = f"{file_options.header}|{file_options.encoding}|{file_options.delimiter}"
    return (
        b"import terms",
        upload.options.canonical_text().encode(),
        columns.encode(),
        file_format.encode(),
    )


def _staged_row(stops: Sequence[StagedSuppression]) -> Iterable[StagedRow]:
    """Yield each stop with a new record id, a salt and a commitment."""
    random = os.urandom(_RANDOM * len(stops))
    for place, stop in zip(range(0, len(random), _RANDOM), stops, strict=True):
        salt = random[place + _ID : place + _RANDOM]
        sealing = commitment(salt, stop.forms)
        yield StagedRow(stop, random[place : place + _ID], salt, sealing)
