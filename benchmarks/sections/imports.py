"""Measure an import, staged and applied, against COPY of rows that were prepared before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg2

from benchmarks.commands import CommandFailedError, NotBuiltError, import_list, run_flask
from benchmarks.goals import Failure, Finding
from benchmarks.ground import Ground, List
from benchmarks.lists import copy_rows, make_rows
from benchmarks.people import IMPORTED, PROBE, write_stopped
from benchmarks.rounds import interleaved


def imports(on: Ground) -> Iterator[Finding | Failure]:
    """Measure rows per second into an empty list, ledger included; each round has a new list."""
    count = on.sizes.imported
    source = write_stopped(on.path("stopped.csv"), count)
    probe = write_stopped(on.path("probe.csv"), PROBE)
    ready = make_rows(on.template, range(IMPORTED, IMPORTED + count), on.folder, "ready")

    def by_copy(stop_list: List) -> None:
        for rows in ready:
            copy_rows(stop_list.url, rows)

    def by_us(stop_list: List, given: Path = source) -> None:
        run_flask(import_list(given), on.environment(stop_list.url))

    def timed(work: Callable[[List], None], rows: int = count) -> float:
        with on.empty_list() as stop_list:
            before = _rows(stop_list)
            begun = time.perf_counter()
            work(stop_list)
            seconds = time.perf_counter() - begun
            if _rows(stop_list) - before != rows:
                raise CommandFailedError(f"{_rows(stop_list) - before} rows came of {rows}")
        return rows / seconds

    try:
        timed(partial(by_us, given=probe), PROBE)
    except (NotBuiltError, CommandFailedError) as error:
        yield Failure(row="import", why=f"{error}; COPY: {timed(by_copy):,.0f} rows/s")
        return
    contestants = {"ours": partial(timed, by_us), "copy": partial(timed, by_copy)}
    turns = interleaved(contestants, on.sizes.rounds)
    yield Finding(row="import", ours=turns["ours"], peer=turns["copy"])


def _rows(stop_list: List) -> int:
    with closing(psycopg2.connect(stop_list.url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM suppressions")
        return int(next(iter(cursor))[0])
