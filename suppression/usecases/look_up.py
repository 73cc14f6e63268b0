"""Look a person up: what stands or stood, and what a check says. Each time in the ledger."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.case_words import LookUpPurpose
from suppression.domain.cases import Case
from suppression.domain.consents import Consent
from suppression.domain.controllers import Controller
from suppression.domain.decisions import Answer, decide
from suppression.domain.fingerprints import Subject
from suppression.domain.ledger import EntryId, LedgerEntry
from suppression.domain.past import stood_at
from suppression.domain.policies import PolicySet
from suppression.domain.presets import preset_policies
from suppression.domain.questions import Question
from suppression.domain.standing import Standing, StandingConsent
from suppression.domain.suppressions import Extent, Suppression
from suppression.domain.users import User
from suppression.domain.vocabulary import Channel, EntryType, Purpose, Sector, channels_of
from suppression.storage.case_rows import cases_with_stops
from suppression.storage.consent_rows import consents_under
from suppression.storage.database import Transaction, writing
from suppression.storage.ledger_rows import append_entries, entries_of
from suppression.storage.policy_rows import PolicyVersion, policy_versions_of
from suppression.storage.suppression_rows import suppressions_under
from suppression.storage.user_rows import logins_of
from suppression.usecases.record_stops import new_deed
from suppression.usecases.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a marketing check on a channel says, or would have said."""

    channel: Channel
    answer: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class LookedUp:
    """All that stands under one identifier at a moment. `history` is the ledger's, up to it.

    `logins`: whose names stand in it as `user:3`.
    """

    subject: Subject
    at: datetime
    in_force: tuple[Suppression, ...]
    history: tuple[LedgerEntry, ...]
    consents: tuple[Consent, ...]
    cases: tuple[Case, ...]
    policy_version: int
    checked: tuple[Checked, ...]
    logins: dict[str, str]


def look_up(  # noqa: PLR0913 - who asks what for which reason, and of when
    services: Services,
    controller: Controller,
    subjects: Sequence[Subject],
    purpose: LookUpPurpose,
    *,
    by: User,
    now: datetime,
    at: datetime | None = None,
) -> list[LookedUp]:
    """What stands under each identifier, now or at a moment that has passed.

    The ledger gets an entry that names user and purpose, and no value, before anything is shown.
    """
    with writing() as transaction:
        append_entries(transaction, [_entry(by, purpose, now)], controller=controller.number)
        return [
            _found(services, transaction, controller, subject, min(at or now, now))
            for subject in subjects
        ]


def _entry(by: User, purpose: LookUpPurpose, now: datetime) -> LedgerEntry:
    return LedgerEntry(
        entry_id=EntryId(secrets.token_bytes(16)),
        type=EntryType.LOOKED_UP,
        record_id=None,
        commitment=b"",
        extent=Extent(channel=None, purpose=None),
        reason=None,
        source="",
        evidence=None,
        occurred_at=now,
        expires_at=None,
        deed=new_deed(by.actor, now=now, ref=purpose.value),
    )


def _found(
    services: Services,
    transaction: Transaction,
    controller: Controller,
    subject: Subject,
    at: datetime,
) -> LookedUp:
    rows = suppressions_under(transaction, subject.asked, for_update=False)
    records = [row.record_id for row in rows]
    history = [one for one in entries_of(transaction, records) if one.deed.recorded_at <= at]
    standing = stood_at(rows, history, at)
    consents = [
        one
        for one in consents_under(transaction, subject.consent)
        if one.recorded_at <= at and one.given_at <= at
    ]
    policies = _policies(controller, policy_versions_of(transaction, controller), at)
    held = Standing(
        stops=tuple(standing.values()),
        consents=tuple(_standing(one) for one in consents if _held(one, at)),
    )
    return LookedUp(
        subject=subject,
        at=at,
        in_force=tuple(row for row in rows if row.record_id in standing),
        history=tuple(history),
        consents=tuple(consents),
        cases=tuple(cases_with_stops(transaction, controller, records)) if records else (),
        policy_version=policies.version,
        checked=tuple(
            _checked(services, subject, channel, policies, held, at)
            for channel in channels_of(subject.kind)
        ),
        logins=logins_of(transaction, {one.deed.actor for one in history}),
    )


def _policies(controller: Controller, versions: Sequence[PolicyVersion], at: datetime) -> PolicySet:
    """The policies that counted at a moment."""
    counted = [one.policy_set for one in versions if one.recorded_at <= at]
    if counted:
        return counted[-1]
    first = versions[0].policy_set if versions else None
    return first or preset_policies(controller.preset, Sector.HOME_ENERGY)


def _held(consent: Consent, at: datetime) -> bool:
    """Whether a consent was in force at a moment, whatever ended it since."""
    ends = [end for end in (consent.until, consent.ended_at) if end is not None]
    return all(at < end for end in ends)


def _standing(consent: Consent) -> StandingConsent:
    return StandingConsent(
        extent=consent.extent,
        given_at=consent.given_at,
        until=consent.until,
        lifts=not consent.source,
    )


def _checked(
    services: Services,
    subject: Subject,
    channel: Channel,
    policies: PolicySet,
    held: Standing,
    at: datetime,
) -> Checked:
    extent = Extent(channel=channel, purpose=Purpose.MARKETING)
    policy = policies.policies[channel, Purpose.MARKETING]
    question = Question(subject=subject, extent=extent)
    ttl = services.settings.check_ttl
    return Checked(channel=channel, answer=decide(question, policy, held, now=at, ttl=ttl))
