"""What forbids a contact at a moment, and when each obstacle clears by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from suppression.domain.calendar.contact_hours import (
    day_in,
    midnight,
    next_window,
    on_public_holiday,
    window_at,
)
from suppression.domain.calendar.timestamps import TICK, is_never
from suppression.domain.checks.lawful_basis import (
    LawfulBasis,
    agreed_callback,
    lawful_basis_at,
    next_agreed_callback,
    next_lawful_basis_at,
)
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.consents.model import covers, end_of, is_valid_at, lifted_by
from suppression.domain.policies.model import Policy
from suppression.domain.suppressions.active import ActiveConsent, SubjectState, applies
from suppression.domain.vocabulary import Channel, Kind

_UNDECIDED = frozenset(
    {
        "name_missing",
        "partner_lists_not_asked",
        "time_zone_unknown",
        "whole_address_not_asked",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocker:
    """One thing in the way. `clears`: the first moment at which it is not; None for never."""

    code: str
    clears_at: datetime | None = None
    since: datetime | None = None
    topic: str = ""

    @property
    def denies(self) -> bool:
        """Whether it denies; what only hides something from us leaves the answer unknown."""
        return self.code not in _UNDECIDED


def blockers_at(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> list[Blocker]:
    """Everything in the way at a moment, in the order of docs/architecture.md#the-decision."""
    blockers = [*_suppression_blockers(question, policy, standing, moment)]
    if code := _not_asked(question):
        blockers.append(Blocker(code=code))
    blockers += _no_lawful_basis(question, policy, standing, moment)
    if not _exempt_from_call_rules(question):
        blockers += _contact_hours(question, policy, standing, moment)
        blockers += _call_limits(question, policy, standing, moment)
    return blockers


def allow_ends_at(
    question: CheckRequest,
    policy: Policy,
    standing: SubjectState,
    moment: datetime,
    ground: LawfulBasis | None,
) -> datetime | None:
    """When what is allowed at a moment, on this ground, ends, as far as it does by itself."""
    ends = [ground.end if ground else None]
    months = policy.consent_months
    ends += [
        end_of(consent, months)
        for consent in _overriding_consents(policy, standing, moment)
        if any(
            lifted_by(consent, stop, question.scope)
            for stop in standing.suppressions
            if stop.in_force(moment) and applies(stop, question.scope)
        )
    ]
    if policy.hours and not _exempt_from_call_rules(question):
        agreed = agreed_callback(question, policy, standing, moment)
        place = question.subject.place
        for zone in _time_zones(question, policy):
            opening = window_at(policy.hours, moment, zone, place.territories)
            ends.append(opening.end if opening else agreed[1] if agreed else None)
    return min((end for end in ends if end is not None), default=None)


def count_attempts(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> int:
    """How many attempts count at a moment, where the person's day makes them the most."""
    zones = _time_zones(question, policy) or ("UTC",)
    return max(len(_call_history(policy, standing, zone, moment)) for zone in zones)


def _call_history(
    policy: Policy, standing: SubjectState, zone: str, moment: datetime
) -> list[tuple[date, datetime]]:
    """The last day on which each attempt counts, and the attempt, oldest first."""
    today, days = day_in(zone, moment), timedelta(days=policy.limits.attempts_days)
    counting = [
        (day_in(zone, instant) + days, instant) for instant in sorted(standing.contacts.attempts)
    ]
    return [(last_day, attempt) for last_day, attempt in counting if last_day >= today]


def _suppression_blockers(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> Iterator[Blocker]:
    if not standing.suppressions:
        return
    opening = _overriding_consents(policy, standing, moment)
    denying = [
        stop
        for stop in standing.suppressions
        if stop.in_force(moment)
        and applies(stop, question.scope)
        and not any(lifted_by(consent, stop, question.scope) for consent in opening)
    ]
    denying.sort(key=lambda stop: (not stop.reason.covers_everything, stop.since))
    for stop in denying:
        yield Blocker(
            code=stop.reason,
            clears_at=_after(stop.expires_at),
            since=stop.since,
            topic=stop.scope.topic,
        )


def _after(end: datetime | None) -> datetime | None:
    """The first moment after an end; None where it never comes."""
    return None if end is None or is_never(end) else end + TICK


def _overriding_consents(
    policy: Policy, standing: SubjectState, moment: datetime
) -> list[ActiveConsent]:
    """The consents in force that may open what a stop had closed."""
    months = policy.consent_months
    return [
        consent
        for consent in standing.consents
        if consent.lifts and is_valid_at(consent, moment, months)
    ]


def _not_asked(question: CheckRequest) -> str:
    """Why an identifier cannot be allowed although no stop was found; '' if it can."""
    subject = question.subject
    if subject.partners_unasked:
        return "partner_lists_not_asked"
    if subject.kind is not Kind.POSTAL:
        return ""
    if subject.hashed:
        return "whole_address_not_asked"
    return "" if subject.named else "name_missing"


def _no_lawful_basis(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> Iterator[Blocker]:
    if lawful_basis_at(question, policy, standing, moment):
        return
    clears = next_lawful_basis_at(question, policy, standing, moment)
    if policy.closed and not question.professional:
        yield Blocker(code="sector_closed", clears_at=clears)
        return
    yield Blocker(code="no_consent", clears_at=clears)
    months = policy.consent_months
    ends = [
        end
        for consent in standing.consents
        if covers(consent, question.scope) and (end := end_of(consent, months)) and end <= moment
    ]
    if ends:
        yield Blocker(code="consent_ended", clears_at=clears, since=max(ends))


def _exempt_from_call_rules(question: CheckRequest) -> bool:
    """Whether hours and limits do not hold: the law's on calls are for consumers.

    See docs/rules.md#t7.

    Those of other channels are for everybody: the operators' charter on SMS names no audience.
    """
    return question.professional and question.scope.channel is Channel.TELEPHONE


def _time_zones(question: CheckRequest, policy: Policy) -> Sequence[str]:
    if policy.hours and policy.hours.time_zone:
        return (policy.hours.time_zone,)
    return question.subject.place.zones


def _contact_hours(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> Iterator[Blocker]:
    """Calling hours in each zone that the person may be in; an agreed time needs none.

    See docs/rules.md#t6.
    """
    hours = policy.hours
    if hours is None:
        return
    zones = _time_zones(question, policy)
    if not zones:
        yield Blocker(code="time_zone_unknown")
        return
    if agreed_callback(question, policy, standing, moment):
        return
    territories = question.subject.place.territories
    agreed = next_agreed_callback(question, policy, standing, moment)
    for zone in zones:
        if window_at(hours, moment, zone, territories):
            continue
        holiday = on_public_holiday(hours, moment, zone, territories)
        starts = [next_window(hours, moment, zone, territories), agreed]
        yield Blocker(
            code="public_holiday" if holiday else "outside_hours",
            clears_at=min((start for start in starts if start is not None), default=None),
        )


def _call_limits(
    question: CheckRequest, policy: Policy, standing: SubjectState, moment: datetime
) -> Iterator[Blocker]:
    """Attempts and refusals, by whole days where the person is; the last of them still counts."""
    limits, contacts = policy.limits, standing.contacts
    if not limits.attempts and not limits.silence_days:
        return
    for zone in _time_zones(question, policy) or ("UTC",):
        today = day_in(zone, moment)
        if limits.attempts:
            counted = _call_history(policy, standing, zone, moment)
            if len(counted) >= limits.attempts:
                last = counted[len(counted) - limits.attempts][0]
                yield Blocker(
                    code="attempts_exhausted",
                    clears_at=midnight(zone, last + timedelta(days=1)),
                    since=counted[0][1],
                )
        silence = timedelta(days=limits.silence_days)
        for refused in sorted(contacts.refusals) if limits.silence_days else ():
            last_day = day_in(zone, refused) + silence
            if last_day >= today:
                yield Blocker(
                    code="refused",
                    clears_at=midnight(zone, last_day + timedelta(days=1)),
                    since=refused,
                )
