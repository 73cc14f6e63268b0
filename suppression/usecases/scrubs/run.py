"""Check every row of a file with the same options, in batches, against committed state only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import NamedTuple

from suppression.adapters.files.cell_values import columns_of
from suppression.adapters.files.contact_file import ContactFile
from suppression.adapters.files.records import Row
from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.scrubs import ScrubRequest
from suppression.domain.controllers.model import Controller
from suppression.usecases.checks.check import CheckBatch, UniformBatch
from suppression.usecases.scrubs.parse_rows import RowParser
from suppression.usecases.services import Services

_BATCH = 5000


class ScrubResult(NamedTuple):
    """Some rows of a file, and the check result of each row, in the same order."""

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
    """Yield the rows of a file with their check results, in batches; only blank rows are left out.

    A row that cannot be parsed is `unknown`. Each batch sees what is committed when it is looked
    up, except stops in a partner's hash scheme that `controller` did not have yet. While the
    database looks up one batch, this thread decides the batch before and reads the next, so that
    neither is idle. Raises InvalidValueError for a missing or ambiguous column, or a file that
    cannot be read to its end; BodyTooLargeError for a file over its limits.
    """
    file.refuse_ambiguous(*columns_of(request.kind), "country")
    parser = RowParser(services, controller, file, request)
    under_way: _Batch | None = None
    with ThreadPoolExecutor(max_workers=1) as beside:
        for rows in _portions(file):
            values = [parser.parse_identifier(row) for row in rows]
            batch = UniformBatch(services, controller, request.kind, values, parser.parse_check)
            before, check_batch = under_way, under_way and under_way.state.result()
            fetch = partial(copy_context().run, batch.fetch, now=clock())
            under_way = _Batch(rows, batch, beside.submit(fetch))
            if before and check_batch:
                yield ScrubResult(before.rows, before.batch.answers(check_batch))
            del before, check_batch  # otherwise three batches are held at once
        if under_way:
            yield ScrubResult(under_way.rows, under_way.batch.answers(under_way.state.result()))


class _Batch(NamedTuple):
    """Rows whose state is being looked up; `state` is the future of the look-up."""

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
