"""Store the confirmation that a person sees after a request, under an unguessable code."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import Outcome, Scope
from suppression.domain.unsubscribe.confirmations import (
    CODE_BYTES,
    Confirmation,
    CreatedRow,
    digest_of,
    in_reading_order,
)
from suppression.storage.engine.database import Transaction
from suppression.storage.unsubscribe.rows import add_confirmation
from suppression.usecases.suppressions.record import StopResult


def create_confirmation(  # noqa: PLR0913 - the contents of a confirmation
    transaction: Transaction,
    controller: Controller,
    context: AuditContext,
    *,
    since: datetime,
    stopped: Iterable[Scope],
    opened: Sequence[str] = (),
    made: CreatedRow | None = None,
) -> str:
    """Store a confirmation in the caller's transaction; return the secret code of its page.

    `since`: the stop's date as the page shows it; `stopped`: the scopes that were stopped;
    `opened`: the slugs of the topics opened again; `made`: the row by which the click can be
    undone, None if it cannot be undone.
    """
    code = secrets.token_urlsafe(CODE_BYTES)
    confirmation = Confirmation(
        code_digest=digest_of(code),
        controller_number=controller.number,
        reference=context.reference,
        recorded_at=context.recorded_at,
        since=since,
        stopped=in_reading_order(stopped),
        opened=tuple(opened),
        created_rows=made,
    )
    add_confirmation(transaction, confirmation)
    return code


def created_row(subject: Subject, results: Sequence[StopResult]) -> CreatedRow | None:
    """Return the row by which a click on a subject's link can be undone.

    Return None for the sandbox, without `results`, or if a row of the stops is older than the
    click: no undo may release a row that the click did not create.
    """
    if not results or any(
        stop_result.outcome is not Outcome.CREATED or stop_result.sandbox for stop_result in results
    ):
        return None
    (primary, *_), *_ = subject.stored_rows(whole_address=False)
    return CreatedRow(record_id=results[0].record_id, primary=primary)
