"""Record the consents of some rows of a file in one transaction, and report on each row."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.consents.model import state_of
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import InvalidValueError
from suppression.domain.imports.model import RowFault
from suppression.domain.policies.model import Policies
from suppression.domain.suppressions.model import Outcome
from suppression.domain.vocabulary import ConsentState
from suppression.storage.controllers.policies import current_policies
from suppression.storage.controllers.rows import load_topics
from suppression.storage.engine.database import Transaction, writing
from suppression.usecases.consents.record import (
    ConsentRequest,
    RecordedConsent,
    check_dates_under,
    record_consents,
)
from suppression.usecases.controllers.topics import check_topics_among
from suppression.usecases.ledger.append import dated_by_database, new_audit_context

_REASON_OF_COLUMN = {
    "given_at": "date_ahead",
    "until": "end_impossible",
    "topics": "topic_unknown",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRow:
    """The consents that one row of a file states: a request for each identifier with a consent."""

    number: int
    requests: tuple[ConsentRequest, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RowOutcome:
    """The result of one row. `fault`: why nothing of the row was stored; None for a valid row.

    `created`: how many of its consents are new; `ended`: whether one of them has already ended;
    `stopped`: whether a stop still denies one of them.
    """

    number: int
    created: int = 0
    ended: bool = False
    stopped: bool = False
    fault: RowFault | None = None


class _UndoneError(Exception):
    """An error that is raised inside a transaction to roll back a dry run."""


def import_consents(
    controller: Controller,
    rows: Sequence[FileRow],
    *,
    actor: str,
    now: datetime,
    dry_run: bool = False,
) -> list[RowOutcome]:
    """Store the consents of all valid rows in one transaction; return each row's outcome, in order.

    With `dry_run`, return the outcomes without storing anything.
    """
    outcomes: list[RowOutcome] = []
    with suppress(_UndoneError), writing() as transaction:
        outcomes = _import(transaction, controller, rows, actor, now)
        _undo_unless_wanted(dry_run)
    return outcomes


def _undo_unless_wanted(dry_run: bool) -> None:  # noqa: FBT001 - passed on as it came
    if dry_run:
        raise _UndoneError


def _import(
    transaction: Transaction,
    controller: Controller,
    rows: Sequence[FileRow],
    actor: str,
    now: datetime,
) -> list[RowOutcome]:
    policies = current_policies(transaction, controller).policies
    topics = {topic.slug for topic in load_topics(transaction, controller)}
    context = dated_by_database(transaction, new_audit_context(actor, now=now))
    faults = {row.number: _fault(row, policies, topics, context.recorded_at) for row in rows}
    taken = [row for row in rows if faults[row.number] is None]
    requests = [request for row in taken for request in row.requests]
    recorded = iter(record_consents(transaction, controller, requests, context, policies=policies))
    outcomes = []
    for row in rows:
        if fault := faults[row.number]:
            outcomes.append(RowOutcome(number=row.number, fault=fault))
        else:
            mine = [recorded_consent for _ in row.requests for recorded_consent in next(recorded)]
            outcomes.append(_outcome(row.number, mine, context.recorded_at))
    return outcomes


def _fault(row: FileRow, policies: Policies, topics: set[str], now: datetime) -> RowFault | None:
    try:
        for request in row.requests:
            check_topics_among(topics, request.scopes)
            check_dates_under(policies, request, now=now)
    except InvalidValueError as error:
        fault = error.faults[0]
        column = fault.pointer[1:]
        reason = _REASON_OF_COLUMN.get(column, "proof_unfit")
        return RowFault(row.number, column, reason, fault.detail)
    return None


def _outcome(number: int, recorded: Sequence[RecordedConsent], now: datetime) -> RowOutcome:
    states = [
        state_of(recorded_consent.consent, recorded_consent.months, now)
        for recorded_consent in recorded
    ]
    return RowOutcome(
        number=number,
        created=sum(recorded_consent.outcome is Outcome.CREATED for recorded_consent in recorded),
        ended=any(state is not ConsentState.IN_FORCE for state in states),
        stopped=any(recorded_consent.still_denied_by for recorded_consent in recorded),
    )
