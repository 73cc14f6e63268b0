"""Date what is entered in the ledger: by the database's clock, and in the order of the changes."""

from __future__ import annotations

import dataclasses

from suppression.domain.checks.call_history import CalledNumber
from suppression.domain.consents.model import Consent
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import Suppression
from suppression.storage.engine.clocks import database_now, entry_dates
from suppression.storage.engine.database import Transaction


def after_last_entry(
    transaction: Transaction, row: Suppression | Consent | CalledNumber, context: AuditContext
) -> AuditContext:
    """Return the context, recorded now and after all that was done to this row.

    The caller holds the row's lock.

    By the clock of the database, which every machine shares; and after, since that clock may have
    been set back: without this, what came second could be dated first, and a replay of the ledger
    would end in another state than the list.
    """
    return entry_dates(transaction, record_id=row.record_id).date_for(context)


def dated_by_database(transaction: Transaction, context: AuditContext) -> AuditContext:
    """The context, recorded now by the database's clock, where it is the first about its record."""
    return dataclasses.replace(context, recorded_at=database_now(transaction))
