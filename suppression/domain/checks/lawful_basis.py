"""On what a contact can rest at a moment: docs/architecture.md#the-decision, orders 4 and 7."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.consents.model import covers, end_of, is_valid_at
from suppression.domain.policies.model import Policy
from suppression.domain.suppressions.active import SubjectState
from suppression.domain.vocabulary import Basis, Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class LawfulBasis:
    """A basis at a moment, and when it ends if it does. `attested`: the caller alone says so."""

    basis: Basis
    attested: bool = False
    end: datetime | None = None


def lawful_basis_at(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> LawfulBasis | None:
    """What an allow would rest on at a moment: consent on record first, then what is attested.

    None if there is nothing. In a closed sector a consumer's contract alone counts
    (docs/rules.md#t4).
    """
    attested = question.attested if question.attested in policy.attestable else None
    if policy.closed and not question.professional:
        contract = attested is Basis.CONTRACT
        return LawfulBasis(basis=Basis.CONTRACT, attested=True) if contract else None
    if standing.consents and (consent := _consent(question, policy, standing, moment)):
        return consent
    if agreed := agreed_callback(question, policy, standing, moment):
        start, end = agreed
        on_record = start in standing.contacts.callbacks
        return LawfulBasis(basis=Basis.APPOINTMENT, attested=not on_record, end=end)
    if attested and attested is not Basis.APPOINTMENT:
        return LawfulBasis(basis=attested, attested=True)
    opt_out = policy.rule is Rule.OPT_OUT or question.professional
    return LawfulBasis(basis=Basis.NO_OBJECTION) if opt_out else None


def next_lawful_basis_at(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> datetime | None:
    """When there will be a basis that there is not yet: at an agreed time; None if never."""
    if policy.closed and not question.professional:
        return None
    return next_agreed_callback(question, policy, standing, moment)


def agreed_callback(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> tuple[datetime, datetime] | None:
    """The agreed time that a moment falls on, and its end; of several the latest.

    See docs/rules.md#t6.
    """
    if question.appointment_at is None and not standing.contacts.callbacks:
        return None
    agreed = _agreed(question, policy, standing)
    return max(((start, end) for start, end in agreed if start <= moment < end), default=None)


def next_agreed_callback(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> datetime | None:
    """The next agreed time that is still to come."""
    starts = [start for start, _ in _agreed(question, policy, standing) if start > moment]
    return min(starts, default=None)


def _agreed(
    question: CheckRequest, policy: Policy, standing: SubjectState
) -> Iterator[tuple[datetime, datetime]]:
    """Every time the person agreed to: on record, and as the caller states it."""
    if Basis.APPOINTMENT not in policy.attestable:
        return
    length = timedelta(minutes=policy.appointment_minutes)
    for start in standing.contacts.callbacks:
        yield start, start + length
    if question.attested is Basis.APPOINTMENT and question.appointment_at is not None:
        yield question.appointment_at, question.appointment_at + length


def _consent(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> LawfulBasis | None:
    months = policy.consent_months
    instants = [
        end_of(consent, months)
        for consent in standing.consents
        if covers(consent, question.scope) and is_valid_at(consent, moment, months)
    ]
    if not instants:
        return None
    ends = [end for end in instants if end is not None]
    return LawfulBasis(basis=Basis.CONSENT, end=max(ends) if len(ends) == len(instants) else None)
