"""Lock the people whose stops a transaction is about to store, in one order for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from suppression.domain.identifiers.fingerprints import Subject
from suppression.storage.engine.advisory_locks import LockedWork, lock_fingerprints
from suppression.storage.engine.database import Transaction


def lock_for_stops(
    transaction: Transaction, subjects: Iterable[Subject], *, whole_address: bool = False
) -> None:
    """Make other transactions that call this for one of these subjects wait until this one ends.

    A transaction that locks or stores more than one row calls it before its first row, so that no
    two deadlock. One that stores a single row does not call it, and does not wait.
    """
    rows = [row for subject in subjects for row in subject.stored_rows(whole_address=whole_address)]
    lock_fingerprints(transaction, (row[0] for row in rows), LockedWork.STOPS)
