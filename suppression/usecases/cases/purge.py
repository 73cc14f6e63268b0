"""Forget what closed cases keep of people, once its period is over; the deletion is recorded."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from suppression.domain.cases.contents import TimelineEvent
from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.consents.model import months_after
from suppression.domain.controllers.model import Controller
from suppression.storage.cases.rows import cases_to_purge
from suppression.storage.cases.settings import register_settings
from suppression.storage.cases.timeline import add_event, clear_content
from suppression.storage.controllers.rows import load_controllers
from suppression.storage.engine.database import Transaction, reading
from suppression.usecases.piecewise import run_piecewise

_CASES = 200
"""Whose contacts and notes are deleted in one transaction."""


def purge_cases(*, now: datetime) -> int:
    """Delete contact and notes of every case closed for its controller's period; how many."""
    with reading() as transaction:
        controllers = load_controllers(transaction)
    return sum(
        run_piecewise(partial(_purge_some, controller, now), piece=_CASES)
        for controller in controllers
    )


def _purge_some(controller: Controller, now: datetime, transaction: Transaction) -> int:
    months = register_settings(transaction, controller).keep_months
    stored_cases = cases_to_purge(
        transaction, controller, closed_before=months_after(now, -months), most=_CASES
    )
    for stored in stored_cases:
        clear_content(transaction, stored.number, now=now)
        event = TimelineEvent(event=CaseEvent.FORGOTTEN, actor="worker", recorded_at=now)
        add_event(transaction, stored.number, event)
    return len(stored_cases)
