"""The SQL statement that reads the state of checks, built for PostgreSQL and for SQLite.

For a single check, `prefetch.py` extends it to read the caller of the API key too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from suppression.storage.engine.prepared_statements import Statement

_STOP_COLUMNS = """kept.channel, kept.purpose, kept.topic, kept.reason,
    kept.occurred_at, kept.last_occurred_at, kept.expires_at, kept.consents_void_until"""
_STOP = "CASE WHEN kept.released_at IS NULL THEN 'stop' ELSE 'lifted' END"
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
    """Return the branches of the UNION; `since`, the SQL of a date, adds call events from it on."""
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
CLOCK_ROW = "clock"
"""The kind of the last row of PostgreSQL's answer, which holds the time and the question's mark."""


def _by_array(since: str = "") -> str:
    branches = [union_branch.by_array() for union_branch in _branches(since)]
    clock = f"SELECT '{CLOCK_ROW}', NULL, '', '', $4::text, '', {_THERE}, NULL, NULL, NULL"
    return _UNION.join([*branches, clock])


STATE_QUERY = Statement("standing", _by_array())
STATE_AND_CALLS_QUERY = Statement(
    "contacts", _by_array(since=f"LEAST({_THERE}, $6::timestamptz) - $5::interval")
)


@lru_cache(maxsize=256)
def list_query(lookup_count: int, consent_count: int, *, contacts: bool) -> Statement:
    """Return the state statement for SQLite, which has no arrays: one parameter per fingerprint.

    `contacts`: whether it also reads call events, from the date in its last parameter on.
    """
    lists = (
        f"WITH asked (fingerprint) AS ({_values(1, lookup_count)}),"
        f" given (fingerprint) AS ({_values(lookup_count + 1, consent_count)})\n"
    )
    since = f"${lookup_count + consent_count + 1}" if contacts else ""
    return Statement(
        "", lists + _UNION.join(union_branch.by_list() for union_branch in _branches(since))
    )


def _values(first: int, count: int) -> str:
    if not count:
        return "SELECT NULL WHERE 0"
    return "VALUES " + ", ".join(f"(${number})" for number in range(first, first + count))
