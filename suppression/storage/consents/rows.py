"""SQL statements that insert, read, end and delete consents with their proof."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, delete, or_, select, update

from suppression.domain.consents.model import Consent, Proof
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import RecordId, Scope
from suppression.domain.vocabulary import ConsentEnd
from suppression.storage.consents.tables import CONSENT_KEY, DbConsent, DbConsentWording
from suppression.storage.engine.database import Transaction, insert_absent, insert_if_absent

WITH_WORDING: Select[*tuple[Any, ...]] = select(DbConsent, DbConsentWording.wording).join_from(
    DbConsent, DbConsentWording
)


def add_consents(
    transaction: Transaction, consents: Sequence[Consent], *, controller: int
) -> set[RecordId]:
    """Insert each consent whose key is not stored yet; return the record ids of those inserted.

    The key is fingerprint, channel, purpose, topic and `given_at`. Insert the wordings too, and
    prevent their deletion until the transaction ends. `controller` is the controller's number.
    """
    if not consents:
        return set()
    # In the order of digests, in which `delete_consents` locks them too.
    for wording in sorted({consent.proof.wording for consent in consents}, key=_digest):
        _hold_wording(transaction, wording, controller)
    rows = [_values(consent, controller) for consent in consents]
    # One order everywhere, so that two transactions with the same rows never deadlock.
    rows.sort(key=lambda row: tuple(str(row[name]) for name in CONSENT_KEY))
    inserted = insert_absent(
        transaction, DbConsent, rows, key=CONSENT_KEY, returning=DbConsent.record_id
    )
    return {RecordId(record_id) for record_id in inserted}


def _hold_wording(transaction: Transaction, wording: str, controller: int) -> None:
    """Insert a wording unless it exists, and prevent its deletion until the transaction ends.

    If another transaction deletes the wording with its last consent meanwhile, it is inserted
    again.
    """
    key = {"controller_number": controller, "digest": _digest(wording)}
    locked = (
        select(DbConsentWording.digest).filter_by(**key).with_for_update(read=True, key_share=True)
    )
    while transaction.execute(locked).first() is None:
        row = key | {"wording": wording}
        insert_if_absent(transaction, DbConsentWording, row, key=tuple(key))


def _values(consent: Consent, controller: int) -> dict[str, Any]:
    return {
        "fingerprint": consent.fingerprint,
        "record_id": consent.record_id,
        "given_at": consent.given_at,
        "until": consent.until,
        "ended_at": consent.ended_at,
        "recorded_at": consent.recorded_at,
        "controller_number": controller,
        "channel": consent.scope.channel,
        "purpose": consent.scope.purpose,
        "topic": consent.scope.topic,
        "ended_by": consent.ended_by,
        "given_by": consent.proof.given_by,
        "source": consent.source,
        "proof_ref": consent.proof.evidence,
        "collected_by": consent.proof.collected_by,
        "wording_digest": _digest(consent.proof.wording),
        "salt": consent.salt,
    }


def _digest(wording: str) -> bytes:
    return hashlib.sha256(wording.encode()).digest()


def find_consents(
    transaction: Transaction, fingerprints: Collection[Fingerprint], *, for_update: bool = False
) -> list[Consent]:
    """Return all consents under these fingerprints, oldest first; lock them if `for_update`.

    Ended ones are included.
    """
    if not fingerprints:
        return []
    statement = WITH_WORDING.where(DbConsent.fingerprint.in_(fingerprints)).order_by(
        DbConsent.given_at, DbConsent.fingerprint, DbConsent.channel, DbConsent.topic
    )
    return list_consents(
        transaction, statement.with_for_update(of=DbConsent) if for_update else statement
    )


def consent_since(transaction: Transaction, controller: Controller, since: datetime) -> bool:
    """Return whether the controller has a consent given after `since` that was not ended early."""
    conditions = (
        DbConsent.controller_number == controller.number,
        DbConsent.given_at > since,
        DbConsent.ended_at.is_(None),
    )
    return (
        transaction.execute(select(DbConsent.record_id).where(*conditions).limit(1)).first()
        is not None
    )


def load_consent(
    transaction: Transaction, controller: Controller, record_id: RecordId
) -> Consent | None:
    """Return the controller's consent with this record id; None if not found."""
    consents = list_consents(
        transaction,
        WITH_WORDING.where(
            DbConsent.record_id == record_id, DbConsent.controller_number == controller.number
        ),
    )
    return consents[0] if consents else None


def end_consent(
    transaction: Transaction, consent: Consent, *, why: ConsentEnd, ended_at: datetime
) -> None:
    """Record that a consent ended early, at `ended_at`, and why; overwrite an earlier record."""
    statement = update(DbConsent).where(DbConsent.record_id == consent.record_id)
    transaction.execute(statement.values(ended_at=ended_at, ended_by=why))


def shorten_consent(transaction: Transaction, consent: Consent) -> bool:
    """Store `consent.until`, which must not be None, if the stored `until` is later or missing.

    Return whether it was stored. It is not if the stored consent has ended early. Storing it locks
    the row until the transaction ends.
    """
    later = or_(DbConsent.until.is_(None), DbConsent.until > consent.until)
    statement = update(DbConsent).where(
        DbConsent.record_id == consent.record_id, DbConsent.ended_at.is_(None), later
    )
    return transaction.execute(statement.values(until=consent.until)).rowcount == 1


def list_ending_consents(
    transaction: Transaction, *, after: datetime, before: datetime, limit: int
) -> list[tuple[int, Consent]]:
    """Lock and return at most `limit` unannounced consents with `after` < `until` <= `before`.

    Leave out consents that ended early, and rows that another transaction has locked. Return those
    that end first, in that order, each with its controller's number.
    """
    statement = (
        WITH_WORDING.where(
            DbConsent.until > after,
            DbConsent.until <= before,
            DbConsent.announced_at.is_(None),
            DbConsent.ended_at.is_(None),
        )
        .order_by(DbConsent.until)
        .limit(limit)
        .with_for_update(of=DbConsent, skip_locked=True)
    )
    rows = transaction.execute(statement).all()
    return [(row.controller_number, _consent(row)) for row in rows]


def mark_announced(transaction: Transaction, consents: Sequence[Consent], *, now: datetime) -> None:
    """Record that the ledger announced, at `now`, the coming end of these consents."""
    record_ids = [consent.record_id for consent in consents]
    statement = update(DbConsent).where(DbConsent.record_id.in_(record_ids))
    transaction.execute(statement.values(announced_at=now))


def list_expired_proofs(
    transaction: Transaction, *, before: datetime, limit: int
) -> list[tuple[int, Consent]]:
    """Lock and return at most `limit` consents that ended, early or not, before `before`.

    Return each with its controller's number, in no order. Leave out rows that another transaction
    has locked.
    """
    expired = and_(DbConsent.ended_at.is_(None), DbConsent.until < before)
    statement = (
        WITH_WORDING.where(or_(expired, DbConsent.ended_at < before))
        .limit(limit)
        .with_for_update(of=DbConsent, skip_locked=True)
    )
    rows = transaction.execute(statement).all()
    return [(row.controller_number, _consent(row)) for row in rows]


def delete_consents(transaction: Transaction, consents: Sequence[Consent]) -> None:
    """Delete consents with their proof, and their wordings unless another consent uses them.

    Lock the wordings first: another transaction that records a consent with one of these wordings
    either has ended by then, and the wording is kept, or waits and then inserts it again.
    """
    digests = {_digest(consent.proof.wording) for consent in consents}
    wordings = select(DbConsentWording.digest).where(DbConsentWording.digest.in_(digests))
    in_order = wordings.order_by(DbConsentWording.digest, DbConsentWording.controller_number)
    transaction.execute(in_order.with_for_update()).all()
    record_ids = [consent.record_id for consent in consents]
    transaction.execute(delete(DbConsent).where(DbConsent.record_id.in_(record_ids)))
    using = select(DbConsent.wording_digest).where(
        DbConsent.controller_number == DbConsentWording.controller_number,
        DbConsent.wording_digest == DbConsentWording.digest,
    )
    transaction.execute(
        delete(DbConsentWording).where(DbConsentWording.digest.in_(digests), ~using.exists())
    )


def list_consents(transaction: Transaction, statement: Select[*tuple[Any, ...]]) -> list[Consent]:
    """Return the consents that a statement made of `WITH_WORDING` selects."""
    return [_consent(row) for row in transaction.execute(statement)]


def _consent(row: Row[*tuple[Any, ...]]) -> Consent:
    return Consent(
        record_id=RecordId(row.record_id),
        salt=row.salt,
        fingerprint=Fingerprint(row.fingerprint),
        scope=Scope(channel=row.channel, purpose=row.purpose, topic=row.topic),
        given_at=row.given_at,
        until=row.until,
        proof=Proof(
            wording=row.wording,
            given_by=row.given_by,
            evidence=row.proof_ref,
            collected_by=row.collected_by,
        ),
        source=row.source,
        recorded_at=row.recorded_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
