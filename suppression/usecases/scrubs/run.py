"""Check every row of a file in the same way, in batches, from committed state alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import NamedTuple

from suppression.adapters.files.cell_values import columns_of, country_of, picker
from suppression.adapters.files.contact_file import ContactFile
from suppression.adapters.files.records import Row
from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.checks.scrubs import ScrubRequest
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import Value
from suppression.domain.vocabulary import Kind
from suppression.usecases.checks.check import CheckBatch, UniformBatch
from suppression.usecases.services import Services

_BATCH = 5000


class ScrubResult(NamedTuple):
    """Some rows of a file, and the check result of each."""

    rows: list[Row]
    answers: list[CheckResult]


def run_scrub(
    services: Services,
    controller: Controller,
    file: ContactFile,
    request: ScrubRequest,
    *,
    clock: Callable[[], datetime],
) -> Iterator[ScrubResult]:
    """Yield the rows of a file with their check results, in batches; no row is left out.

    A row that cannot be parsed is `unknown`. Each batch is checked against what is committed by
    then. While the database looks up one batch, this thread decides the one before and reads the
    next: otherwise one of the two would be idle. Raises InvalidValueError for an ambiguous column.
    """
    file.refuse_ambiguous(*columns_of(request.kind), "country")
    reader = _Reader(services, controller, file, request)
    under_way: _Batch | None = None
    with ThreadPoolExecutor(max_workers=1) as beside:
        for rows in _portions(file):
            values = [reader.parse_identifier(row) for row in rows]
            batch = UniformBatch(services, controller, request.kind, values, reader.parse_check)
            before, check_batch = under_way, under_way and under_way.state.result()
            fetch = partial(copy_context().run, batch.fetch, now=clock())
            under_way = _Batch(rows, batch, beside.submit(fetch))
            if before and check_batch:
                yield ScrubResult(before.rows, before.batch.answers(check_batch))
            del before, check_batch  # otherwise three are held at once
        if under_way:
            yield ScrubResult(under_way.rows, under_way.batch.answers(under_way.state.result()))


class _Batch(NamedTuple):
    """Rows whose state is being looked up."""

    rows: list[Row]
    batch: UniformBatch
    state: Future[CheckBatch]


def _portions(file: ContactFile) -> Iterator[list[Row]]:
    """Yield the rows in lists of `_BATCH`; only the last list may be shorter."""
    waiting: list[Row] = []
    for block in file.batches():
        waiting += block
        while len(waiting) >= _BATCH:
            yield waiting[:_BATCH]
            del waiting[:_BATCH]
    if waiting:
        yield waiting


class _Reader:
    """Turns rows into check requests, in which only fingerprints remain of an identifier."""

    def __init__(
        self, services: Services, controller: Controller, file: ContactFile, request: ScrubRequest
    ) -> None:
        self.services, self.controller, self.request = services, controller, request
        self.pick = picker(file.columns, request.kind, scheme=request.scheme)
        has_country = "country" in file.columns and request.kind is Kind.PHONE
        self.country_at = file.columns.index("country") if has_country else None

    def parse_identifier(self, row: Row) -> str | Row:
        """Return the address in a row of e-mail; return a broken row, or one of another kind."""
        if row.fault or self.request.kind is not Kind.EMAIL:
            return row
        value = self.pick(row.cells)
        return value if isinstance(value, str) else row

    def parse_check(self, value: str | Row) -> CheckRequest | InvalidCheck:
        """Return the check request of an address or a row, or why there is none."""
        if isinstance(value, str):
            return self._check_request(value, self.request.country)
        if value.fault:
            return InvalidCheck(code="row_broken")
        country = self.request.country
        if self.country_at is not None and (cell := value.cells[self.country_at].strip()):
            country = country_of(cell)
            if country is None:
                # With the default country instead, it might be the number of another person.
                return InvalidCheck(code="malformed")
        return self._check_request(self.pick(value.cells), country)

    def _check_request(self, value: Value, country: str | None) -> CheckRequest | InvalidCheck:
        request = self.request
        try:
            subject = self.services.subject(
                self.controller,
                request.kind,
                value,
                country=country,
                consent=request.kind is Kind.POSTAL,
            )
        except IdentifierParseError as error:
            return InvalidCheck(code=error.code)
        return CheckRequest(
            subject=subject,
            scope=request.scope,
            audience=request.audience,
            attested=request.attested,
            at=request.at,
        )
