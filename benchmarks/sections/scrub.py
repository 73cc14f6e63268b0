"""Measure the rate of a scrub against DuckDB and sort | join, and its peak memory."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg2

from benchmarks.commands import CommandFailedError, NotBuiltError, Ran, run_flask, scrub, watched
from benchmarks.goals import Failure, Finding
from benchmarks.ground import Ground, List, say
from benchmarks.people import PROBE, address, stopped, write_recipients
from benchmarks.rounds import interleaved
from benchmarks.serving import installed, surroundings
from tests.launching import PROJECT

_DUCK = [sys.executable, "-m", "benchmarks.peers.duck"]
_ROWS = {"hmac": "scrub-duckdb", "clear": "scrub-clear", "join": "scrub-join"}
_EVERY = "SELECT fingerprint FROM suppressions UNION ALL SELECT fingerprint FROM suppression_forms"


def scrubs(on: Ground) -> Iterator[Finding | Failure]:
    """Measure rows per second of a scrub, from the command's start to the written file."""
    large, count = on.lists[on.sizes.large_list], on.sizes.scrub
    source = write_recipients(on.path("recipients.csv"), count, listed=large.size)
    environ = on.environment(large.url)
    denied = stopped(count, listed=large.size)
    contestants = _peers(on, large, source, denied)
    failure = ""
    try:
        probe = write_recipients(on.path("probe.csv"), PROBE, listed=large.size)
        _scrub_by_us(on, probe, environ, stopped(PROBE, listed=large.size))
        contestants["ours"] = lambda: count / _scrub_by_us(on, source, environ, denied).seconds
    except (NotBuiltError, CommandFailedError) as error:
        failure = str(error)
    turns = interleaved(contestants, on.sizes.rounds)
    for name, row in _ROWS.items():
        if failure or name not in turns:
            seen = f"; {name}: {max(turns[name]):,.0f} rows/s" if name in turns else ""
            yield Failure(row=row, why=f"{failure or 'duckdb is not installed'}{seen}")
        else:
            yield Finding(row=row, ours=turns["ours"], peer=turns[name])


def scrub_memory(on: Ground) -> Iterator[Finding | Failure]:
    """Measure the peak memory of a scrub in MB, once for each of two files."""
    large = on.lists[on.sizes.large_list]
    held = []
    for count in on.sizes.memory:
        say(f"scrubbing a file of {count:,}")
        source = write_recipients(on.path("memory.csv"), count, listed=large.size)
        denied = stopped(count, listed=large.size)
        held.append(_scrub_by_us(on, source, on.environment(large.url), denied).memory)
    few, many = held
    yield Finding(row="scrub-memory", ours=[many], peer=[few])
    yield Finding(row="scrub-growth", ours=[max(0.0, many - few)])


def _scrub_by_us(on: Ground, source: Path, environ: dict[str, str], denied: int) -> Ran:
    target = on.path("scrubbed.csv")
    target.unlink(missing_ok=True)
    ran = run_flask(scrub(source, target), environ)
    expect(target, denied, "deny")
    return ran


def _peers(
    on: Ground, stop_list: List, source: Path, denied: int
) -> dict[str, Callable[[], float]]:
    contestants: dict[str, Callable[[], float]] = {}
    clear = _write_forms(on.path("clear.csv"), _forms_in_the_clear(stop_list.size))
    count, environ, target = on.sizes.scrub, on.environment(stop_list.url), on.path("peer.csv")

    def timed(command: list[str], word: str, wanted: int) -> float:
        target.unlink(missing_ok=True)
        seconds = watched(command, environ).seconds
        expect(target, wanted, word)
        return count / seconds

    if installed("duckdb"):
        keyed = on.path("keyed.csv")
        _copy_out(stop_list, keyed)
        for how, forms in (("clear", clear), ("hmac", keyed)):
            list_file = on.path(f"{how}.duckdb")
            watched([*_DUCK, f"list-{how}", str(forms), str(list_file)], environ)
            command = [*_DUCK, how, str(list_file), str(source), str(target)]
            contestants[how] = partial(timed, command, "deny", denied)
    ordered = on.path("sorted")
    _sort(clear, ordered)
    script = PROJECT / "benchmarks" / "peers" / "sort_join.sh"
    command = [str(script), str(ordered), str(source), str(target)]
    contestants["join"] = partial(timed, command, "@", count - denied)
    return contestants


def expect(target: Path, wanted: int, word: str) -> None:
    """Raise CommandFailedError unless `wanted` lines of a file contain `word`."""
    with target.open(errors="replace") as lines:
        count = sum(word in line for line in lines)
    if count != wanted:
        raise CommandFailedError(f"{count} lines with {word} instead of {wanted}")


def _forms_in_the_clear(size: int) -> Iterator[str]:
    for number in range(size):
        text = address(number)
        yield text
        local, _, domain = text.partition("@")
        if domain == "gmail.com":
            yield f"{local.replace('.', '')}@{domain}"


def _write_forms(path: Path, forms: Iterable[str]) -> Path:
    with path.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["form"])
        rows.writerows([form] for form in forms)
    return path


def _copy_out(stop_list: List, path: Path) -> None:
    with closing(psycopg2.connect(stop_list.url)) as connection, path.open("w") as file:
        file.write("form\n")
        connection.cursor().copy_expert(f"COPY ({_EVERY}) TO STDOUT", file)


def _sort(source: Path, target: Path) -> None:
    command = ["sort", "--parallel=2", "-o", str(target), str(source)]
    env = surroundings() | {"LC_ALL": "C", "TMPDIR": os.fspath(target.parent)}
    subprocess.run(command, env=env, check=True)
