"""The row of a called number, and the period over which a decision reads earlier calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.policies.model import MAX_SETTING, Policy
from suppression.domain.suppressions.model import RecordId
from suppression.domain.vocabulary import Basis, Channel

_MARGIN = timedelta(days=2)
"""The time added to the days of a limit: local days begin up to a day before or after UTC's."""
LONGEST_CALL_HISTORY = timedelta(days=MAX_SETTING) + _MARGIN
"""How far back the decision by any policy needs calls; see `call_history_span`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CalledNumber:
    """The row of a telephone number on one channel, under which calls to it are counted."""

    fingerprint: Fingerprint = field(repr=False)
    channel: Channel
    record_id: RecordId
    salt: bytes = field(repr=False)


def call_history_span(policy: Policy) -> timedelta | None:
    """Return how far back a decision needs calls and agreed times; None if it needs neither."""
    limits = policy.limits
    agreed = policy.channel is Channel.TELEPHONE and Basis.APPOINTMENT in policy.attestable
    if not (limits.attempts or limits.silence_days or agreed):
        return None
    days = max(limits.attempts_days, limits.silence_days)
    return timedelta(days=days) + _MARGIN
