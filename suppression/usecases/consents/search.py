"""Read the consents of a person with their proof and state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.consents.model import (
    Consent,
    as_of_wrong_person,
    as_voided,
    ends_at,
    state_of,
)
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import NotFoundError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.policies.model import Policies
from suppression.domain.suppressions.model import RecordId, Suppression
from suppression.domain.suppressions.releases import (
    as_active,
    as_voiding,
    may_tell_wrong_person,
)
from suppression.domain.vocabulary import Channel, ConsentState, Purpose
from suppression.storage.consents.rows import find_consents, load_consent
from suppression.storage.controllers.policies import current_policies
from suppression.storage.engine.clocks import earlier_now
from suppression.storage.engine.database import reading
from suppression.storage.suppressions.rows import find_suppressions


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundConsent:
    """A consent, its state, and when it ends or ended under today's policy (None: no end)."""

    consent: Consent
    state: ConsentState
    ends_at: datetime | None


def search_consents(
    controller: Controller, subject: Subject, channel: Channel | None, *, now: datetime
) -> list[FoundConsent]:
    """Return a person's consents, ended ones too, oldest first; on one `channel` if it is given.

    A consent is shown as ended once both `now` and the database's time have reached its end.
    """
    with reading() as transaction:
        policies = current_policies(transaction, controller).policies
        consents = find_consents(transaction, subject.consent_fingerprints)
        rows = find_suppressions(transaction, subject.lookup_fingerprints, for_update=False)
        now = earlier_now(transaction, now)
    return [
        _matching(_as_ended(consent, rows, now), policies, now)
        for consent in consents
        if channel is None or consent.scope.channel is channel
    ]


def find_consent(controller: Controller, record_id: RecordId, *, now: datetime) -> FoundConsent:
    """Return a controller's consent by record id. Raises NotFoundError for an unknown id.

    The consent is returned as ended if a released stop under its fingerprint voids it, or if a call
    reached a wrong person. A stop under another spelling alone may void it too; only
    `search_consents` shows that.
    """
    with reading() as transaction:
        policies = current_policies(transaction, controller).policies
        consent = load_consent(transaction, controller, record_id)
        if consent is None:
            raise NotFoundError("This controller has no consent with this `consent_id`.")
        rows = find_suppressions(transaction, {consent.fingerprint}, for_update=False)
        now = earlier_now(transaction, now)
    return _matching(_as_ended(consent, rows, now), policies, now)


def _as_ended(consent: Consent, rows: Sequence[Suppression], now: datetime) -> Consent:
    """Return the consent as ended if one of these rows voids it, or tells of a wrong person."""
    in_force = [row for row in rows if row.in_force(now) and may_tell_wrong_person(row)]
    consent = as_voided(consent, [stop for stop in map(as_voiding, rows) if stop])
    return as_of_wrong_person(consent, map(as_active, in_force))


def _matching(consent: Consent, policies: Policies, now: datetime) -> FoundConsent:
    scope = consent.scope
    months = policies[scope.channel, scope.purpose or Purpose.MARKETING].consent_months
    return FoundConsent(
        consent=consent, state=state_of(consent, months, now), ends_at=ends_at(consent, months)
    )
