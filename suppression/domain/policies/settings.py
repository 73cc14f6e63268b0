"""What of a policy can be set, each by its name: `telephone.marketing.silence_days=30`."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from suppression.domain.calendar.contact_hours import EVERY_DAY, ContactHours, Span
from suppression.domain.calendar.public_holidays import keeps_holidays
from suppression.domain.errors import InvalidValueError
from suppression.domain.policies.model import Policy, PolicySet
from suppression.domain.vocabulary import ATTESTABLE, Basis, Channel, Purpose, Rule

_SETTING = re.compile(r"([a-z]+)(?:\.([a-z]+))?\.([a-z_]+)=(.*)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,4}")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST = 3660
NONE, PERSON = "none", "person"
# Files that stand beside the zones: what they say differs from machine to machine.
_NO_PLACE = frozenset({"Factory", "localtime", "posixrules"})


def apply_settings(policy_set: PolicySet, settings: Iterable[str]) -> PolicySet:
    """The policy set with these settings; InvalidValueError names what cannot be taken."""
    policies = dict(policy_set.policies)
    for setting in settings:
        policy, name, value = _find_policy(policies, setting)
        try:
            policies[policy.scope] = _SETTERS[name](policy, value.strip())
        except ValueError as error:
            raise InvalidValueError(f"{setting}: {error}.") from None
    return dataclasses.replace(policy_set, policies=policies)


def to_settings(policy: Policy) -> dict[str, str]:
    """Every setting of a policy as it would be set; those of the hours only if it has some.

    >>> to_settings(Policy(channel=None, purpose=Purpose.SHARING, rule=Rule.OPT_IN))["attestable"]
    'none'
    """
    hours, limits = policy.hours, policy.limits
    written = {
        "rule": str(policy.rule),
        "attestable": ",".join(sorted(policy.attestable)) or NONE,
        "closed": "yes" if policy.closed else "no",
        "consent_months": str(policy.consent_months),
        "appointment_minutes": str(policy.appointment_minutes),
        "attempts": str(limits.attempts),
        "attempts_days": str(limits.attempts_days),
        "silence_days": str(limits.silence_days),
        "hours": ",".join(map(str, hours.spans)) if hours else NONE,
    }
    if hours:
        written["days"] = ",".join(_DAYS[day - 1] for day in sorted(hours.days))
        written["holidays"] = hours.holidays or NONE
        written["time_zone"] = hours.time_zone or PERSON
    return written


def _find_policy(
    policies: dict[tuple[Channel | None, Purpose], Policy], setting: str
) -> tuple[Policy, str, str]:
    """The policy, the name and the value that a setting is about."""
    found = _SETTING.fullmatch(setting.strip())
    if found is None:
        raise InvalidValueError(
            f"{setting}: write it like telephone.marketing.silence_days=60, or sharing.rule=opt_in."
        )
    first, second, name, value = found.groups()
    for (channel, purpose), policy in policies.items():
        if [first, second] in ([channel, purpose], [purpose, None] if channel is None else []):
            if name in _SETTERS:
                return policy, name, value
            raise InvalidValueError(f"{setting}: set one of {', '.join(_SETTERS)}.")
    raise InvalidValueError(f"{setting}: there is no such channel and purpose.")


def _rule(policy: Policy, value: str) -> Policy:
    if value not in set(Rule):
        raise ValueError("use opt_out or opt_in")
    return dataclasses.replace(policy, rule=Rule(value))


def _attestable(policy: Policy, value: str) -> Policy:
    words = [] if value == NONE else [word.strip() for word in value.split(",")]
    if not set(words) <= {str(basis) for basis in ATTESTABLE}:
        raise ValueError(f"use some of {','.join(sorted(ATTESTABLE))}, or none")
    return dataclasses.replace(policy, attestable=frozenset(map(Basis, words)))


def _closed(policy: Policy, value: str) -> Policy:
    if value not in {"yes", "no"}:
        raise ValueError("use yes or no")
    return dataclasses.replace(policy, closed=value == "yes")


def _number(value: str, *, least: int = 0) -> int:
    if not _NUMBER.fullmatch(value) or not least <= int(value) <= _MOST:
        raise ValueError(f"use a whole number from {least} to {_MOST}")
    return int(value)


def _consent_months(policy: Policy, value: str) -> Policy:
    return dataclasses.replace(policy, consent_months=_number(value))


def _appointment_minutes(policy: Policy, value: str) -> Policy:
    return dataclasses.replace(policy, appointment_minutes=_number(value, least=1))


def _limit(name: str, *, least: int = 0) -> Callable[[Policy, str], Policy]:
    def set_limit(policy: Policy, value: str) -> Policy:
        limits = dataclasses.replace(policy.limits, **{name: _number(value, least=least)})
        return dataclasses.replace(policy, limits=limits)

    return set_limit


def _hours(policy: Policy, value: str) -> Policy:
    if value == NONE:
        return dataclasses.replace(policy, hours=None)
    spans = tuple(sorted(Span.from_text(one.strip()) for one in value.split(",")))
    if any(one.end > after.start for one, after in pairwise(spans)):
        raise ValueError("these spans overlap")
    if policy.hours is None:
        hours = ContactHours(days=EVERY_DAY, spans=spans)
    else:
        hours = dataclasses.replace(policy.hours, spans=spans)
    return dataclasses.replace(policy, hours=hours)


def _of_hours(policy: Policy) -> ContactHours:
    if policy.hours is None:
        raise ValueError("set hours first")
    return policy.hours


def _days(policy: Policy, value: str) -> Policy:
    words = [word.strip() for word in value.split(",")]
    if not set(words) <= set(_DAYS):
        raise ValueError(f"use some of {','.join(_DAYS)}")
    days = frozenset(_DAYS.index(word) + 1 for word in words)
    return dataclasses.replace(policy, hours=dataclasses.replace(_of_hours(policy), days=days))


def _holidays(policy: Policy, value: str) -> Policy:
    country = "" if value == NONE else value
    if country and not keeps_holidays(country):
        raise ValueError("use a country like FR, or none")
    hours = dataclasses.replace(_of_hours(policy), holidays=country)
    return dataclasses.replace(policy, hours=hours)


def _time_zone(policy: Policy, value: str) -> Policy:
    zone = "" if value == PERSON else value
    try:
        known = not zone or (zone not in _NO_PLACE and bool(ZoneInfo(zone).key))
    except (ZoneInfoNotFoundError, OSError, ValueError):
        known = False
    if not known:
        raise ValueError("use an IANA zone like Europe/Paris, or person for their own")
    hours = dataclasses.replace(_of_hours(policy), time_zone=zone)
    return dataclasses.replace(policy, hours=hours)


_SETTERS: dict[str, Callable[[Policy, str], Policy]] = {
    "rule": _rule,
    "attestable": _attestable,
    "closed": _closed,
    "consent_months": _consent_months,
    "appointment_minutes": _appointment_minutes,
    "attempts": _limit("attempts"),
    "attempts_days": _limit("attempts_days", least=1),
    "silence_days": _limit("silence_days"),
    "hours": _hours,
    "days": _days,
    "holidays": _holidays,
    "time_zone": _time_zone,
}
SETTINGS = tuple(_SETTERS)
