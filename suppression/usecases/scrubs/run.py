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
from suppression.usecases.checks.check import CheckBatch, UniformBatch, with_current_schemes
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
    up. While the database looks up one batch, this thread decides the batch before and reads the
    next, so that neither is idle. Raises InvalidValueError for a missing or ambiguous column, or a
    file that cannot be read to its end; BodyTooLargeError for a file over its limits.
    """
    file.refuse_ambiguous(*columns_of(request.kind), "country")
    parser = RowParser(services, controller, file, request)
    under_way: Future[_LookedUp] | None = None
    with ThreadPoolExecutor(max_workers=1) as beside:
        for rows in _portions(file):
            batch = parser.parse_batch(rows)
            before = under_way and under_way.result()
            look_up = partial(copy_context().run, _look_up, parser, rows, batch, now=clock())
            under_way = beside.submit(look_up)
            if before:
                parser = before.parser
                yield before.decide()
            del before  # otherwise three batches are held at once
        if under_way:
            yield under_way.result().decide()


class _LookedUp(NamedTuple):
    """Rows as `parser` has parsed them, and the state that was looked up for them."""

    parser: RowParser
    rows: list[Row]
    batch: UniformBatch
    state: CheckBatch

    def decide(self) -> ScrubResult:
        """Return the rows with their check results."""
        return ScrubResult(self.rows, self.batch.answers(self.state))


def _look_up(
    parser: RowParser, rows: list[Row], batch: UniformBatch, *, now: datetime
) -> _LookedUp:
    """Look up the state of a batch, and whether the controller has got a partner's list meanwhile.

    Parse the rows anew for a new hash scheme, because checks then look up further fingerprints.
    """
    while True:
        state = batch.fetch(now=now)
        current = with_current_schemes(batch.controller)
        if current == batch.controller:
            return _LookedUp(parser, rows, batch, state)
        parser = parser.of(current)
        batch = parser.parse_batch(rows)


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
