"""Blockers: the reasons against a contact at an instant, and when each of them ends."""

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
from suppression.domain.calendar.locations import ALL_ZONES
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
from suppression.domain.vocabulary import Channel, Kind, Purpose

_UNDECIDED = frozenset(
    {
        "domain_not_asked",
        "name_missing",
        "partner_lists_not_asked",
        "time_zone_unknown",
        "whole_address_not_asked",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocker:
    """A reason against a contact. `clears_at`: the first instant without it; None if none is known.

    `since`: when its cause began, None if that is unknown; `topic`: a stop's topic, else ''.
    """

    code: str
    clears_at: datetime | None = None
    since: datetime | None = None
    topic: str = ""

    @property
    def denies(self) -> bool:
        """Whether the result is `deny` if this blocker is the first.

        If the blocker only means a lack of information, the result is `unknown`.
        """
        return self.code not in _UNDECIDED


def blockers_at(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> list[Blocker]:
    """Return every blocker at an instant, in the order of docs/architecture.md#the-decision."""
    blockers = [*_suppression_blockers(check, policy, state, instant)]
    if code := _not_asked(check):
        blockers.append(Blocker(code=code))
    blockers += _no_lawful_basis(check, policy, state, instant)
    if not _exempt_from_call_rules(check):
        blockers += _contact_hours(check, policy, state, instant)
        blockers += _call_limits(check, policy, state, instant)
    return blockers


def allow_ends_at(
    check: CheckRequest,
    policy: Policy,
    state: SubjectState,
    instant: datetime,
    ground: LawfulBasis | None,
) -> datetime | None:
    """Return when an allow at `instant` on the lawful basis `ground` ends; None for never.

    The caller makes sure that the contact is allowed at `instant` (`blockers_at` returns none).
    """
    ends = [ground.end if ground else None]
    months = policy.consent_months
    ends += [
        end_of(consent, months)
        for consent in _overriding_consents(policy, state, instant)
        if any(
            lifted_by(consent, stop, check.scope)
            for stop in state.suppressions
            if stop.in_force(instant) and applies(stop, check.scope)
        )
    ]
    if policy.hours and not _exempt_from_call_rules(check):
        callback = agreed_callback(check, policy, state, instant)
        location = check.subject.place
        for zone in _time_zones(check, policy):
            window = window_at(policy.hours, instant, zone, location.territories)
            ends.append(window.end if window else callback[1] if callback else None)
    return min((end for end in ends if end is not None), default=None)


def count_attempts(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> int:
    """Return how many call attempts count at `instant`; of several time zones, the most in one."""
    zones = _time_zones(check, policy) or ALL_ZONES
    return max(len(_call_history(policy, state, zone, instant)) for zone in zones)


def _call_history(
    policy: Policy, state: SubjectState, zone: str, instant: datetime
) -> list[tuple[date, datetime]]:
    """Return the attempts that still count, oldest first.

    Each is a pair: the last day, in `zone`, on which the attempt counts, and its time.
    """
    today, days = day_in(zone, instant), timedelta(days=policy.limits.attempts_days)
    counting = [
        (day_in(zone, attempt) + days, attempt) for attempt in sorted(state.contacts.attempts)
    ]
    return [(last_day, attempt) for last_day, attempt in counting if last_day >= today]


def _suppression_blockers(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> Iterator[Blocker]:
    """Yield a blocker for each stop that denies: those on everything first, then by date.

    A stop that a consent overrides does not deny.
    """
    if not state.suppressions:
        return
    overriding = _overriding_consents(policy, state, instant)
    denying = [
        stop
        for stop in state.suppressions
        if stop.in_force(instant)
        and applies(stop, check.scope)
        and not any(lifted_by(consent, stop, check.scope) for consent in overriding)
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
    """Return the first instant after an end; None if there is no end or it never comes."""
    return None if end is None or is_never(end) else end + TICK


def _overriding_consents(
    policy: Policy, state: SubjectState, instant: datetime
) -> list[ActiveConsent]:
    """Return the valid consents that may override an older suppression."""
    months = policy.consent_months
    return [
        consent
        for consent in state.consents
        if consent.lifts and is_valid_at(consent, instant, months)
    ]


def _not_asked(check: CheckRequest) -> str:
    """Return the code of what could not be looked up, though an allow needs it; '' if nothing."""
    subject = check.subject
    if subject.partners_unasked:
        return "partner_lists_not_asked"
    if subject.domains_unasked and check.scope.channel and check.purpose is Purpose.MARKETING:
        return "domain_not_asked"
    if subject.kind is not Kind.POSTAL:
        return ""
    if subject.hashed:
        return "whole_address_not_asked"
    return "" if subject.named else "name_missing"


def _no_lawful_basis(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> Iterator[Blocker]:
    """Yield the blockers of a contact without a lawful basis at an instant; none if it has one."""
    if lawful_basis_at(check, policy, state, instant):
        return
    clears = next_lawful_basis_at(check, policy, state, instant)
    if policy.closed and not check.professional:
        yield Blocker(code="sector_closed", clears_at=clears)
        return
    yield Blocker(code="no_consent", clears_at=clears)
    months = policy.consent_months
    ends = [
        end
        for consent in state.consents
        if covers(consent, check.scope) and (end := end_of(consent, months)) and end <= instant
    ]
    if ends:
        yield Blocker(code="consent_ended", clears_at=clears, since=max(ends))


def _exempt_from_call_rules(check: CheckRequest) -> bool:
    """Return whether contact hours and call limits do not apply to the check.

    They do not apply to calls to professionals: the law's rules on calls protect consumers. See
    docs/rules.md#t7. The rules of other channels protect everybody: the operators' charter on SMS
    names no audience.
    """
    return check.professional and check.scope.channel is Channel.TELEPHONE


def _time_zones(check: CheckRequest, policy: Policy) -> Sequence[str]:
    """Return the time zone that the policy fixes, else those where the person may be, or ()."""
    if policy.hours and policy.hours.time_zone:
        return (policy.hours.time_zone,)
    return check.subject.place.zones


def _contact_hours(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> Iterator[Blocker]:
    """Yield a blocker for each time zone of `_time_zones` where `instant` is outside contact hours.

    If there is no such zone, yield `time_zone_unknown`, even at an agreed time. Otherwise yield
    none at an agreed time (docs/rules.md#t6). Yield none for a policy without hours.
    """
    hours = policy.hours
    if hours is None:
        return
    zones = _time_zones(check, policy)
    if not zones:
        yield Blocker(code="time_zone_unknown")
        return
    if agreed_callback(check, policy, state, instant):
        return
    territories = check.subject.place.territories
    callback = next_agreed_callback(check, policy, state, instant)
    for zone in zones:
        if window_at(hours, instant, zone, territories):
            continue
        holiday = on_public_holiday(hours, instant, zone, territories)
        starts = [next_window(hours, instant, zone, territories), callback]
        yield Blocker(
            code="public_holiday" if holiday else "outside_hours",
            clears_at=min((start for start in starts if start is not None), default=None),
        )


def _call_limits(
    check: CheckRequest, policy: Policy, state: SubjectState, instant: datetime
) -> Iterator[Blocker]:
    """Yield the blockers for too many attempts and for refusals.

    Both count by whole days in each zone of `_time_zones`; the last day still counts. Without such
    a zone, as for a hash, the world's first and last zones count.
    """
    limits, contacts = policy.limits, state.contacts
    if not limits.attempts and not limits.silence_days:
        return
    for zone in _time_zones(check, policy) or ALL_ZONES:
        today = day_in(zone, instant)
        if limits.attempts:
            counted = _call_history(policy, state, zone, instant)
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
