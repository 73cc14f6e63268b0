"""Scrub a file during its upload, and store the verdicts for a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from suppression.adapters.files.contact_file import ContactFile, FileOptions
from suppression.adapters.files.decoding import ByteStream
from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.scrubs import (
    Scrub,
    ScrubCounts,
    ScrubRequest,
    encode_verdicts,
    verdict_of,
)
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.database import writing
from suppression.storage.scrubs.rows import add_chunk, begin_scrub, delete_scrub, end_scrub
from suppression.usecases.ledger.append import new_id
from suppression.usecases.scrubs.run import run_scrub
from suppression.usecases.services import Services


def store_scrub(
    services: Services,
    controller: Controller,
    stream: ByteStream,
    file_options: FileOptions,
    request: ScrubRequest,
    *,
    counted: Callable[[Sequence[CheckResult]], None],
) -> Scrub:
    """Scrub a file and return the scrub; store only line, decision and reasons of each row.

    Each batch has its own transaction, so that a long upload blocks nobody. An upload that fails
    leaves no scrub to be read. `counted` is called with the check results of every batch. Raises
    InvalidValueError for a file that cannot be used, LookupError for an unknown encoding,
    BodyTooLargeError for a file over its limits.
    """
    as_of, scrub_id, counts = services.clock(), new_id(), ScrubCounts()
    file = ContactFile(stream, file_options)
    batches = run_scrub(services, controller, file, request, clock=services.clock)
    with writing() as transaction:
        begin_scrub(transaction, controller, scrub_id, as_of=as_of)
    try:
        for number, (rows, answers) in enumerate(batches):
            verdicts = [
                verdict_of(row.line, answer) for row, answer in zip(rows, answers, strict=True)
            ]
            with writing() as transaction:
                add_chunk(transaction, scrub_id, number, encode_verdicts(verdicts))
            counts.add(answers)
            counted(answers)
        made = _ended(scrub_id, controller, as_of, counts)
        with writing() as transaction:
            end_scrub(transaction, made)
    except BaseException:
        _discard(scrub_id)
        raise
    return made


def _ended(scrub_id: bytes, controller: Controller, as_of: datetime, counts: ScrubCounts) -> Scrub:
    return Scrub(
        scrub_id=scrub_id,
        controller_number=controller.number,
        as_of=as_of,
        rows=counts.rows,
        summary=counts.summary(),
        valid_until=counts.valid_until,
    )


def _discard(scrub_id: bytes) -> None:
    """Delete an unfinished scrub; if the database is unavailable, leave this to `flask worker`."""
    with suppress(DatabaseUnavailableError), writing() as transaction:
        delete_scrub(transaction, scrub_id)
