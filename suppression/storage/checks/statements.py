"""The SQL statement that reads the state of checks, built for PostgreSQL and for SQLite.

For a single check it reads the caller of the API key too, as one more row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from suppression.storage.controllers.callers import CALLER_TEXT, from_caller
from suppression.storage.engine.prepared_statements import Statement

_STOP_COLUMNS = """kept.channel, kept.purpose, kept.topic, kept.reason,
    kept.occurred_at, kept.last_occurred_at, kept.expires_at, kept.consents_void_until"""
_STOP = """CASE WHEN kept.released_at IS NULL THEN 'stop'
    WHEN kept.consents_void_until >= kept.released_at THEN 'reassigned' ELSE 'lifted' END"""
"""SQL for the kind of a suppression's row; `reassigned` is decided as `Suppression.reassigned`."""
_NEEDED = "(kept.released_at IS NULL OR kept.consents_void_until IS NOT NULL)"
"""SQL condition for suppressions not released, or released but still making consents void."""


class JoinStep(NamedTuple):
    """A table of a join, its alias `name`, and the SQL condition on its rows, if any."""

    table: str
    name: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class UnionBranch:
    """One SELECT of the UNION: a table or a join, looked up by fingerprint.

    `what` is the SQL expression of the kind of row. Rows of `first` are looked up by fingerprint,
    rows of `second` by the rows of `first`.
    """

    what: str
    columns: str
    first: JoinStep
    second: JoinStep | None = None
    of_consents: bool = False
    """Whether rows are looked up by `consent_fingerprints`, not by `lookup_fingerprints`."""

    def by_array(self) -> str:
        """Return the SQL for PostgreSQL: one index scan for an array of fingerprints.

        OFFSET 0 prevents any other join order.
        """
        second = self.second
        join = second and (
            f" CROSS JOIN LATERAL (SELECT * FROM {second.table} AS {second.name}"  # noqa: S608 - constants of this module
            f" WHERE {second.where} OFFSET 0) AS {second.name}"
        )
        key = f"{self.first.name}.fingerprint = ANY (${1 + self.of_consents}::uuid[])"
        return f"{self._select} FROM {self._first}{join or ''} WHERE {key}{self._and_first}"

    def by_list(self) -> str:
        """Return the SQL for SQLite; CROSS JOIN prevents any other join order."""
        list_name, second = "given" if self.of_consents else "asked", self.second
        tables = f"{list_name} CROSS JOIN {self._first}"
        where = f"{self.first.name}.fingerprint = {list_name}.fingerprint{self._and_first}"
        if second:
            tables += f" CROSS JOIN {second.table} AS {second.name}"
            where += f" AND {second.where}"
        return f"{self._select} FROM {tables} WHERE {where}"

    @property
    def _select(self) -> str:
        return f"SELECT {self.what}, {self.first.name}.fingerprint, {self.columns}"

    @property
    def _first(self) -> str:
        return f"{self.first.table} AS {self.first.name}"

    @property
    def _and_first(self) -> str:
        return f" AND {self.first.where}" if self.first.where else ""


_BRANCHES = (
    UnionBranch(_STOP, _STOP_COLUMNS, JoinStep("suppressions", "kept", _NEEDED)),
    UnionBranch(
        _STOP,
        _STOP_COLUMNS,
        JoinStep("suppression_forms", "form"),
        JoinStep(
            "suppressions",
            "kept",
            f"""kept.fingerprint = form.primary_fingerprint AND kept.channel = form.channel
    AND kept.purpose = form.purpose AND kept.topic = form.topic AND kept.reason = form.reason
    AND kept.source = form.source AND {_NEEDED}""",
        ),
    ),
    UnionBranch(
        "'consent' || kept.source",
        "kept.channel, kept.purpose, kept.topic, '', kept.given_at, NULL, kept.until, NULL",
        # Without IS TRUE, PostgreSQL scans an index of all consents that have not ended, as long
        # as they are few.
        JoinStep("consents", "kept", "(kept.ended_at IS NULL) IS TRUE"),
        of_consents=True,
    ),
)


def _branches(since: str = "") -> tuple[UnionBranch, ...]:
    """Return the branches of the UNION; with `since`, SQL of a date, call events since then too."""
    if not since:
        return _BRANCHES
    calls = UnionBranch(
        "kept.type",
        "kept.channel, '', '', '', kept.at, COALESCE(kept.agreed_at, kept.recorded_at), NULL, NULL",
        JoinStep("contact_events", "kept", f"kept.at >= {since}"),
    )
    return (*_BRANCHES, calls)


_UNION = "\nUNION ALL\n"
_THERE = "COALESCE($3::timestamptz, clock_timestamp())"
"""SQL for the database's time; `$3` is the time of a substitute clock, or NULL."""
CLOCK_ROW, CALLER_ROW = "clock", "caller"
"""The kinds of the two rows that are not under a fingerprint.

The first holds the database's time and the question's mark, the second a caller.
"""
_SINCE = f"LEAST({_THERE}, $6::timestamptz) - $5::interval"


@lru_cache(maxsize=4)
def array_query(*, calls: bool, caller: bool) -> Statement:
    """Return the state statement for PostgreSQL, which takes fingerprints as arrays.

    Its parameters are the fingerprints to look up stops by, those to look up consents by, the time
    of a substitute clock or NULL, and a mark. `calls`: it also reads call events, and takes how far
    back, as an interval, and the machine's time. `caller`: it also reads the caller of a key, and
    the last parameter is the key's hash.
    """
    branches = [union_branch.by_array() for union_branch in _branches(_SINCE if calls else "")]
    clock = f"SELECT '{CLOCK_ROW}', NULL, '', '', $4::text, '', {_THERE}, NULL, NULL, NULL"
    branches.append(clock)
    if caller:
        branches.append(_caller_branch("$7" if calls else "$5"))
    name = f"state{'_calls' if calls else ''}{'_caller' if caller else ''}"
    return Statement(name, _UNION.join(branches))


@lru_cache(maxsize=256)
def list_query(lookup_count: int, consent_count: int, *, calls: bool, caller: bool) -> Statement:
    """Return the state statement for SQLite, which has no arrays: one parameter per fingerprint.

    Its parameters are `lookup_count` fingerprints to look up stops and calls by, then
    `consent_count` to look up consents by. `calls`: it also reads call events, and the next
    parameter is the earliest date to read. `caller`: it also reads the caller of a key, and the
    last parameter is the key's hash.
    """
    lists = (
        f"WITH asked (fingerprint) AS ({_values(1, lookup_count)}),"
        f" given (fingerprint) AS ({_values(lookup_count + 1, consent_count)})\n"
    )
    following = lookup_count + consent_count + 1
    since = f"${following}" if calls else ""
    branches = [union_branch.by_list() for union_branch in _branches(since)]
    if caller:
        branches.append(_caller_branch(f"${following + calls}"))
    return Statement("", lists + _UNION.join(branches))


def _caller_branch(digest: str) -> str:
    return (
        f"SELECT '{CALLER_ROW}', NULL, '', '', {CALLER_TEXT}, '', NULL, NULL, NULL, NULL"
        f" {from_caller(digest)}"
    )


def _values(first: int, count: int) -> str:
    if not count:
        return "SELECT NULL WHERE 0"
    return "VALUES " + ", ".join(f"(${number})" for number in range(first, first + count))
