"""Stage an import: a file's rows become fingerprints as it streams in, and are counted.

Nothing is on the list yet. The same bytes again are the import that they are already.
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
    save_given_up,
    save_staged,
    save_tally,
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
"""Rows of a file in one transaction."""
_TOLD = (BodyTooLargeError, ConflictError, InvalidValueError)
"""What whoever uploads is told of the file, so that its upload need not be listed."""
_RANDOM = 48
_ID = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportUpload:
    """A file as it comes: its bytes, what is known of its columns, and what holds for its rows.

    `progress` hears how many rows are staged.
    """

    stream: ByteStream
    terms: ImportOptions
    wanted: FileOptions
    progress: Callable[[ImportCounts], None] = lambda _: None


@dataclass(frozen=True, kw_only=True, slots=True)
class StagingResult:
    """The import; whether it is new; the file's header, and its first rows as understood.

    Neither header nor rows are stored: whoever uploaded the file sees them once.
    """

    found: Import
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
    """Read the whole stream and stage it; or the import that these bytes are already.

    ConflictError if they are one on other terms. InvalidValueError or BodyTooLargeError for a file
    that cannot be used: then nothing of it is kept.
    """
    taken = hashlib.sha256()
    file = ContactFile(upload.stream, upload.wanted, seen=taken.update)
    validate_columns(file, upload.terms)
    staging = _StagingRun(services, controller, upload, file, actor, clock)
    try:
        for rows in file.batches():
            staging.add(rows)
        return staging.close(taken.digest())
    except BaseException as error:
        told = isinstance(error, _TOLD)
        staging.give_up(UploadEnd.UNNEEDED if told else UploadEnd.INTERRUPTED)
        raise


class _StagingRun:
    """One upload, batch by batch."""

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
        self.tally = ImportCounts()
        self.waiting: list[Row] = []
        with writing() as transaction:
            # What stands in for a date that a row does not have; whom it names is not known yet.
            now = entry_dates(transaction, after=AfterRows(controller.number, ())).stop_at
            topics = frozenset(topic.slug for topic in load_topics(transaction, controller))
            validate_options(upload.terms, topics, now=now)
            self.found = add_import(
                transaction,
                controller,
                new_reference(),
                columns=() if file.is_json else file.columns,
                terms_digest=self.terms_digest,
                actor=actor,
                now=now,
            )
        self.reader = RowParser(self.keys, controller, upload.terms, file, topics, now=now)

    def add(self, rows: Sequence[Row]) -> None:
        """Stage these rows, once there are enough; the first at once, so that progress shows."""
        self.waiting += rows
        if len(self.waiting) >= BATCH or not self.tally.rows:
            self._flush()

    def close(self, sha256: bytes) -> StagingResult:
        """Make it an import that can be applied, unless these bytes are one already."""
        if self.waiting:
            self._flush()
        digest = self.keys.digest(b"import", sha256)
        for _ in range(2):  # a second look finds what was quicker
            known = None
            with suppress(ConflictError), writing() as transaction:
                known = find_import_of_bytes(transaction, self.controller, digest)
                if known is None:
                    self._must_be_staging(transaction)
                    save_staged(
                        transaction,
                        self.found,
                        digest=digest,
                        schemes=self.reader.schemes,
                        now=self.clock(),
                    )
                    self._enter(transaction)
                    mine = lock_import(transaction, self.found.number)
                    return self._staged(mine, fresh=True)
            if known is not None:
                return self._known(known)
        raise ConflictError("This very file is being uploaded at the same time; ask again.")

    def _enter(self, transaction: Transaction) -> None:
        """Into the ledger, that somebody read this file in."""
        context = AuditContext(
            actor=self.actor,
            recorded_at=self.clock(),
            reference=self.found.import_id,
            ref=ImportState.STAGED,
        )
        record_audit_event(
            transaction,
            EntryType.IMPORT_CHANGED,
            context,
            controllers=[self.controller.number],
        )

    def _must_be_staging(self, transaction: Transaction) -> None:
        """Lock it. One that the worker gave up has lost its rows, and is none any more."""
        if lock_import(transaction, self.found.number).state is not ImportState.STAGING:
            raise ImportStateError("This import was given up; upload the file again.")

    def give_up(self, why: UploadEnd) -> None:
        """Keep nothing of it. What fails here the worker clears away later."""
        with suppress(SuppressionError), writing() as transaction:
            import_ = lock_import(transaction, self.found.number)
            if import_.state is ImportState.STAGING:
                save_given_up(transaction, import_, why, now=self.clock())

    def _known(self, known: Import) -> StagingResult:
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
        return StagingResult(found=import_, fresh=fresh, header=self.file.header, first_rows=rows)

    def _flush(self) -> None:
        """Stage what waits: understood first, so that the transaction is short."""
        rows, self.waiting = self.waiting, []
        stops, faults = self.reader.parse(rows)
        batch = Batch(first=self.tally.stops + 1, stops=list(_staged_row(stops)), faults=faults)
        now = self.clock()
        with writing() as transaction:
            extend_timeouts(transaction)
            self._must_be_staging(transaction)
            add_staged(transaction, self.found, batch)
            new = new_rows(transaction, self.found, batch, now=now)
            self.tally = dataclasses.replace(
                self.tally,
                rows=self.tally.rows + len(rows),
                new=self.tally.new + new,
                known=self.tally.known + len(rows) - len(faults) - new,
                invalid=self.tally.invalid + len(faults),
                stops=self.tally.stops + len(stops),
            )
            save_tally(transaction, self.found, self.tally, now=now)
        self.upload.progress(self.tally)


def _options_digest(upload: ImportUpload) -> tuple[bytes, ...]:
    """What the caller said of the file, by which the same bytes may mean something else."""
    wanted = upload.wanted
    columns = "|".join(f"{name}={where}" for name, where in sorted(wanted.columns.items()))
    options = f"{wanted.header}|{wanted.encoding}|{wanted.delimiter}"
    return (
        b"import terms",
        upload.terms.canonical_text().encode(),
        columns.encode(),
        options.encode(),
    )


def _staged_row(stops: Sequence[StagedSuppression]) -> Iterable[StagedRow]:
    """Each stop with its record's name, salt and commitment."""
    random = os.urandom(_RANDOM * len(stops))
    for place, stop in zip(range(0, len(random), _RANDOM), stops, strict=True):
        salt = random[place + _ID : place + _RANDOM]
        sealing = commitment(salt, stop.forms)
        yield StagedRow(stop, random[place : place + _ID], salt, sealing)
