"""The one statement that says what stands, as each database takes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from suppression.storage.prepared import Statement

_STOP_COLUMNS = """kept.channel, kept.purpose, kept.topic, kept.reason,
    kept.occurred_at, kept.last_occurred_at, kept.expires_at, kept.consents_void_until"""
_STOP = "CASE WHEN kept.released_at IS NULL THEN 'stop' ELSE 'lifted' END"
_NEEDED = "(kept.released_at IS NULL OR kept.consents_void_until IS NOT NULL)"
"""A stop that was lifted still tells which consents count no more."""


class _Step(NamedTuple):
    """A table, under another name, and which of its rows are meant."""

    table: str
    name: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Arm:
    """One of the places where something may stand under a fingerprint: `what`, and its columns.

    Rows of the first table are looked up by the fingerprint, of the second by those of the first.
    """

    what: str
    columns: str
    first: _Step
    second: _Step | None = None
    given: bool = False
    """Whether it is looked up by what consents are kept under."""

    def by_array(self) -> str:
        """The arm as PostgreSQL takes it: one walk through an index, from key to key.

        OFFSET 0 keeps it from any other order.
        """
        second = self.second
        further = second and (
            f" CROSS JOIN LATERAL (SELECT * FROM {second.table} AS {second.name}"  # noqa: S608 - all of it stands here
            f" WHERE {second.where} OFFSET 0) AS {second.name}"
        )
        key = f"{self.first.name}.fingerprint = ANY (${1 + self.given}::uuid[])"
        return f"{self._select} FROM {self._first}{further or ''} WHERE {key}{self._and_first}"

    def by_list(self) -> str:
        """The arm as SQLite takes it; CROSS JOIN keeps it from any other order."""
        listed, second = "given" if self.given else "asked", self.second
        tables = f"{listed} CROSS JOIN {self._first}"
        where = f"{self.first.name}.fingerprint = {listed}.fingerprint{self._and_first}"
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


_ARMS = (
    _Arm(_STOP, _STOP_COLUMNS, _Step("suppressions", "kept", _NEEDED)),
    _Arm(
        _STOP,
        _STOP_COLUMNS,
        _Step("suppression_forms", "form"),
        _Step(
            "suppressions",
            "kept",
            f"""kept.fingerprint = form.primary_fingerprint AND kept.channel = form.channel
    AND kept.purpose = form.purpose AND kept.topic = form.topic AND kept.reason = form.reason
    AND kept.source = form.source AND {_NEEDED}""",
        ),
    ),
    _Arm(
        "'consent' || kept.source",
        "kept.channel, kept.purpose, kept.topic, '', kept.given_at, NULL, kept.until, NULL",
        # IS TRUE: or PostgreSQL, while there are few, walks through an index of those not ended
        # instead.
        _Step("consents", "kept", "(kept.ended_at IS NULL) IS TRUE"),
        given=True,
    ),
)


def _arms(since: str = "") -> tuple[_Arm, ...]:
    """All the arms; earlier calls too where `since` says from when."""
    if not since:
        return _ARMS
    calls = _Arm(
        "kept.type",
        "kept.channel, '', '', '', kept.at, kept.recorded_at, NULL, NULL",
        _Step("contact_events", "kept", f"kept.at >= {since}"),
    )
    return (*_ARMS, calls)


_UNION = "\nUNION ALL\n"
_THERE = "COALESCE($3::timestamptz, clock_timestamp())"
"""What time it is by the database's clock; `$3` is that time where it is told it."""
CLOCK_ARM = "clock"


def _by_array(since: str = "") -> str:
    arms = [one.by_array() for one in _arms(since)]
    clock = f"SELECT '{CLOCK_ARM}', NULL, '', '', '', '', {_THERE}, NULL, NULL, NULL"
    return _UNION.join([*arms, clock])


STANDING = Statement("standing", _by_array())
STANDING_AND_CONTACTS = Statement("contacts", _by_array(since=f"{_THERE} - $4::interval"))


@lru_cache(maxsize=256)
def listed(asked: int, given: int, *, contacts: bool) -> Statement:
    """The same where there are no arrays: a parameter for each fingerprint."""
    listed = (
        f"WITH asked (fingerprint) AS ({_values(1, asked)}),"
        f" given (fingerprint) AS ({_values(asked + 1, given)})\n"
    )
    since = f"${asked + given + 1}" if contacts else ""
    return Statement("", listed + _UNION.join(one.by_list() for one in _arms(since)))


def _values(first: int, count: int) -> str:
    if not count:
        return "SELECT NULL WHERE 0"
    return "VALUES " + ", ".join(f"(${number})" for number in range(first, first + count))
