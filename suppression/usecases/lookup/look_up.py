"""Look up a person: what is or was on record, and how a check is or was decided.

The ledger records each look-up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.cases.model import Case
from suppression.domain.cases.vocabulary import LookUpPurpose
from suppression.domain.consents.model import Consent
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.suppressions.model import Suppression
from suppression.domain.suppressions.releases import describe_suppression, is_released
from suppression.domain.users.model import User
from suppression.domain.vocabulary import EntryType
from suppression.storage.cases.rows import cases_with_suppressions
from suppression.storage.engine.clocks import database_now
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.users.rows import logins_of
from suppression.usecases.ledger.append import new_audit_context, record_audit_event
from suppression.usecases.lookup.point_in_time import (
    CheckedScope,
    HistoricalState,
    PastCheck,
    decisions_at,
    state_at,
)
from suppression.usecases.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class LookupResult:
    """What was on record under one identifier at the time `at`, and its checks at that time.

    `in_force` and `consents` have the dates and ends that they have now. `history` holds the ledger
    entries of the identifier's stops, consents and calls up to `at`, oldest first. `cases` are all
    cases of its stops, in their present state. `logins` maps the actors in `history` that are users
    (`user:3`) to their logins.
    """

    subject: Subject
    at: datetime
    in_force: tuple[Suppression, ...]
    history: tuple[LedgerEntry, ...]
    consents: tuple[Consent, ...]
    cases: tuple[Case, ...]
    policy_version: int
    checked: tuple[CheckedScope, ...]
    logins: Mapping[str, str]

    def rows_digest(self, row: Suppression) -> str:
        """Return a digest of all stops, whatever their source, that releasing `row` would lift."""
        return describe_suppression(
            suppression
            for suppression in self.in_force
            if is_released(
                suppression,
                self.subject,
                [row.scope],
                [row.reason],
                together=[self.subject],
                now=self.at,
            )
        )


def look_up_person(  # noqa: PLR0913 - subjects, purpose, user and time of a look-up
    services: Services,
    controller: Controller,
    subjects: Sequence[Subject],
    purpose: LookUpPurpose,
    *,
    by: User,
    now: datetime,
    at: datetime | None = None,
    past_check: PastCheck | None = None,
) -> list[LookupResult]:
    """Return what was on record under each identifier at the past time `at`, or is on record now.

    None or a future time as `at` means now, which is the earlier of `now` and the database's time.
    `past_check` is the check to decide, None for one of
    marketing on every channel. A ledger entry that names user and purpose, but no identifier, is
    committed before the return.
    """
    with writing() as transaction:
        context = new_audit_context(by.actor, now=now, ref=purpose.value)
        record_audit_event(
            transaction, EntryType.LOOKED_UP, context, controllers=[controller.number]
        )
        clocks = (now, database_now(transaction))
        return [
            _subjects_named(
                services,
                transaction,
                controller,
                subject,
                state_at(transaction, controller, subject, clocks=clocks, at=at),
                past_check or PastCheck(),
            )
            for subject in subjects
        ]


def _subjects_named(
    services: Services,
    transaction: Transaction,
    controller: Controller,
    subject: Subject,
    state: HistoricalState,
    past_check: PastCheck,
) -> LookupResult:
    records = [row.record_id for row in state.rows]
    cases = cases_with_suppressions(transaction, controller, records) if records else []
    return LookupResult(
        subject=subject,
        at=state.at,
        in_force=state.in_force,
        history=state.history,
        consents=state.consents,
        cases=tuple(cases),
        policy_version=state.policies.version,
        checked=tuple(decisions_at(services, subject, state, past_check)),
        logins=logins_of(transaction, {entry.context.actor for entry in state.history}),
    )
