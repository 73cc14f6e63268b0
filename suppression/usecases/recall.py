"""What was on record under an identifier at a moment, and what a check said then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.consents import Consent, as_voided, still_counting
from suppression.domain.controllers import Controller
from suppression.domain.decisions import Answer, decide
from suppression.domain.fingerprints import Subject
from suppression.domain.ledger import LedgerEntry
from suppression.domain.past import calls_at, consents_at, lifted_at, stood_at
from suppression.domain.policies import PolicySet
from suppression.domain.presets import preset_policies
from suppression.domain.questions import Question
from suppression.domain.sandbox_answers import sandbox_answer
from suppression.domain.standing import ContactHistory, Standing
from suppression.domain.suppressions import Extent, RecordId, Suppression
from suppression.domain.vocabulary import Basis, Channel, Purpose, Sector, channels_of
from suppression.storage.consent_rows import consents_under
from suppression.storage.contact_rows import contacts_under
from suppression.storage.database import Transaction
from suppression.storage.ledger_rows import entries_of
from suppression.storage.policy_rows import PolicyVersion, policy_versions_of
from suppression.storage.suppression_rows import suppressions_under
from suppression.usecases.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedThen:
    """What a check asked: each purpose on every channel; `basis` is what the tool stated."""

    purposes: tuple[Purpose, ...] = (Purpose.MARKETING,)
    topic: str = ""
    basis: Basis | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a check says, or would have said."""

    extent: Extent
    answer: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Recalled:
    """What was on record. `rows` are the stops under the identifier, released ones too."""

    at: datetime
    rows: tuple[Suppression, ...]
    consents: tuple[Consent, ...]
    history: tuple[LedgerEntry, ...]
    policies: PolicySet
    standing: Standing
    in_force: tuple[Suppression, ...]
    calls: dict[Channel, ContactHistory]


def recall(
    transaction: Transaction,
    controller: Controller,
    subject: Subject,
    *,
    now: datetime,
    at: datetime | None,
) -> Recalled:
    """All of it, as it was recorded by a moment that has passed; by now without one."""
    known_by = at if at is not None and at < now else None
    at = known_by or now

    def of(records: Sequence[Suppression | Consent]) -> list[LedgerEntry]:
        return _entries(transaction, [one.record_id for one in records], known_by)

    rows = suppressions_under(transaction, subject.asked, for_update=False)
    consents = consents_under(transaction, subject.consent)
    stops, of_consents = of(rows), of(consents)
    lifted = lifted_at(rows, stops)
    consents = [as_voided(one, lifted) for one in consents]
    known = [one.standing for one in consents_at(consents, of_consents)]
    in_force = stood_at(rows, stops, at, asked=subject.asked)
    calls = defaultdict[Channel, list[LedgerEntry]](list)
    for contact in contacts_under(transaction, subject.asked):
        calls[contact.channel] += _entries(transaction, [contact.record_id], known_by)
    history = [*stops, *of_consents, *(one for some in calls.values() for one in some)]
    recorded = {entry.record_id for entry in of_consents}
    return Recalled(
        at=at,
        rows=tuple(rows),
        consents=tuple(one for one in consents if one.record_id in recorded),
        history=tuple(sorted(history, key=lambda entry: entry.deed.recorded_at)),
        policies=_policies(controller, policy_versions_of(transaction, controller), at),
        standing=Standing(
            stops=tuple(in_force.values()), consents=tuple(still_counting(known, lifted))
        ),
        in_force=tuple(row for row in rows if row.record_id in in_force),
        calls={channel: calls_at(entries, stops) for channel, entries in calls.items()},
    )


def checked_then(
    services: Services, subject: Subject, recalled: Recalled, asked: AskedThen
) -> list[Checked]:
    """The answer for each channel and purpose that a check may have asked."""
    return [
        Checked(extent=extent, answer=_answer(services, subject, recalled, extent, asked.basis))
        for extent in _extents(subject, asked)
    ]


def _extents(subject: Subject, asked: AskedThen) -> list[Extent]:
    found = []
    for purpose in asked.purposes:
        channels = channels_of(subject.kind) if purpose.has_channel else (None,)
        topic = asked.topic if purpose.has_channel else ""
        found += [Extent(channel=one, purpose=purpose, topic=topic) for one in channels]
    return found


def _answer(
    services: Services, subject: Subject, recalled: Recalled, extent: Extent, basis: Basis | None
) -> Answer:
    ttl = services.settings.check_ttl
    if subject.sandbox:
        return sandbox_answer(subject.sandbox, now=recalled.at, ttl=ttl)
    question = Question(subject=subject, extent=extent, attested=basis)
    standing = Standing(
        stops=recalled.standing.stops,
        consents=recalled.standing.consents,
        contacts=_calls(recalled, extent),
    )
    policy = recalled.policies.policies[extent.channel, question.purpose]
    return decide(question, policy, standing, now=recalled.at, ttl=ttl)


def _calls(recalled: Recalled, extent: Extent) -> ContactHistory:
    found = recalled.calls.get(extent.channel) if extent.channel else None
    return found or ContactHistory()


def _entries(
    transaction: Transaction, records: Sequence[RecordId], known_by: datetime | None
) -> list[LedgerEntry]:
    found = entries_of(transaction, records)
    return [one for one in found if known_by is None or one.deed.recorded_at <= known_by]


def _policies(controller: Controller, versions: Sequence[PolicyVersion], at: datetime) -> PolicySet:
    """The policies that counted at a moment."""
    counted = [one.policy_set for one in versions if one.recorded_at <= at]
    if counted:
        return counted[-1]
    first = versions[0].policy_set if versions else None
    return first or preset_policies(controller.preset, Sector.HOME_ENERGY)
