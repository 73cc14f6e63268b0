"""Lock the people whose stops a transaction is about to store, in one order for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from suppression.domain.identifiers.fingerprints import Subject
from suppression.storage.engine.advisory_locks import LockedWork, lock_fingerprints
from suppression.storage.engine.database import Transaction


def lock_for_stops(
    transaction: Transaction, subjects: Iterable[Subject], *, whole_address: bool = False
) -> None:
    """Let no other transaction store stops of these subjects beside others until this one ends.

    A transaction that locks or stores more than one row calls it before its first one.
    """
    rows = [row for subject in subjects for row in subject.stored_rows(whole_address=whole_address)]
    lock_fingerprints(transaction, (row[0] for row in rows), LockedWork.STOPS)
