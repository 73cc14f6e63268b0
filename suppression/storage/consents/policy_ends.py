"""SQL statements for consents that a policy ends: their own `until` is later, or missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, literal, or_

from suppression.domain.calendar.months import months_after
from suppression.domain.consents.model import Consent
from suppression.domain.controllers.model import Controller
from suppression.domain.vocabulary import Channel, Purpose
from suppression.storage.consents.rows import WITH_WORDING, list_consents
from suppression.storage.consents.tables import DbConsent
from suppression.storage.engine.database import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyEnds:
    """The channel and purpose of consents that a policy ends `months` after they were given.

    The policy's end must be before `before`, and for `list_ending_by_policy` after `after`.
    """

    channel: Channel | None
    purpose: Purpose
    months: int
    after: datetime
    before: datetime


def list_ending_by_policy(
    transaction: Transaction, controller: Controller, ends: PolicyEnds, *, limit: int
) -> list[Consent]:
    """Lock and return at most `limit` unannounced consents that a policy ends within `ends`.

    Leave out consents that ended early, or whose own `until` is `ends.after` or earlier, and rows
    that another transaction has locked.
    """
    statement = (
        WITH_WORDING.where(
            *_under_policy(controller, ends),
            DbConsent.given_at > months_after(ends.after, -ends.months),
            DbConsent.announced_at.is_(None),
            or_(DbConsent.until.is_(None), DbConsent.until > ends.after),
        )
        .limit(limit)
        .with_for_update(of=DbConsent, skip_locked=True)
    )
    return list_consents(transaction, statement)


def list_proofs_expired_by_policy(
    transaction: Transaction, controller: Controller, ends: PolicyEnds, *, limit: int
) -> list[Consent]:
    """Lock and return at most `limit` consents that a policy ended before `ends.before`.

    Leave out consents that ended early, and rows that another transaction has locked.
    """
    statement = (
        WITH_WORDING.where(*_under_policy(controller, ends))
        .limit(limit)
        .with_for_update(of=DbConsent, skip_locked=True)
    )
    return list_consents(transaction, statement)


def _under_policy(controller: Controller, ends: PolicyEnds) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for consents not ended early that a policy ends before `ends.before`.

    Where a month lacks the day of the end, a consent may be included up to three days late, but
    none is included too early.
    """
    columns = DbConsent.__table__.columns
    return (
        DbConsent.controller_number == controller.number,
        # Bound, so that None is compared as '' and not as IS NULL.
        columns["channel"] == literal(ends.channel, columns["channel"].type),
        DbConsent.purpose == ends.purpose,
        DbConsent.ended_at.is_(None),
        DbConsent.given_at < months_after(ends.before, -ends.months),
    )
