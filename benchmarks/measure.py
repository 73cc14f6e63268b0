"""Measure everything and write RESULTS.md; the script benchmarks/run starts this module.

python -m benchmarks.measure [--quick] [--only SECTION] [--out FILE]
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import psycopg2

from benchmarks.commands import NotBuiltError
from benchmarks.goals import ROWS, Failure, Finding, Row
from benchmarks.ground import Ground, ground, say
from benchmarks.report import FOLDER, Run, results_by_row, written
from benchmarks.sections.batch import batch
from benchmarks.sections.disk import disk
from benchmarks.sections.imports import imports
from benchmarks.sections.links import link_files, tokens
from benchmarks.sections.scrub import scrub_memory, scrubs
from benchmarks.sections.single import latency, single
from benchmarks.sections.stops import stops
from benchmarks.sizes import FULL, QUICK, Sizes

Section = Callable[[Ground], Iterator[Finding | Failure]]

# Disk is measured before rows are added to a list; stops come last, because they add rows.
SECTIONS: Mapping[str, tuple[Section, tuple[str, ...]]] = {
    "disk": (disk, ("disk",)),
    "single": (
        single,
        ("single-floor", "single-fastapi", "single-naive", "single-lookup"),
    ),
    "latency": (latency, ("single-latency",)),
    "batch": (batch, ("batch-",)),
    "scrub": (scrubs, ("scrub-duckdb", "scrub-clear", "scrub-join")),
    "memory": (scrub_memory, ("scrub-memory", "scrub-growth")),
    "tokens": (tokens, ("links-tokens",)),
    "links": (link_files, ("links-file",)),
    "import": (imports, ("import",)),
    "stops": (stops, ("stops-",)),
}


def measured(on: Ground, names: Iterable[str]) -> Iterator[Finding | Failure]:
    """Measure the named sections; yield a Finding or a Failure for every row of each.

    If a section raises an error, its remaining rows fail; the next sections are still measured.
    """
    for name in names:
        section, _ = SECTIONS[name]
        say(f"measuring {name}")
        done: set[str] = set()
        why = "not measured"
        try:
            for result in section(on):
                done.add(result.row)
                yield result
        except NotBuiltError as error:
            why = str(error)
        except Exception as error:  # noqa: BLE001 - the table says it, and the others are measured
            traceback.print_exc()
            why = f"{type(error).__name__}: {str(error)[-300:]}"
        missing = [row.name for row in rows_of([name]) if row.name not in done]
        yield from (Failure(row=row, why=why) for row in missing)


def rows_of(names: Iterable[str]) -> list[Row]:
    """Return the rows of the results table that belong to the named sections."""
    return [row for row in ROWS if row.name.startswith(tuple(_prefixes(names)))]


def _prefixes(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from SECTIONS[name][1]


def run(sizes: Sizes, names: Collection[str]) -> Run:
    """Set up a Ground, measure the named sections, remove the Ground, and return all results."""
    begun, load = time.monotonic(), os.getloadavg()[0]
    with ground(sizes) as on:
        results = results_by_row(measured(on, names), rows_of(names))
        with closing(psycopg2.connect(on.server.url)) as connection:
            server = connection.info.parameter_status("server_version") or "unknown"
    minutes = (time.monotonic() - begun) / 60
    return Run(sizes=sizes, results=results, postgresql=server, minutes=minutes, load=load)


def main() -> int:
    """Run the benchmarks that the command line names; write RESULTS.md, or print it with `--only`.

    Return the exit status: 1 if any requested row has no figure, else 0.
    """
    parser = argparse.ArgumentParser(prog="benchmarks/run")
    parser.add_argument("--quick", action="store_true", help="100,000 rows, under two minutes")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="prints, writes nothing")
    parser.add_argument("--out", type=Path, help="instead of benchmarks/RESULTS.md")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every server ends with us
    findings = run(QUICK if chosen.quick else FULL, chosen.only or SECTIONS)
    page = written(findings)
    if chosen.only and chosen.out is None:
        print(page)
    else:
        (chosen.out or FOLDER / "RESULTS.md").write_text(page)
    failed = [result for result in findings.results.values() if isinstance(result, Failure)]
    for failure in failed:
        say(f"FAILED {failure.row}: {failure.why}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
