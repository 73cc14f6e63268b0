"""The one statement that says what stands, as each database takes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from suppression.storage.prepared import Statement

_STOP_COLUMNS = """'stop', asked.fingerprint, kept.channel, kept.purpose, kept.topic, kept.reason,
    kept.occurred_at, kept.last_occurred_at, kept.expires_at"""


class _Step(NamedTuple):
    """A table, under another name, and how its rows are looked up by what came before."""

    table: str
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class _Arm:
    """One of the places where something may stand under a fingerprint of `of`."""

    columns: str
    of: str
    steps: tuple[_Step, ...]

    def text(self, *, lateral: bool) -> str:
        """The arm as SQL, each row looked up by its key.

        OFFSET 0 keeps PostgreSQL, and CROSS JOIN keeps SQLite, from any other order.
        """
        select = f"SELECT {self.columns} FROM {self.of}"  # noqa: S608 - all of it stands here
        if lateral:
            return select + "".join(
                f" CROSS JOIN LATERAL (SELECT * FROM {table} AS {name} WHERE {where} OFFSET 0)"  # noqa: S608 - the same
                f" AS {name}"
                for table, name, where in self.steps
            )
        tables = "".join(f" CROSS JOIN {table} AS {name}" for table, name, _ in self.steps)
        return f"{select}{tables} WHERE {' AND '.join(where for _, _, where in self.steps)}"


_ARMS = (
    _Arm(
        _STOP_COLUMNS,
        "asked",
        (
            _Step(
                "suppressions",
                "kept",
                "kept.fingerprint = asked.fingerprint AND kept.released_at IS NULL",
            ),
        ),
    ),
    _Arm(
        _STOP_COLUMNS,
        "asked",
        (
            _Step("suppression_forms", "form", "form.fingerprint = asked.fingerprint"),
            _Step(
                "suppressions",
                "kept",
                """kept.fingerprint = form.primary_fingerprint AND kept.channel = form.channel
    AND kept.purpose = form.purpose AND kept.topic = form.topic AND kept.reason = form.reason
    AND kept.source = form.source AND kept.released_at IS NULL""",
            ),
        ),
    ),
    _Arm(
        """'consent' || kept.source, given.fingerprint, kept.channel, kept.purpose, kept.topic, '',
    kept.given_at, NULL, kept.until""",
        "given",
        (
            _Step(
                "consents",
                "kept",
                # IS TRUE: or PostgreSQL, while there are few, walks through an index of those not
                # ended instead.
                "kept.fingerprint = given.fingerprint AND (kept.ended_at IS NULL) IS TRUE",
            ),
        ),
    ),
)


def _contacts(since: int) -> _Arm:
    """Earlier calls, from when the parameter of this number says."""
    return _Arm(
        "kept.type, asked.fingerprint, kept.channel, '', '', '', kept.at, NULL, NULL",
        "asked",
        (
            _Step(
                "contact_events",
                "kept",
                f"kept.fingerprint = asked.fingerprint AND kept.at >= ${since}",
            ),
        ),
    )


def _union(*, lateral: bool, since: int = 0) -> str:
    """All the arms; calls too where `since` is the number of the parameter that says from when."""
    arms = (*_ARMS, _contacts(since)) if since else _ARMS
    return "\nUNION ALL\n".join(one.text(lateral=lateral) for one in arms)


_ARRAYS = """WITH asked (fingerprint) AS (SELECT unnest($1::uuid[])),
given (fingerprint) AS (SELECT unnest($2::uuid[]))
"""
STANDING = Statement("standing", _ARRAYS + _union(lateral=True))
STANDING_AND_CONTACTS = Statement("contacts", _ARRAYS + _union(lateral=True, since=3))


@lru_cache(maxsize=256)
def listed(asked: int, given: int, *, contacts: bool) -> Statement:
    """The same where there are no arrays: a parameter for each fingerprint."""
    listed = (
        f"WITH asked (fingerprint) AS ({_values(1, asked)}),"
        f" given (fingerprint) AS ({_values(asked + 1, given)})\n"
    )
    since = asked + given + 1 if contacts else 0
    return Statement("", listed + _union(lateral=False, since=since))


def _values(first: int, count: int) -> str:
    if not count:
        return "SELECT NULL WHERE 0"
    return "VALUES " + ", ".join(f"(${number})" for number in range(first, first + count))
