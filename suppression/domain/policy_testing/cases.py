"""Tests of policies: a table of cases that a lawyer can read and a program can run.

The files of tests/vectors/decisions/ are such tables; docs/policies.md describes their columns.
`flask policies test` runs another table against the policies of a controller.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from suppression.domain.calendar.locations import UNKNOWN_LOCATION, Location
from suppression.domain.checks.decision import CheckResult, decide
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.errors import InvalidValueError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.phone.locations import location_of_number, location_of_territory
from suppression.domain.policies.model import PolicySet
from suppression.domain.policies.presets import preset_policies
from suppression.domain.policies.settings import apply_settings
from suppression.domain.policy_testing.notation import (
    format_datetime,
    parse_consents,
    parse_instant,
    parse_instants,
    parse_suppressions,
)
from suppression.domain.suppressions.active import ContactHistory, SubjectState
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import (
    Audience,
    Basis,
    Channel,
    Decision,
    Kind,
    Preset,
    Purpose,
    Sector,
)

COLUMNS = (
    "case",
    "law",
    "preset",
    "sector",
    "settings",
    "channel",
    "purpose",
    "topic",
    "audience",
    "basis",
    "appointment",
    "where",
    "consents",
    "stops",
    "attempts",
    "refused",
    "callbacks",
    "zone",
    "at",
    "decision",
    "reasons",
    "rests_on",
    "retry_at",
    "note",
)
_REQUIRED_COLUMNS = ("case", "at", "decision")
_TTL = timedelta(hours=1)
HASHED, NO_NAME = "hashed", "no name"
Read = TypeVar("Read")
_NUMBERS = {
    "FR": "+33612340000",
    "RE": "+262692120000",
    "YT": "+262639120000",
    "RE/YT": "+262976120000",
    "GP": "+590690120000",
    "MQ": "+596696120000",
    "GF": "+594694200000",
    "PM": "+508550000",
    "NC": "+687750000",
    "PF": "+68987120000",
    "WF": "+681820000",
    "BE": "+32470120000",
    "US": "+12125550000",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """The expected result of a case; also an actual result, for comparison.

    `reasons` are codes, separated by spaces; `rests_on` is '' or a basis like `contract attested`;
    `retry_at` is an aware datetime, or None if the case has none.
    """

    decision: str
    reasons: str
    rests_on: str
    retry_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyTestCase:
    """A case: one line of the table. `preset` is None for a controller's own policies.

    `sector` is None if the line names none. `where`: the text of its column, the person's place;
    `zone`: the time zone of the line's times; `at`: the time of the check, in UTC.
    """

    name: str
    preset: Preset | None
    sector: Sector | None
    settings: tuple[str, ...]
    where: str
    check: CheckRequest
    state: SubjectState
    zone: ZoneInfo
    at: datetime
    expected: Expected


def read_cases(lines: Iterable[str]) -> list[PolicyTestCase]:
    """Parse the cases of a table, given as lines of CSV.

    Raise InvalidValueError, with the line, the column or both, for an error in the table.
    """
    rows = csv.DictReader(lines, strict=True)
    try:
        names = rows.fieldnames or ()
        if unknown := [name for name in names if name not in COLUMNS]:
            raise InvalidValueError(f"column {unknown[0]}: use some of {', '.join(COLUMNS)}.")
        if missing := [name for name in _REQUIRED_COLUMNS if name not in names]:
            raise InvalidValueError(f"column {missing[0]}: it is needed, and not there.")
        return [_parse_case(_Row(row, rows.line_num)) for row in rows]
    except csv.Error as error:
        raise InvalidValueError(f"line {rows.reader.line_num}: {error}.") from None


def policies_for(case: PolicyTestCase, own: PolicySet | None = None) -> PolicySet:
    """Return the policies of a case: its preset, else `own`, with the case's settings applied.

    Raise InvalidValueError for an invalid setting, a preset that lacks its sector, or a case
    without a preset if `own` is None.
    """
    if case.preset is not None:
        return apply_settings(preset_policies(case.preset, case.sector), case.settings)
    if own is None:
        raise InvalidValueError(f"{case.name}: name a preset.")
    return apply_settings(own, case.settings)


def run_case(case: PolicyTestCase, policy_set: PolicySet) -> Expected:
    """Return the result of a case under these policies."""
    check = case.check
    policy = policy_set.policies[check.scope.channel, check.purpose]
    return outcome_of(decide(check, policy, case.state, now=case.at, ttl=_TTL))


def outcome_of(result: CheckResult) -> Expected:
    """Return a check result in the words of the table, to compare it with the expected one."""
    basis = f"{result.basis} attested" if result.attested else result.basis
    return Expected(
        decision=result.decision,
        reasons=" ".join(reason.code for reason in result.reasons),
        rests_on=basis or "",
        retry_at=result.retry_at,
    )


def describe_result(expected: Expected, zone: ZoneInfo) -> str:
    """Describe a result in one line.

    >>> describe_result(Expected(decision="deny", reasons="no_consent", rests_on="", retry_at=None),
    ...     ZoneInfo("Europe/Paris"))
    'deny: no_consent'
    """
    why = expected.reasons or expected.rests_on
    retry = f", again {format_datetime(expected.retry_at, zone)}" if expected.retry_at else ""
    return f"{expected.decision}: {why}{retry}" if why else f"{expected.decision}{retry}"


def example_number(where: str, index: int) -> str:
    """Return one of ten thousand example numbers (E.164) of a location; `index` is 0 to 9999.

    `where` is a place of the column `where`, like `BE`; raise KeyError for `hashed` or other texts.

    >>> example_number("RE", 7)
    '+262692120007'
    """
    return f"{_NUMBERS[where][:-4]}{index:04}"


class _Row:
    """A line of the table, whose cells are parsed; errors name the line and the column."""

    def __init__(self, cells: dict[str, str], line: int) -> None:
        if None in cells:
            raise InvalidValueError(f"line {line}: it has more cells than the first line names.")
        self.cells, self.line = cells, line

    def text(self, column: str) -> str:
        """Return a cell's text without outer spaces; '' for a missing column."""
        return (self.cells.get(column) or "").strip()

    def read(self, column: str, reader: Callable[[str], Read], default: Read) -> Read:
        """Parse a cell as `required` does, or return `default` if it is empty."""
        return self.required(column, reader) if self.text(column) else default

    def required(self, column: str, reader: Callable[[str], Read]) -> Read:
        """Parse a cell with `reader`; raise InvalidValueError if it is empty or not valid."""
        text = self.text(column)
        if not text:
            raise InvalidValueError(f"line {self.line}, {column}: it is needed, and empty.")
        try:
            return reader(text)
        except (ValueError, ZoneInfoNotFoundError, OSError) as error:
            raise InvalidValueError(f"line {self.line}, {column}: {error}.") from None


def _parse_case(row: _Row) -> PolicyTestCase:
    """Return the case of a line. Raise InvalidValueError for an invalid cell."""
    zone = row.read("zone", ZoneInfo, ZoneInfo("Europe/Paris"))
    check = _parse_check(row, zone)
    return PolicyTestCase(
        name=row.required("case", str),
        preset=row.read("preset", Preset, None),
        sector=row.read("sector", Sector, None),
        settings=tuple(row.text("settings").split()),
        where=row.text("where"),
        check=check,
        state=_parse_state(row, zone, check.scope),
        zone=zone,
        at=row.required("at", lambda text: parse_instant(text, zone)),
        expected=Expected(
            decision=row.required("decision", Decision),
            reasons=" ".join(row.text("reasons").split()),
            rests_on=row.text("rests_on"),
            retry_at=row.read("retry_at", lambda text: parse_instant(text, zone), None),
        ),
    )


def _parse_check(row: _Row, zone: ZoneInfo) -> CheckRequest:
    """Return the check request of a line. Raise InvalidValueError for an invalid cell."""
    purpose = row.read("purpose", Purpose, Purpose.MARKETING)
    channel = row.required("channel", Channel) if purpose.has_channel else None
    where = row.text("where")
    without_channel = Kind.PHONE if where else Kind.EMAIL
    kind = channel.kind if channel else without_channel
    return CheckRequest(
        subject=Subject(
            kind=kind,
            forms=(),
            named=where != NO_NAME,
            hashed=where.startswith(HASHED),
            place=row.read("where", _parse_location, _parse_location("FR"))
            if kind is Kind.PHONE
            else UNKNOWN_LOCATION,
        ),
        scope=Scope(channel=channel, purpose=purpose, topic=row.text("topic")),
        audience=row.read("audience", Audience, Audience.CONSUMER),
        attested=row.read("basis", Basis, None),
        appointment_at=row.read("appointment", lambda text: parse_instant(text, zone), None),
    )


def _parse_location(where: str) -> Location:
    """Return the location that the column `where` names: an example number's, or a hashed number's.

    The territory of a hashed number follows `hashed`, as in `hashed RE`; an unknown or missing one
    gives UNKNOWN_LOCATION. Raise ValueError for any other text.
    """
    if where.startswith(HASHED):
        return location_of_territory(where.removeprefix(HASHED).strip())
    if where not in _NUMBERS:
        raise ValueError(f"use one of {', '.join(_NUMBERS)}, hashed, or hashed RE")
    return location_of_number(_NUMBERS[where])


def _parse_state(row: _Row, zone: ZoneInfo, scope: Scope) -> SubjectState:
    """Return the state that a line describes. Raise InvalidValueError for an invalid cell."""

    def instants(column: str) -> tuple[datetime, ...]:
        return row.read(column, lambda text: parse_instants(text, zone), ())

    return SubjectState(
        suppressions=row.read("stops", lambda text: parse_suppressions(text, zone, scope), ()),
        consents=row.read("consents", lambda text: parse_consents(text, zone, scope), ()),
        contacts=ContactHistory(
            attempts=instants("attempts"),
            refusals=instants("refused"),
            callbacks=instants("callbacks"),
        ),
    )
