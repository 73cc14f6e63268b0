"""Undo a person's mistaken click within a day: release only the rows that the click created."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

from suppression.adapters.crypto.link_signer import LinkSignatureError
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import CannotUndoError, UnknownConfirmationError
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import Suppression
from suppression.domain.suppressions.releases import may_be_former_holders
from suppression.domain.unsubscribe.confirmations import (
    Confirmation,
    created_by,
    digest_of,
    is_still_the_click,
)
from suppression.domain.vocabulary import ClientClass, Evidence, ReleaseWhy
from suppression.storage.controllers.rows import controller_by_number
from suppression.storage.engine.clocks import later_now
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.ledger.rows import entries_about_records
from suppression.storage.suppressions.rows import find_suppressions
from suppression.storage.unsubscribe.rows import find_confirmation, mark_undone
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.releases.release_row import release_row
from suppression.usecases.services import Services
from suppression.usecases.unsubscribe.reopenings import count_reopening


def undo_click(
    services: Services,
    code: str,
    token: str,
    *,
    client_class: ClientClass | None,
    now: datetime,
) -> None:
    """Release all rows that a click created, within a day and if none has changed since.

    The day is over as soon as the machine's or the database's clock says so. The confirmation is
    marked as undone, and a reopening is counted.

    The proof is the token in the page's form; the reference that the page prints proves nothing.
    Raises UnknownConfirmationError if `code` is unknown or 30 days old; CannotUndoError if the
    click cannot be undone, without telling why.
    """
    context = new_audit_context("link", now=now, client_class=client_class, why=ReleaseWhy.MISTAKE)
    with writing() as transaction:
        confirmation = find_confirmation(transaction, digest_of(code), now=now)
        controller = (
            controller_by_number(transaction, confirmation.controller_number)
            if confirmation
            else None
        )
        if confirmation is None or controller is None:
            raise UnknownConfirmationError
        in_time = confirmation.undo_in_time(later_now(transaction, now))
        if not in_time or not _signed(services, confirmation, token):
            raise CannotUndoError
        _undo(transaction, controller, confirmation, context)


def _signed(services: Services, confirmation: Confirmation, token: str) -> bool:
    try:
        payload = services.undos.verify(token)
    except LinkSignatureError:
        return False
    return hmac.compare_digest(payload, confirmation.undo_payload)


def _undo(
    transaction: Transaction,
    controller: Controller,
    confirmation: Confirmation,
    context: AuditContext,
) -> None:
    for row in _created_rows(transaction, confirmation, now=context.recorded_at):
        release_row(transaction, controller, row, context, evidence=Evidence.REOPENING)
    mark_undone(transaction, confirmation, now=context.recorded_at)
    count_reopening(transaction, controller, now=context.recorded_at)


def _created_rows(
    transaction: Transaction, confirmation: Confirmation, *, now: datetime
) -> list[Suppression]:
    """Return all rows that a click created, locked, so that a concurrent stop must wait.

    Raises CannotUndoError if the click created no row, if one of its rows has changed since, or if
    the address may be somebody else's since (`may_be_former_holders`).
    """
    if confirmation.created_rows is None:
        raise CannotUndoError
    rows = find_suppressions(transaction, [confirmation.created_rows.primary], for_update=True)
    entries = entries_about_records(transaction, [row.record_id for row in rows])
    made = []
    for row in rows:
        history = [entry for entry in entries if entry.record_id == row.record_id]
        if not created_by(confirmation, history):
            continue
        if not is_still_the_click(confirmation, row, history, now=now):
            raise CannotUndoError
        made.append(row)
    if confirmation.created_rows.record_id not in {row.record_id for row in made}:
        raise CannotUndoError
    forms = {form for row in made for form in row.forms}  # of the other writings of a mailbox too
    clicked_on = confirmation.recorded_at.astimezone(UTC).date()
    if may_be_former_holders(clicked_on, find_suppressions(transaction, forms, for_update=False)):
        raise CannotUndoError
    return made
