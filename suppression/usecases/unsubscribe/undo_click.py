"""Undo a click that was a mistake: one's own, soon, and the rows that it made alone."""

from __future__ import annotations

import hmac
from datetime import datetime

from suppression.adapters.crypto.link_signer import LinkSignatureError
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import CannotUndoError, UnknownConfirmationError
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import Suppression
from suppression.domain.unsubscribe.confirmations import (
    Confirmation,
    created_by,
    digest_of,
    is_still_the_click,
)
from suppression.domain.vocabulary import ClientClass, Evidence, ReleaseWhy
from suppression.storage.controllers.rows import controller_by_number
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
    """Lift the rows that this click made, if nothing was said since and a day has not gone by.

    The reference that a page prints proves nothing: the token in its form's body does.
    CannotUndoError, the same for every cause.
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
        if not confirmation.undo_in_time(now) or not _signed(services, confirmation, token):
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
    """Return all rows that the click made, locked: a stop that comes meanwhile waits, and stands.

    CannotUndoError if anything was said of one of them since.
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
    return made
