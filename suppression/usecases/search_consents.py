"""Show the consents of a person with their proof, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suppression.domain.consents import Consent, as_voided, ends_at, state_of
from suppression.domain.controllers import Controller
from suppression.domain.errors import NotFoundError
from suppression.domain.fingerprints import Subject
from suppression.domain.policies import Policies
from suppression.domain.releases import as_voiding
from suppression.domain.suppressions import RecordId
from suppression.domain.vocabulary import Channel, ConsentState, Purpose
from suppression.storage.consent_rows import consent_of_record, consents_under
from suppression.storage.database import reading
from suppression.storage.policy_rows import policies_of
from suppression.storage.suppression_rows import suppressions_under


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundConsent:
    """A consent, how it stands, and when it ends under today's policy."""

    consent: Consent
    state: ConsentState
    ends_at: datetime | None


def search_consents(
    controller: Controller, subject: Subject, channel: Channel | None, *, now: datetime
) -> list[FoundConsent]:
    """Every consent of a person, oldest first, ended ones too; of one channel if it is named."""
    with reading() as transaction:
        policies = policies_of(transaction, controller).policies
        found = consents_under(transaction, subject.consent)
        rows = suppressions_under(transaction, subject.asked, for_update=False)
    voiding = [stop for stop in map(as_voiding, rows) if stop]
    return [
        _found(as_voided(one, voiding), policies, now)
        for one in found
        if channel is None or one.extent.channel is channel
    ]


def find_consent(controller: Controller, record_id: RecordId, *, now: datetime) -> FoundConsent:
    """One consent of the controller by its record; NotFoundError if it has none."""
    with reading() as transaction:
        policies = policies_of(transaction, controller).policies
        consent = consent_of_record(transaction, controller, record_id)
    if consent is None:
        raise NotFoundError("This controller has no consent with this `consent_id`.")
    return _found(consent, policies, now)


def _found(consent: Consent, policies: Policies, now: datetime) -> FoundConsent:
    extent = consent.extent
    months = policies[extent.channel, extent.purpose or Purpose.MARKETING].consent_months
    return FoundConsent(
        consent=consent, state=state_of(consent, months, now), ends_at=ends_at(consent, months)
    )
