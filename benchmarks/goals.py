"""The rows of the results table: what each row measures, its peer and its goal."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Sense(StrEnum):
    """Whether a figure must be at least or at most its goal."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of the table. `what` and `peer` may name sizes of the run, as in `{large_list:,}`."""

    name: str
    what: str
    peer: str
    unit: str
    goal: float | None = None
    sense: Sense = Sense.AT_LEAST
    absolute: bool = False
    """Whether the goal is about our figure itself, not about its ratio to the peer's."""
    only_full: bool = False
    """Whether the goal is only about the sizes of a full run; a quick run does not judge it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """The measurements of a row: one figure per round, ours and the peer's."""

    row: str
    ours: Sequence[float]
    peer: Sequence[float] = ()
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Return our median divided by the peer's; None without a peer."""
        if not self.peer:
            return None
        return statistics.median(self.ours) / statistics.median(self.peer)


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """The reason why a row has no figure: its part is not built yet, or an error."""

    row: str
    why: str


def held(row: Row, finding: Finding) -> bool | None:
    """Return whether the medians reach the goal of a row; None without a goal, or without a peer.

    >>> row = Row(name="x", what="x", peer="y", unit="/s", goal=0.7)
    >>> held(row, Finding(row="x", ours=[7.0], peer=[10.0]))
    True
    """
    figure = statistics.median(finding.ours) if row.absolute else finding.ratio
    return None if figure is None else _reaches(row, figure)


def rounds_held(row: Row, finding: Finding) -> int:
    """Return the number of rounds in which the goal was reached.

    >>> row = Row(name="x", what="x", peer="y", unit="/s", goal=0.7)
    >>> rounds_held(row, Finding(row="x", ours=[7.0, 9.0, 6.0], peer=[10.0, 10.0, 10.0]))
    2
    """
    if row.absolute:
        figures = list(finding.ours)
    else:
        figures = [our / peer for our, peer in zip(finding.ours, finding.peer, strict=True)]
    return sum(bool(_reaches(row, figure)) for figure in figures)


def _reaches(row: Row, figure: float) -> bool | None:
    if row.goal is None:
        return None
    return figure >= row.goal if row.sense is Sense.AT_LEAST else figure <= row.goal


_AT_MOST = Sense.AT_MOST
_SINGLE = "single check, one worker, {single_list:,} rows"
_BATCH = "batch of {batch:,} flat at {large_list:,}"
_SCRUB = "scrub of {scrub:,} rows against {large_list:,}"
_STOPS = "acknowledged stops, {database}, {clients} client{s}"
DATABASES = ("PostgreSQL", "SQLite")

ROWS = (
    Row(name="single-floor", what=_SINGLE, peer="bare Flask", unit="/s", goal=0.70),
    Row(name="single-fastapi", what=_SINGLE, peer="FastAPI + asyncpg", unit="/s"),
    Row(name="single-naive", what=_SINGLE, peer="naive (ORM)", unit="/s"),
    Row(name="single-lookup", what=_SINGLE, peer="pgbench, its lookup alone", unit="/s"),
    Row(
        name="single-latency",
        what="HTTP p50 of a single check at {large_list:,}",
        peer="at {small_list:,}",
        unit="ms",
        goal=1.15,
        sense=_AT_MOST,
    ),
    Row(name="batch-fastapi", what=_BATCH, peer="FastAPI + asyncpg", unit="ids/s", goal=1.0),
    Row(name="batch-naive", what=_BATCH, peer="naive (ORM)", unit="ids/s", goal=3.0),
    Row(
        name="batch-sizes",
        what="time of a " + _BATCH,
        peer="at {batch_small_list:,}",
        unit="ms",
        goal=2.0,
        sense=_AT_MOST,
    ),
    Row(name="scrub-duckdb", what=_SCRUB, peer="DuckDB, same HMAC", unit="rows/s", goal=0.4),
    Row(name="scrub-clear", what=_SCRUB, peer="DuckDB, in the clear", unit="rows/s"),
    Row(name="scrub-join", what=_SCRUB, peer="sort | join, in the clear", unit="rows/s"),
    Row(
        name="scrub-memory",
        what="scrub memory, file of {memory[1]:,} rows",
        peer="file of {memory[0]:,} rows",
        unit="MB",
        goal=150.0,
        sense=_AT_MOST,
        absolute=True,
        only_full=True,
    ),
    Row(
        name="scrub-growth",
        what="scrub memory, growth from {memory[0]:,} to {memory[1]:,} rows",
        peer="",
        unit="MB",
        goal=20.0,
        sense=_AT_MOST,
        absolute=True,
        only_full=True,
    ),
    Row(
        name="links-tokens",
        what="links, tokens of {tokens:,} fingerprints",
        peer="URLSafeSerializer",
        unit="/s",
        goal=8.0,
    ),
    Row(
        name="links-file",
        what="links, file of {links:,} read and written",
        peer="URLSafeSerializer",
        unit="/s",
        goal=4.0,
    ),
    Row(
        name="import",
        what="import of {imported:,} e-mails",
        peer="COPY of ready rows",
        unit="rows/s",
        goal=0.3,
    ),
    *(
        Row(
            name=f"stops-{database}-{clients}".lower(),
            what=_STOPS.format(database=database, clients=clients, s="s" if clients > 1 else ""),
            peer="ORM select-then-insert",
            unit="/s",
            goal=2.5,
        )
        for database in DATABASES
        for clients in (1, 8, 32)
    ),
    Row(
        name="disk",
        what="disk per suppression in PostgreSQL, indexes and forms included, {single_list:,}",
        peer="",
        unit="bytes",
        goal=180.0,
        sense=_AT_MOST,
        absolute=True,
    ),
    Row(name="disk-ledger", what="the same, its ledger entry apart", peer="", unit="bytes"),
)
