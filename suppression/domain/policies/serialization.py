"""The JSON document of a policy set: one version as it is stored and displayed.

The text is canonical (sorted keys, no spaces), so that its SHA-256 in the ledger proves it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from suppression.domain.calendar.contact_hours import ContactHours, Span
from suppression.domain.policies.model import ContactLimits, Policy, PolicySet
from suppression.domain.vocabulary import Basis, Channel, Preset, Purpose, Rule, Sector


def dumps(policy_set: PolicySet) -> str:
    """Return the JSON document of a policy set; its version is not part of it."""
    content = {
        "preset": policy_set.preset,
        "sector": policy_set.sector,
        "policies": [to_dict(policy) for policy in policy_set.policies.values()],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@lru_cache(maxsize=1024)
def loads(document: str, version: int) -> PolicySet:
    """Return the policy set of a JSON document made by `dumps`, as this `version`.

    A process keeps the last 1024 results, so that it seldom parses a document again.

    >>> from suppression.domain.policies.presets import preset_policies
    >>> french = preset_policies(Preset.FR_2026, Sector.GENERAL)
    >>> loads(dumps(french), 1) == french
    True
    """
    content = json.loads(document)
    policies = [_policy_from_dict(values) for values in content["policies"]]
    return PolicySet(
        preset=Preset(content["preset"]),
        sector=Sector(content["sector"]) if content["sector"] else None,
        policies={policy.scope: policy for policy in policies},
        version=version,
    )


def to_dict(policy: Policy) -> dict[str, Any]:
    """Return a policy as a dict for JSON, as in the document and `flask policies show --json`."""
    hours = policy.hours
    return {
        "channel": policy.channel,
        "purpose": policy.purpose,
        "rule": policy.rule,
        "attestable": sorted(policy.attestable),
        "closed": policy.closed,
        "consent_months": policy.consent_months,
        "appointment_minutes": policy.appointment_minutes,
        "attempts": policy.limits.attempts,
        "attempts_days": policy.limits.attempts_days,
        "silence_days": policy.limits.silence_days,
        "hours": hours
        and {
            "days": sorted(hours.days),
            "spans": [str(span) for span in hours.spans],
            "holidays": hours.holidays,
            "time_zone": hours.time_zone,
        },
    }


def _policy_from_dict(content: dict[str, Any]) -> Policy:
    """Return the policy that a dict made by `to_dict` describes."""
    return Policy(
        channel=Channel(content["channel"]) if content["channel"] else None,
        purpose=Purpose(content["purpose"]),
        rule=Rule(content["rule"]),
        attestable=frozenset(map(Basis, content["attestable"])),
        closed=content["closed"],
        consent_months=content["consent_months"],
        appointment_minutes=content["appointment_minutes"],
        limits=ContactLimits(
            attempts=content["attempts"],
            attempts_days=content["attempts_days"],
            silence_days=content["silence_days"],
        ),
        hours=_hours_from_dict(content["hours"]),
    )


def _hours_from_dict(content: dict[str, Any] | None) -> ContactHours | None:
    """Return the contact hours that `to_dict` describes by the value of `hours`; None for None."""
    if content is None:
        return None
    return ContactHours(
        days=frozenset(content["days"]),
        spans=tuple(map(Span.from_text, content["spans"])),
        holidays=content["holidays"],
        time_zone=content["time_zone"],
    )
