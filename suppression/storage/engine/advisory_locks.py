"""Locks of fingerprints, which hold until the transaction ends, whether rows exist or not.

A row lock does not stop a transaction that is about to insert a first row; PostgreSQL's advisory
locks do. Transactions that write several rows take them before any row, in one order, so that none
deadlocks and none reads what another is about to change. SQLite has one writer at a time anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from sqlalchemy import text

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.storage.engine.database import Transaction

_KEY_BYTES = 8
_LOCK = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")


class LockedWork(IntEnum):
    """The kind of work that a lock is for; one kind does not wait for the other.

    A lock's key is the eight bytes of a fingerprint that begin at this index.
    """

    STOPS = 0
    CALLS = 8


def lock_fingerprints(
    transaction: Transaction, fingerprints: Iterable[Fingerprint], work: LockedWork
) -> None:
    """Take the locks of these fingerprints for one kind of work until the transaction ends.

    Wait for other transactions that hold one; if that takes longer than the time-out, `writing`
    raises DatabaseUnavailableError. Do nothing on SQLite.
    """
    if transaction.dialect.name != "postgresql":
        return
    keys = {
        int.from_bytes(fingerprint[work : work + _KEY_BYTES], "big", signed=True)
        for fingerprint in fingerprints
    }
    transaction.execute(_LOCK, {"keys": sorted(keys)})
