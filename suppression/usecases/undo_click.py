"""Undo a click that was a mistake: one's own, soon, and that one row alone."""

from __future__ import annotations

import hmac
from datetime import datetime

from suppression.adapters.link_signing import LinkSignatureError
from suppression.domain.confirmations import Confirmation, MadeRow, digest_of, still_the_click
from suppression.domain.controllers import Controller
from suppression.domain.errors import CannotUndoError, UnknownConfirmationError
from suppression.domain.ledger import Deed
from suppression.domain.suppressions import Suppression
from suppression.domain.vocabulary import ClientClass, ReleaseWhy
from suppression.storage.confirmation_rows import confirmation_by, mark_undone
from suppression.storage.controller_rows import controller_by_number
from suppression.storage.database import Transaction, writing
from suppression.storage.ledger_rows import entries_of
from suppression.storage.suppression_rows import suppressions_under
from suppression.usecases.lift import lift
from suppression.usecases.record_stops import new_deed
from suppression.usecases.services import Services


def undo_click(
    services: Services,
    code: str,
    token: str,
    *,
    client_class: ClientClass | None,
    now: datetime,
) -> None:
    """Lift the row that this click made, if nothing was said since and a day has not gone by.

    The reference that a page prints proves nothing: the token in its form's body does.
    CannotUndoError, the same for every cause.
    """
    deed = new_deed("link", now=now, client_class=client_class, why=ReleaseWhy.MISTAKE)
    with writing() as transaction:
        found = confirmation_by(transaction, digest_of(code), now=now)
        controller = controller_by_number(transaction, found.controller_number) if found else None
        if found is None or controller is None:
            raise UnknownConfirmationError
        if not found.undo_in_time(now) or not _signed(services, found, token):
            raise CannotUndoError
        _undo(transaction, controller, found, deed)


def _signed(services: Services, confirmation: Confirmation, token: str) -> bool:
    try:
        payload = services.undos.verify(token)
    except LinkSignatureError:
        return False
    return hmac.compare_digest(payload, confirmation.undo_payload)


def _undo(
    transaction: Transaction, controller: Controller, confirmation: Confirmation, deed: Deed
) -> None:
    row = _row(transaction, confirmation.made)
    history = entries_of(transaction, [row.record_id])
    if not still_the_click(confirmation, row, history, now=deed.recorded_at):
        raise CannotUndoError
    lift(transaction, controller, row, deed)
    mark_undone(transaction, confirmation, now=deed.recorded_at)


def _row(transaction: Transaction, made: MadeRow | None) -> Suppression:
    """The row, locked: a stop that comes meanwhile waits, and then stands."""
    if made is None:
        raise CannotUndoError
    rows = suppressions_under(transaction, [made.primary], for_update=True)
    for row in rows:
        if row.record_id == made.record_id:
            return row
    raise CannotUndoError
