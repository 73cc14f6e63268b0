"""Calls to a number, as the ledger knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from suppression.domain.fingerprints import Fingerprint
from suppression.domain.policies import ContactLimits, Policy
from suppression.domain.suppressions import RecordId
from suppression.domain.vocabulary import Channel

_MARGIN = timedelta(days=2)
"""Days of a person's own calendar begin up to a day before or after those of UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A number on a channel, as calls to it are counted."""

    fingerprint: Fingerprint = field(repr=False)
    channel: Channel
    record_id: RecordId
    salt: bytes = field(repr=False)


def needed_within(policy: Policy) -> timedelta | None:
    """How long ago a call may be that a decision must know of; None if it needs none."""
    if not policy.counts_contacts:
        return None
    limits: ContactLimits = policy.limits
    days = max(limits.attempts_days, limits.silence_days)
    return timedelta(days=days) + _MARGIN
