"""The lawful basis of a contact; see orders 4 and 7 in docs/architecture.md#the-decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.consents.model import covers, end_of, is_valid_at
from suppression.domain.policies.model import Policy
from suppression.domain.suppressions.active import ActiveConsent, SubjectState
from suppression.domain.vocabulary import Basis, Channel, Reason, Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class LawfulBasis:
    """A lawful basis; `end` is None for no end. `attested`: whether only the caller states it."""

    basis: Basis
    attested: bool = False
    end: datetime | None = None


def lawful_basis_at(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> LawfulBasis | None:
    """Return the lawful basis that an allow at `instant` has; None if there is none.

    The first of these counts: a consent on record, an agreed time, the basis that the caller
    attests, and (opt-out, or to a professional) the absence of an objection. In a closed sector a
    consumer may be contacted only under a contract that the caller attests (docs/rules.md#t4). An
    agreed time, and what the caller attests, counts only if `policy.attestable` has that basis.
    """
    attested = check.attested if check.attested in policy.attestable else None
    if policy.closed and not check.professional:
        contract = attested is Basis.CONTRACT
        return LawfulBasis(basis=Basis.CONTRACT, attested=True) if contract else None
    if state.consents and (consent := _consent(check, policy, state, instant)):
        return consent
    if callback := agreed_callback(check, policy, state, instant):
        start, end = callback
        on_record = start in state.contacts.callbacks
        return LawfulBasis(basis=Basis.APPOINTMENT, attested=not on_record, end=end)
    if attested and attested is not Basis.APPOINTMENT:
        return LawfulBasis(basis=attested, attested=True)
    opt_out = policy.rule is Rule.OPT_OUT or check.professional
    return LawfulBasis(basis=Basis.NO_OBJECTION) if opt_out else None


def next_lawful_basis_at(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> datetime | None:
    """Return when a lawful basis next begins after `instant`: the start of the next agreed time.

    Return None if there is none, and for a consumer in a closed sector, where an agreed time is no
    lawful basis.
    """
    if policy.closed and not check.professional:
        return None
    return next_agreed_callback(check, policy, state, instant)


def agreed_callback(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> tuple[datetime, datetime] | None:
    """Return start and end of the agreed time that contains `instant`; of several, the latest.

    Return None if `instant` is within no agreed time. See docs/rules.md#t6.
    """
    if check.appointment_at is None and not state.contacts.callbacks:
        return None
    agreed = _agreed(check, policy, state)
    return max(((start, end) for start, end in agreed if start <= instant < end), default=None)


def next_agreed_callback(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> datetime | None:
    """Return the start of the next agreed time after `instant`; None if there is none."""
    starts = [start for start, _ in _agreed(check, policy, state) if start > instant]
    return min(starts, default=None)


def _agreed(
    check: CheckRequest, policy: Policy, state: SubjectState
) -> Iterator[tuple[datetime, datetime]]:
    """Yield start and end of every agreed time, on record or stated, if the policy accepts any."""
    if Basis.APPOINTMENT not in policy.attestable:
        return
    duration = timedelta(minutes=policy.appointment_minutes)
    for start in state.contacts.callbacks:
        yield start, start + duration
    if check.attested is Basis.APPOINTMENT and check.appointment_at is not None:
        yield check.appointment_at, check.appointment_at + duration


def _consent(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> LawfulBasis | None:
    """Return the valid consents for a check as one basis, until the last one ends; None if none."""
    months = policy.consent_months
    # On a channel, the stop itself denies: see docs/decisions/0067-what-a-lifted-stop-leaves.md.
    consents = state.consents if check.scope.channel else _after_wrong_persons(state, instant)
    consent_ends = [
        end_of(consent, months)
        for consent in consents
        if covers(consent, check.scope) and is_valid_at(consent, instant, months)
    ]
    if not consent_ends:
        return None
    ends = [end for end in consent_ends if end is not None]
    return LawfulBasis(
        basis=Basis.CONSENT, end=max(ends) if len(ends) == len(consent_ends) else None
    )


def _after_wrong_persons(state: SubjectState, instant: datetime) -> Sequence[ActiveConsent]:
    """Return the consents newer than every undeliverable stop on calls that is in force.

    Such a stop may tell that a call reached a wrong person: the number is somebody else's since.
    Consents found under the number were ended then, but none is found by a partner's hash.
    """
    reached_at = [
        stop.last_occurred_at
        for stop in state.suppressions
        if stop.reason is Reason.UNDELIVERABLE
        and stop.scope.channel is Channel.TELEPHONE
        and stop.in_force(instant)
    ]
    return [
        consent for consent in state.consents if all(consent.given_at > at for at in reached_at)
    ]
