"""Make the text of RESULTS.md: table, machine, versions, and what limits rows that miss a goal."""

from __future__ import annotations

import dataclasses
import os
import platform
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.goals import ROWS, Failure, Finding, Row, Sense, held, rounds_held
from benchmarks.ground import POSTGRESQL
from benchmarks.sizes import Sizes

FOLDER = Path(__file__).parent
_PACKAGES = (
    "asyncpg",
    "duckdb",
    "fastapi",
    "flask",
    "gunicorn",
    "itsdangerous",
    "marshmallow",
    "psycopg2-binary",
    "sqlalchemy",
    "uvicorn",
    "uvloop",
)
_HEAD = """# Results of the benchmarks

Written by `benchmarks/run`, never by hand; how to read and repeat it: [README.md](README.md).

"""
_CALM = 0.5
_BUSY = """
**The machine was busy before the run began: no figure here counts, no goal is reached or missed.**
"""
_COLUMNS = """
A figure is the median of its rounds; beside the ratio stand the lowest and the highest of a round.

| what | us | peer | ratio | goal | reached |
|---|--:|--:|--:|---|---|
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A finished run: its sizes and results, its PostgreSQL version, and its length in minutes."""

    sizes: Sizes
    results: Mapping[str, Finding | Failure]
    postgresql: str
    minutes: float
    load: float
    """The load average over the minute before the run."""


def written(run: Run) -> str:
    """Return the text of RESULTS.md for a run."""
    table = "".join(f"{line}\n" for line in _lines(run))
    busy = _BUSY if run.load > _CALM else ""
    return _HEAD + _surroundings(run) + busy + _COLUMNS + table + _bounds(run)


def results_by_row(
    results: Iterable[Finding | Failure], rows: Iterable[Row] = ROWS
) -> dict[str, Finding | Failure]:
    """Return the result of each row, by the row's name; a Failure for a row without a result."""
    given = {result.row: result for result in results}
    return {
        row.name: given.get(row.name, Failure(row=row.name, why="not measured")) for row in rows
    }


def _lines(run: Run) -> Iterator[str]:
    sizes = dataclasses.asdict(run.sizes)
    for row in _rows(run):
        result = run.results[row.name]
        what, peer = row.what.format(**sizes), _plain(row.peer.format(**sizes))
        if isinstance(result, Failure):
            yield f"| {what} | | {peer} | | {_goal(row)} | **FAILED: {_plain(result.why)}** |"
        else:
            note = f" ({result.note})" if result.note else ""
            verdict = _verdict(row, result, run.sizes)
            yield f"| {what}{note} | {_figures(row, result, peer)} | {_goal(row)} | {verdict} |"


def _figures(row: Row, finding: Finding, peer: str) -> str:
    ours = f"{_number(statistics.median(finding.ours))} {row.unit}"
    if not finding.peer:
        return f"{ours} | | "
    theirs = f"{_number(statistics.median(finding.peer))} {row.unit}"
    rounds = [our / their for our, their in zip(finding.ours, finding.peer, strict=True)]
    spread = f" ({min(rounds):.2f}-{max(rounds):.2f})" if len(rounds) > 1 else ""
    return f"{ours} | {peer}: {theirs} | {finding.ratio:.2f}{spread}"


def _verdict(row: Row, finding: Finding, sizes: Sizes) -> str:
    if row.only_full and sizes.name != "full":
        return "not judged: the goal is about a full run"
    reached = held(row, finding)
    if reached is None:
        return "published"
    rounds, total = rounds_held(row, finding), len(finding.ours)
    agreed = rounds == (total if reached else 0)
    verdict = "yes" if reached else "**no**"
    return verdict if agreed else f"{verdict}, by the median; in {rounds} of {total} rounds"


def _goal(row: Row) -> str:
    if row.goal is None:
        return "published"
    unit = f" {row.unit}" if row.absolute else ""
    word = "under" if row.absolute and row.sense is Sense.AT_MOST else row.sense.value
    return f"{word} {row.goal:g}{unit}"


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"  # noqa: PLR2004 - three digits


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _bounds(run: Run) -> str:
    """Return the section of RESULTS.md that says, from bounds.toml, why rows miss their goals."""
    notes = tomllib.loads((FOLDER / "bounds.toml").read_text())
    sizes = dataclasses.asdict(run.sizes)
    lines = [
        f"- **{row.what.format(**sizes)}, to {row.peer.format(**sizes) or 'the goal'}**: "
        f"{notes.get(row.name, 'not explained yet: add it to bounds.toml.')}"
        for row in _rows(run)
        if _falls_short(row, run)
    ]
    return "\n## What bounds those that fall short\n\n" + "\n".join(lines or ["None does."]) + "\n"


def _rows(run: Run) -> list[Row]:
    """Return the rows of the table that this run was asked to measure."""
    return [row for row in ROWS if row.name in run.results]


def _falls_short(row: Row, run: Run) -> bool:
    result = run.results[row.name]
    judged = run.sizes.name == "full" or not row.only_full
    return judged and isinstance(result, Finding) and held(row, result) is False


def _surroundings(run: Run) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in _versions(_PACKAGES))
    settings = ", ".join(f"`{name} = {value}`" for name, value in POSTGRESQL.items())
    rows = [
        ("run", f"**{run.sizes.name}**, {run.sizes.rounds} interleaved rounds, {_today(run)}"),
        ("commit", _commit()),
        ("lists", ", ".join(f"{size:,}" for size in run.sizes.lists) + " people"),
        ("machine", f"{_processor()}, {os.cpu_count()} cores, {_memory()}; {platform.system()}"),
        ("load before", f"{run.load:.1f} processes that wanted a core (calm: under {_CALM})"),
        ("shared by", "client, server and PostgreSQL, for us and for every peer alike"),
        ("PostgreSQL", f"{run.postgresql}; commits durable; {settings}"),
        ("Python", f"{platform.python_version()}; {versions}"),
    ]
    return "| | |\n|---|---|\n" + "".join(f"| {name} | {text} |\n" for name, text in rows)


def _today(run: Run) -> str:
    return f"{run.minutes:.1f} minutes, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def _versions(packages: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in packages:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "not installed"


def _commit() -> str:
    def git(*arguments: str) -> str:
        ended = subprocess.run(
            ["git", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
        )
        return ended.stdout.strip()

    changed = git("status", "--porcelain", "--", "..", ":!RESULTS.md")
    return f"{git('rev-parse', 'HEAD') or 'unknown'}{', with changes beside it' * bool(changed)}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if sys.platform == "linux" else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 2**30:.0f} GiB"
