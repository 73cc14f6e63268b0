"""The settings of a policy, written with their names: `telephone.marketing.silence_days=30`."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from suppression.domain.calendar.contact_hours import EVERY_DAY, ContactHours, Span
from suppression.domain.calendar.public_holidays import keeps_holidays
from suppression.domain.errors import InvalidValueError
from suppression.domain.policies.model import MAX_SETTING, Policy, PolicySet
from suppression.domain.vocabulary import ATTESTABLE, Basis, Channel, Purpose, Rule

_SETTING = re.compile(r"([a-z]+)(?:\.([a-z]+))?\.([a-z_]+)=(.*)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,4}")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NONE, PERSON = "none", "person"
# Files beside the time zones, whose content differs from machine to machine.
_NOT_LOCATIONS = frozenset({"Factory", "localtime", "posixrules"})


def apply_settings(policy_set: PolicySet, settings: Iterable[str]) -> PolicySet:
    """Return the policy set with these settings applied in order.

    Raise InvalidValueError for a setting that is malformed, unknown, or has an invalid value.
    """
    policies = dict(policy_set.policies)
    for setting in settings:
        policy, name, value = _find_policy(policies, setting)
        try:
            policies[policy.scope] = _SETTERS[name](policy, value.strip())
        except ValueError as error:
            raise InvalidValueError(f"{setting}: {error}.") from None
    return dataclasses.replace(policy_set, policies=policies)


def to_settings(policy: Policy) -> dict[str, str]:
    """Return a policy's settings as texts, by name.

    `days`, `holidays` and `time_zone` are absent if the policy has no hours.

    >>> to_settings(Policy(channel=None, purpose=Purpose.SHARING, rule=Rule.OPT_IN))["attestable"]
    'none'
    """
    hours, limits = policy.hours, policy.limits
    settings = {
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
        settings["days"] = ",".join(_DAYS[day - 1] for day in sorted(hours.days))
        settings["holidays"] = hours.holidays or NONE
        settings["time_zone"] = hours.time_zone or PERSON
    return settings


def _find_policy(
    policies: dict[tuple[Channel | None, Purpose], Policy], setting: str
) -> tuple[Policy, str, str]:
    """Return the policy, the name and the value of a setting.

    Raise InvalidValueError if the setting is malformed, names no policy, or has an unknown name.
    """
    match = _SETTING.fullmatch(setting.strip())
    if match is None:
        raise InvalidValueError(
            f"{setting}: write it like telephone.marketing.silence_days=60, or sharing.rule=opt_in."
        )
    first, second, name, value = match.groups()
    for (channel, purpose), policy in policies.items():
        if [first, second] in ([channel, purpose], [purpose, None] if channel is None else []):
            if name in _SETTERS:
                return policy, name, value
            raise InvalidValueError(f"{setting}: set one of {', '.join(_SETTERS)}.")
    raise InvalidValueError(f"{setting}: there is no such channel and purpose.")


def _set_rule(policy: Policy, value: str) -> Policy:
    if value not in set(Rule):
        raise ValueError("use opt_out or opt_in")
    return dataclasses.replace(policy, rule=Rule(value))


def _set_attestable(policy: Policy, value: str) -> Policy:
    words = [] if value == NONE else [word.strip() for word in value.split(",")]
    if not set(words) <= {str(basis) for basis in ATTESTABLE}:
        raise ValueError(f"use some of {','.join(sorted(ATTESTABLE))}, or none")
    return dataclasses.replace(policy, attestable=frozenset(map(Basis, words)))


def _set_closed(policy: Policy, value: str) -> Policy:
    if value not in {"yes", "no"}:
        raise ValueError("use yes or no")
    return dataclasses.replace(policy, closed=value == "yes")


def _parse_number(value: str, *, minimum: int = 0) -> int:
    """Parse a whole number from `minimum` to 3660. Raise ValueError for any other text."""
    if not _NUMBER.fullmatch(value) or not minimum <= int(value) <= MAX_SETTING:
        raise ValueError(f"use a whole number from {minimum} to {MAX_SETTING}")
    return int(value)


def _set_consent_months(policy: Policy, value: str) -> Policy:
    return dataclasses.replace(policy, consent_months=_parse_number(value))


def _set_appointment_minutes(policy: Policy, value: str) -> Policy:
    return dataclasses.replace(policy, appointment_minutes=_parse_number(value, minimum=1))


def _limit_setter(name: str, *, minimum: int = 0) -> Callable[[Policy, str], Policy]:
    """Return the setter of a contact limit: it parses a whole number from `minimum` to 3660."""

    def set_limit(policy: Policy, value: str) -> Policy:
        limits = dataclasses.replace(policy.limits, **{name: _parse_number(value, minimum=minimum)})
        return dataclasses.replace(policy, limits=limits)

    return set_limit


def _set_hours(policy: Policy, value: str) -> Policy:
    if value == NONE:
        return dataclasses.replace(policy, hours=None)
    spans = tuple(sorted(Span.from_text(span.strip()) for span in value.split(",")))
    if any(span.end > following.start for span, following in pairwise(spans)):
        raise ValueError("these spans overlap")
    if policy.hours is None:
        hours = ContactHours(days=EVERY_DAY, spans=spans)
    else:
        hours = dataclasses.replace(policy.hours, spans=spans)
    return dataclasses.replace(policy, hours=hours)


def _require_hours(policy: Policy) -> ContactHours:
    """Return the policy's hours. Raise ValueError if it has none."""
    if policy.hours is None:
        raise ValueError("set hours first")
    return policy.hours


def _set_days(policy: Policy, value: str) -> Policy:
    words = [word.strip() for word in value.split(",")]
    if not set(words) <= set(_DAYS):
        raise ValueError(f"use some of {','.join(_DAYS)}")
    days = frozenset(_DAYS.index(word) + 1 for word in words)
    return dataclasses.replace(policy, hours=dataclasses.replace(_require_hours(policy), days=days))


def _set_holidays(policy: Policy, value: str) -> Policy:
    country = "" if value == NONE else value
    if country and not keeps_holidays(country):
        raise ValueError("use a country like FR, or none")
    hours = dataclasses.replace(_require_hours(policy), holidays=country)
    return dataclasses.replace(policy, hours=hours)


def _set_time_zone(policy: Policy, value: str) -> Policy:
    zone = "" if value == PERSON else value
    try:
        is_known = not zone or (zone not in _NOT_LOCATIONS and bool(ZoneInfo(zone).key))
    except (ZoneInfoNotFoundError, OSError, ValueError):
        is_known = False
    if not is_known:
        raise ValueError("use an IANA zone like Europe/Paris, or person for their own")
    hours = dataclasses.replace(_require_hours(policy), time_zone=zone)
    return dataclasses.replace(policy, hours=hours)


_SETTERS: dict[str, Callable[[Policy, str], Policy]] = {
    "rule": _set_rule,
    "attestable": _set_attestable,
    "closed": _set_closed,
    "consent_months": _set_consent_months,
    "appointment_minutes": _set_appointment_minutes,
    "attempts": _limit_setter("attempts"),
    "attempts_days": _limit_setter("attempts_days", minimum=1),
    "silence_days": _limit_setter("silence_days"),
    "hours": _set_hours,
    "days": _set_days,
    "holidays": _set_holidays,
    "time_zone": _set_time_zone,
}
SETTINGS = tuple(_SETTERS)
