"""Differences between two versions of a controller's policies, and which of them are looser."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from suppression.domain.calendar.contact_hours import ContactHours
from suppression.domain.policies.model import Policy, PolicySet
from suppression.domain.policies.settings import to_settings
from suppression.domain.vocabulary import Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyChange:
    """A difference between two versions: one setting, the preset or the sector.

    `looser`: whether the setting may now allow what it did not allow before.
    """

    name: str
    before: str
    after: str
    looser: bool

    def __str__(self) -> str:
        """Describe the change in one line for people.

        >>> str(PolicyChange(name="sharing.rule", before="opt_in", after="opt_out", looser=True))
        'sharing.rule: was opt_in, is opt_out'
        """
        return f"{self.name}: was {self.before}, is {self.after}"


_DESCRIPTION_LENGTH = 32


def describe_policy(changes: Iterable[PolicyChange]) -> str:
    """Return a digest (32 hexadecimal digits) of the looser changes; '' if no change is looser.

    A page that shows the changes sends the digest back, so that nothing is allowed that the page
    did not show.

    >>> change = PolicyChange(name="sharing.rule", before="x", after="opt_in", looser=False)
    >>> describe_policy([change])
    ''
    """
    descriptions = [str(change) for change in changes if change.looser]
    return (
        hashlib.sha256("\n".join(descriptions).encode()).hexdigest()[:_DESCRIPTION_LENGTH]
        if descriptions
        else ""
    )


def changes_between(before: PolicySet, after: PolicySet) -> list[PolicyChange]:
    """Return every difference between two versions, the preset and the sector first.

    Preset and sector alone allow nothing: their differences are never looser.
    """
    policy_changes = [
        PolicyChange(name=name, before=str(was), after=str(now), looser=False)
        for name, was, now in (
            ("preset", before.preset, after.preset),
            ("sector", before.sector or "none", after.sector or "none"),
        )
        if was != now
    ]
    for scope, policy in after.policies.items():
        policy_changes += _changed_settings(before.policies[scope], policy)
    return policy_changes


def _changed_settings(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    """Yield the settings that differ between two versions of one policy."""
    was, now = to_settings(before), to_settings(after)
    for name in was | now:
        if was.get(name) != now.get(name):
            yield PolicyChange(
                name=f"{after.path}.{name}",
                before=was.get(name, "none"),
                after=now.get(name, "none"),
                looser=_LOOSER[name](before, after),
            )


def _is_raised(before: int, after: int) -> bool:
    """Return whether a limit was raised or removed; 0 means unlimited."""
    return before > 0 and (after == 0 or after > before)


def _are_hours_wider(before: Policy, after: Policy) -> bool:
    """Return whether any minute of the day is open after the change and was closed before it."""
    if before.hours is None:
        return False
    return after.hours is None or not _minutes(after.hours) <= _minutes(before.hours)


def _minutes(hours: ContactHours) -> set[int]:
    """Return the minutes of the day within these hours."""
    return {minute for span in hours.spans for minute in range(span.start, span.end)}


def _if_both_have_hours(
    differs: Callable[[ContactHours, ContactHours], bool],
) -> Callable[..., bool]:
    """Return a test of two policies that applies `differs` to their hours.

    It returns False if either policy has no hours: the setting `hours` alone then tells whether the
    change is looser.
    """

    def looser(before: Policy, after: Policy) -> bool:
        return bool(before.hours and after.hours and differs(before.hours, after.hours))

    return looser


def _is_zone_looser(before: Policy, after: Policy) -> bool:
    """Return whether a change of the time zone of the hours may allow more.

    Any change may if there are hours before and after. If the hours are new, a fixed time zone may
    if calls or refusals are limited: they then count in this zone alone, and before in every zone
    where the person may be.
    """
    if after.hours is None:
        return False
    if before.hours is None:
        limited = before.limits.attempts > 0 or before.limits.silence_days > 0
        return limited and bool(after.hours.time_zone)
    return True


_LOOSER: dict[str, Callable[[Policy, Policy], bool]] = {
    "rule": lambda _, after: after.rule is Rule.OPT_OUT,
    "attestable": lambda before, after: not after.attestable <= before.attestable,
    "closed": lambda before, _: before.closed,
    "consent_months": lambda before, after: _is_raised(before.consent_months, after.consent_months),
    "appointment_minutes": lambda before, after: (
        after.appointment_minutes > before.appointment_minutes
    ),
    "attempts": lambda before, after: _is_raised(before.limits.attempts, after.limits.attempts),
    "attempts_days": lambda before, after: (
        before.limits.attempts > 0 and after.limits.attempts_days < before.limits.attempts_days
    ),
    "silence_days": lambda before, after: after.limits.silence_days < before.limits.silence_days,
    "hours": _are_hours_wider,
    "days": _if_both_have_hours(lambda before, after: not after.days <= before.days),
    "holidays": _if_both_have_hours(lambda before, _: bool(before.holidays)),
    "time_zone": _is_zone_looser,
}
