"""Forget what closed cases keep of people, once its period is over; the deletion is recorded."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.case_contents import TimelineEvent
from suppression.domain.case_words import CaseEvent
from suppression.domain.consents import months_after
from suppression.storage.case_rows import cases_to_forget
from suppression.storage.controller_rows import all_controllers
from suppression.storage.database import writing
from suppression.storage.register_rows import register_settings
from suppression.storage.timeline_rows import add_event, forget_content


def forget_cases(*, now: datetime) -> int:
    """Delete contact and notes of every case closed for its controller's period; how many."""
    forgotten = 0
    with writing() as transaction:
        for controller in all_controllers(transaction):
            months = register_settings(transaction, controller).keep_months
            before = months_after(now, -months)
            for stored in cases_to_forget(transaction, controller, closed_before=before):
                forget_content(transaction, stored.number, now=now)
                event = TimelineEvent(event=CaseEvent.FORGOTTEN, actor="worker", recorded_at=now)
                add_event(transaction, stored.number, event)
                forgotten += 1
    return forgotten
