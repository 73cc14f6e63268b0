"""Record consents for every entry point, with ledger entries, in the caller's transaction."""

from __future__ import annotations

import dataclasses
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.calendar.months import months_after
from suppression.domain.calendar.timestamps import TICK
from suppression.domain.consents.model import (
    Consent,
    Proof,
    as_of_wrong_person,
    as_voided,
    check_consent_dates,
    ends_later,
    without_withdrawn,
)
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Fingerprint, Subject
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry, consent_entry
from suppression.domain.policies.model import Policies
from suppression.domain.suppressions.active import ActiveSuppression
from suppression.domain.suppressions.model import Outcome, RecordId, Scope, Suppression
from suppression.domain.suppressions.releases import (
    as_active,
    as_voiding,
    may_tell_wrong_person,
)
from suppression.domain.vocabulary import EntryType, Evidence, Purpose
from suppression.storage.consents.rows import add_consents, find_consents, shorten_consent
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import append_entries
from suppression.storage.suppressions.rows import find_suppressions
from suppression.usecases.ledger.append import after_last_entry, new_id

_SALT_BYTES = 32
_Key = tuple[Fingerprint, Scope, datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentRequest:
    """A consent of one identifier for one or more scopes, as an entry point parsed it.

    `until` is its end, None for the end that the policy sets; `source` names the import that
    brought it, or is ''.
    """

    subject: Subject
    scopes: tuple[Scope, ...]
    given_at: datetime | None
    """The time that the caller states; None means now, by the database's clock."""
    until: datetime | None
    proof: Proof
    source: str = ""
    evidence: Evidence = Evidence.API


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedConsent:
    """The result for one scope: the consent on record, and the stops that still deny the scope.

    `months`: how long the policy lets a consent last, 0 for no limit; `sandbox`: whether the
    identifier belongs to the sandbox, which stores nothing.
    """

    consent: Consent
    outcome: Outcome
    still_denied_by: tuple[ActiveSuppression, ...]
    months: int
    sandbox: bool


def check_dates_under(policies: Policies, request: ConsentRequest, *, now: datetime) -> None:
    """Raise InvalidValueError if the dates of the request are impossible for one of its scopes.

    The policy of a scope limits how long a consent may last.
    """
    for scope in request.scopes:
        months = _months(policies, scope)
        check_consent_dates(request.given_at or now, request.until, months=months, now=now)


def record_consents(
    transaction: Transaction,
    controller: Controller,
    requests: Sequence[ConsentRequest],
    context: AuditContext,
    *,
    policies: Policies,
) -> list[tuple[RecordedConsent, ...]]:
    """Store the new consents with their ledger entries; return each request's results, in order.

    A request has one result per scope; consents of the sandbox are not stored. The caller must have
    checked the dates and dated the context by the database's clock; all requests must have the same
    `evidence`. The people's stops stay locked until the transaction ends, so that none is released
    meanwhile. Raises ValueError for a subject that has no `consent_key`.
    """
    fingerprints = {
        fingerprint for request in requests for fingerprint in request.subject.lookup_fingerprints
    }
    rows = find_suppressions(transaction, fingerprints, for_update=True)
    recording = _Recording(transaction, controller, context, policies, rows)
    recording.load_existing(requests)
    return recording.record(requests)


class _Recording:
    """The consents of one transaction: those on record, those to add, and the people's stops."""

    def __init__(
        self,
        transaction: Transaction,
        controller: Controller,
        context: AuditContext,
        policies: Policies,
        rows: Sequence[Suppression],
    ) -> None:
        self.transaction, self.controller, self.context = transaction, controller, context
        self.policies, self.now = policies, context.recorded_at
        self.stops: dict[Fingerprint, list[Suppression]] = defaultdict(list)
        for row in rows:
            for form in row.forms:
                self.stops[form].append(row)
        self.known: dict[_Key, Consent] = {}
        self.fresh: dict[RecordId, Consent] = {}

    def load_existing(self, requests: Sequence[ConsentRequest]) -> None:
        """Load the consents on record for all the people in these requests."""
        fingerprints = {
            fingerprint
            for request in requests
            for fingerprint in request.subject.consent_fingerprints
        }
        for consent in find_consents(self.transaction, fingerprints):
            self.known[consent.fingerprint, consent.scope, consent.given_at] = consent

    def record(self, requests: Sequence[ConsentRequest]) -> list[tuple[RecordedConsent, ...]]:
        """Store the new consents; return the results of each request, one per scope, in order."""
        consents = [
            [self._consent(request, scope) for scope in request.scopes] for request in requests
        ]
        fresh = list(self.fresh.values())
        added = add_consents(self.transaction, fresh, controller=self.controller.number)
        if len(added) < len(fresh):  # another transaction added one meanwhile
            self.load_existing(requests)
        pairs = [
            (request, consent)
            for request, some in zip(requests, consents, strict=True)
            for consent in some
        ]
        earlier = [pair for pair in pairs if self._shortens(*pair, added)]
        # Locked in one order everywhere: two transactions with the same rows never deadlock.
        find_consents(self.transaction, {pair[1].fingerprint for pair in earlier}, for_update=True)
        for request, consent in earlier:
            self._shorten(request, consent)
        evidence = requests[0].evidence if requests else Evidence.API
        entries = [
            entry
            for consent in fresh
            if consent.record_id in added
            for entry in _entries(consent, self.context, evidence)
        ]
        append_entries(self.transaction, entries, controller=self.controller.number)
        return [
            tuple(self._recorded(request, consent, added) for consent in some)
            for request, some in zip(requests, consents, strict=True)
        ]

    def _consent(self, request: ConsentRequest, scope: Scope) -> Consent:
        """Return the consent on record or earlier in this batch, else a new one to be stored.

        A consent earlier in this batch takes this request's `until` if that is earlier. A consent
        of the sandbox is not stored. A date ahead of now counts as now. Raises ValueError if a new
        consent's subject has no `consent_key`.
        """
        given_at = min(request.given_at or self.now, self.now)
        for fingerprint in request.subject.consent_fingerprints:
            if known := self.known.get((fingerprint, scope, given_at)):
                if known.record_id not in self.fresh or not ends_later(known, request.until):
                    return known
                shorter = dataclasses.replace(known, until=request.until)
                self.known[fingerprint, scope, given_at] = shorter
                self.fresh[known.record_id] = shorter
                return shorter
        consent = self._new(request, scope, given_at)
        self.known[consent.fingerprint, scope, given_at] = consent
        if not request.subject.sandbox:
            self.fresh[consent.record_id] = consent
        return consent

    def _shortens(self, request: ConsentRequest, consent: Consent, added: set[RecordId]) -> bool:
        """Return whether a request states an earlier end for a consent on record."""
        known = self.known[consent.fingerprint, consent.scope, consent.given_at]
        on_record = known.record_id not in added and not request.subject.sandbox
        return on_record and ends_later(known, request.until)

    def _shorten(self, request: ConsentRequest, consent: Consent) -> None:
        """Store a request's `until` for a consent on record, with an entry, if it is earlier."""
        key = consent.fingerprint, consent.scope, consent.given_at
        shorter = dataclasses.replace(self.known[key], until=request.until)
        if not shorten_consent(self.transaction, shorter):
            return  # another transaction has ended it, or stored an earlier end
        context = after_last_entry(self.transaction, shorter, self.context)
        entries = _entries(shorter, context, request.evidence)
        append_entries(self.transaction, entries, controller=self.controller.number)
        self.known[key] = shorter

    def _new(self, request: ConsentRequest, scope: Scope, given_at: datetime) -> Consent:
        if request.subject.consent_key is None:
            raise ValueError("a consent needs a form that consents are kept under")
        months = _months(self.policies, scope)
        longest = months_after(given_at, months) if months else None
        consent = Consent(
            record_id=RecordId(new_id()),
            salt=secrets.token_bytes(_SALT_BYTES),
            fingerprint=request.subject.consent_key,
            scope=scope,
            given_at=given_at,
            until=request.until or longest,
            proof=request.proof,
            source=request.source,
            recorded_at=self.now,
        )
        return self._withdrawn_since(request.subject, consent)

    def _withdrawn_since(self, subject: Subject, consent: Consent) -> Consent:
        """Return the consent, as ended already if a released stop or a wrong person ended it.

        A stop withdraws older consents, and its release revives none, unless the stop was a
        mistake. One released as reassigned voids all that were given before its release. A call
        that reached a wrong person ends older consents without a channel; the call's stops deny the
        others.
        """
        rows = self._rows(subject)
        in_force = [row for row in rows if row.in_force(self.now) and may_tell_wrong_person(row)]
        voided = as_voided(consent, [stop for stop in map(as_voiding, rows) if stop])
        voided = as_of_wrong_person(voided, map(as_active, in_force))
        if voided.ended_at is None:
            return consent
        return dataclasses.replace(voided, ended_at=min(voided.ended_at, self.now))

    def _rows(self, subject: Subject) -> list[Suppression]:
        rows_by_id = {
            row.record_id: row
            for fingerprint in subject.lookup_fingerprints
            for row in self.stops.get(fingerprint, ())
        }
        return list(rows_by_id.values())

    def _recorded(
        self, request: ConsentRequest, consent: Consent, added: set[RecordId]
    ) -> RecordedConsent:
        is_new = consent.record_id in added or request.subject.sandbox is not None
        consent = self.known[consent.fingerprint, consent.scope, consent.given_at]
        months = _months(self.policies, consent.scope)
        in_force = [
            as_active(row) for row in self._rows(request.subject) if row.released_at is None
        ]
        # If a batch holds the same consent twice, only the first is new.
        added.discard(consent.record_id)
        return RecordedConsent(
            consent=consent,
            outcome=Outcome.CREATED if is_new else Outcome.ALREADY,
            still_denied_by=tuple(
                without_withdrawn(consent, in_force, months=months, now=self.now)
            ),
            months=months,
            sandbox=request.subject.sandbox is not None,
        )


def _entries(consent: Consent, context: AuditContext, evidence: Evidence) -> list[LedgerEntry]:
    entry = consent_entry(
        consent,
        EntryType.CONSENT,
        context,
        entry_id=EntryId(new_id()),
        occurred_at=consent.given_at,
        evidence=evidence,
    )
    if consent.ended_at is None:
        return [entry]
    over = dataclasses.replace(
        entry,
        entry_id=EntryId(new_id()),
        type=EntryType.CONSENT_ENDED,
        occurred_at=consent.ended_at,
        context=dataclasses.replace(context, recorded_at=context.recorded_at + TICK),
    )
    return [entry, over]


def _months(policies: Policies, scope: Scope) -> int:
    return policies[scope.channel, scope.purpose or Purpose.MARKETING].consent_months
