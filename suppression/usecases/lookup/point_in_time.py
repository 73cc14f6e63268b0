"""Reconstruct what was on record under an identifier at a given time, and its check results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.checks.decision import CheckResult, decide
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.checks.sandbox import sandbox_answer
from suppression.domain.consents.model import (
    Consent,
    as_of_wrong_person,
    as_voided,
    still_counting,
)
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Fingerprint, Subject
from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.ledger.replay import calls_at, consents_at, lifted_at, suppressions_at
from suppression.domain.policies.model import PolicySet
from suppression.domain.policies.presets import preset_policies
from suppression.domain.suppressions.active import (
    ActiveSuppression,
    ContactHistory,
    SubjectState,
)
from suppression.domain.suppressions.model import RecordId, Scope, Suppression
from suppression.domain.suppressions.releases import may_tell_wrong_person
from suppression.domain.vocabulary import (
    Basis,
    Channel,
    EntryType,
    Purpose,
    Sector,
    channels_of,
)
from suppression.storage.calls.rows import called_numbers_under
from suppression.storage.consents.rows import find_consents
from suppression.storage.controllers.policies import PolicyVersion, list_policy_versions
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import entries_about_records
from suppression.storage.suppressions.rows import find_suppressions
from suppression.usecases.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class PastCheck:
    """The options of a check at a past time, on every channel: purposes, topic and stated basis."""

    purposes: tuple[Purpose, ...] = (Purpose.MARKETING,)
    topic: str = ""
    basis: Basis | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedScope:
    """A channel, purpose and topic, and the result of a check of them at the looked-up time."""

    scope: Scope
    answer: CheckResult


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoricalState:
    """What was on record under an identifier at the time `at`.

    `rows` are all its suppressions, released and later ones too; `in_force` those in force at `at`.
    Both have the dates that they have now. `consents` are those recorded by then, ended ones too,
    with their present end; `history` holds the ledger entries up to then, oldest first. `latest` is
    the later of the machine's and the database's time if `at` is now, else `at`.
    """

    at: datetime
    latest: datetime
    rows: tuple[Suppression, ...]
    consents: tuple[Consent, ...]
    history: tuple[LedgerEntry, ...]
    policies: PolicySet
    subject_state: SubjectState
    in_force: tuple[Suppression, ...]
    calls: dict[Channel, ContactHistory]


def state_at(
    transaction: Transaction,
    controller: Controller,
    subject: Subject,
    *,
    clocks: tuple[datetime, datetime],
    at: datetime | None,
) -> HistoricalState:
    """Return what was on record under a subject at `at`, or now if `at` is None or not past.

    `clocks` are the machine's and the database's time: as for a check, the earlier one is now.
    """
    known_by = at if at is not None and at < min(clocks) else None
    at = known_by or min(clocks)
    rows = find_suppressions(transaction, subject.lookup_fingerprints, for_update=False)
    consents = find_consents(transaction, subject.consent_fingerprints)
    stops = _entries(transaction, [row.record_id for row in rows], known_by)
    of_consents = _entries(transaction, [consent.record_id for consent in consents], known_by)
    lifted = lifted_at(rows, stops)
    consents = [as_voided(consent, lifted) for consent in consents]
    known = [consent.as_active for consent in consents_at(consents, of_consents)]
    in_force = suppressions_at(rows, stops, at, fingerprints=subject.lookup_fingerprints)
    calls, of_calls = _calls_under(transaction, subject, known_by)
    history = [*stops, *of_consents, *of_calls]
    return HistoricalState(
        at=at,
        latest=known_by or max(clocks),
        rows=tuple(rows),
        consents=tuple(_as_shown(consents, of_consents, rows, in_force)),
        history=tuple(sorted(history, key=lambda entry: entry.context.recorded_at)),
        policies=_policies(controller, list_policy_versions(transaction, controller), known_by),
        subject_state=SubjectState(
            suppressions=tuple(in_force.values()), consents=tuple(still_counting(known, lifted))
        ),
        in_force=tuple(row for row in rows if row.record_id in in_force),
        calls={channel: calls_at(entries, stops) for channel, entries in calls.items()},
    )


def _as_shown(
    consents: Sequence[Consent],
    history: Sequence[LedgerEntry],
    rows: Sequence[Suppression],
    in_force: Mapping[RecordId, ActiveSuppression],
) -> list[Consent]:
    """Return the consents that `history` records, as ended if a call reached a wrong person."""
    recorded = {entry.record_id for entry in history}
    wrong_persons = [
        in_force[row.record_id]
        for row in rows
        if row.record_id in in_force and may_tell_wrong_person(row)
    ]
    return [
        as_of_wrong_person(consent, wrong_persons)
        for consent in consents
        if consent.record_id in recorded
    ]


def _calls_under(
    transaction: Transaction, subject: Subject, known_by: datetime | None
) -> tuple[dict[Channel, list[LedgerEntry]], list[LedgerEntry]]:
    """Return the entries of calls that count for a subject, by channel, and those of all calls."""
    calls, history = defaultdict[Channel, list[LedgerEntry]](list), list[LedgerEntry]()
    for contact in called_numbers_under(transaction, subject.lookup_fingerprints):
        history += (entries := _entries(transaction, [contact.record_id], known_by))
        calls[contact.channel] += _calls_that_count(entries, contact.fingerprint, subject)
    return calls, history


def _calls_that_count(
    entries: Sequence[LedgerEntry], fingerprint: Fingerprint, subject: Subject
) -> list[LedgerEntry]:
    """Return the entries without agreed times, unless the number is certainly the subject's."""
    own = fingerprint in subject.agreed_time_fingerprints
    return [entry for entry in entries if own or entry.type is not EntryType.CALLBACK]


def decisions_at(
    services: Services, subject: Subject, state: HistoricalState, past_check: PastCheck
) -> list[CheckedScope]:
    """Return the check result for each channel and purpose that `past_check` covers."""
    return [
        CheckedScope(scope=scope, answer=_answer(services, subject, state, scope, past_check.basis))
        for scope in _scopes(subject, past_check)
    ]


def _scopes(subject: Subject, past_check: PastCheck) -> list[Scope]:
    scopes = []
    for purpose in past_check.purposes:
        channels = channels_of(subject.kind) if purpose.has_channel else (None,)
        topic = past_check.topic if purpose.has_channel else ""
        scopes += [Scope(channel=channel, purpose=purpose, topic=topic) for channel in channels]
    return scopes


def _answer(
    services: Services,
    subject: Subject,
    state: HistoricalState,
    scope: Scope,
    basis: Basis | None,
) -> CheckResult:
    ttl = services.settings.check_ttl
    if subject.sandbox:
        return sandbox_answer(subject.sandbox, now=state.at, ttl=ttl)
    check_request = CheckRequest(subject=subject, scope=scope, attested=basis)
    subject_state = SubjectState(
        suppressions=state.subject_state.suppressions,
        consents=state.subject_state.consents,
        contacts=_calls(state, scope),
    )
    policy = state.policies.policies[scope.channel, check_request.purpose]
    return decide(
        check_request, policy, subject_state, now=state.at, ttl=ttl, database_now=state.latest
    )


def _calls(state: HistoricalState, scope: Scope) -> ContactHistory:
    contact_history = state.calls.get(scope.channel) if scope.channel else None
    return contact_history or ContactHistory()


def _entries(
    transaction: Transaction, records: Sequence[RecordId], known_by: datetime | None
) -> list[LedgerEntry]:
    entries = entries_about_records(transaction, records)
    return [entry for entry in entries if known_by is None or entry.context.recorded_at <= known_by]


def _policies(
    controller: Controller, versions: Sequence[PolicyVersion], known_by: datetime | None
) -> PolicySet:
    """Return the policies in force at `known_by`, now if it is None.

    Before the first version return the first; if no version is stored, the preset's policies.
    """
    counted = [
        policy_version.policy_set
        for policy_version in versions
        if known_by is None or policy_version.recorded_at <= known_by
    ]
    if counted:
        return counted[-1]
    first = versions[0].policy_set if versions else None
    return first or preset_policies(controller.preset, Sector.HOME_ENERGY)
