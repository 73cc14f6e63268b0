"""Keep a record's ledger entries in the order in which they changed its row."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from suppression.domain.consents import Consent
from suppression.domain.contacts import Contact
from suppression.domain.ledger import Deed
from suppression.domain.suppressions import Suppression
from suppression.storage.database import Transaction
from suppression.storage.ledger_rows import last_recorded

TICK = timedelta(microseconds=1)


def in_order(transaction: Transaction, row: Suppression | Consent | Contact, deed: Deed) -> Deed:
    """The deed, recorded after all that was done to this row, whose lock the caller holds.

    A door reads the clock before it waits for the lock: without this, what came second could be
    dated first, and a replay of the ledger would end in another state than the list.
    """
    last = last_recorded(transaction, row.record_id)
    if last is None or last < deed.recorded_at:
        return deed
    return dataclasses.replace(deed, recorded_at=last + TICK)
