"""A controller's policies: the rules that allow or forbid a contact, by channel and purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from suppression.domain.calendar.contact_hours import ContactHours
from suppression.domain.vocabulary import Basis, Channel, Preset, Purpose, Rule, Sector

MAX_SETTING = 3660
"""The largest number that a policy may set, of days, months, minutes or calls."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactLimits:
    """The limits on how often a person may be called; `attempts` or `silence_days` of 0 sets none.

    At most `attempts` calls or attempts to call are allowed in `attempts_days` days, by all agents
    and tools together; after a refusal, none for `silence_days` days. Days are whole days in the
    time zone that the policy's hours fix, else where the person is.
    """

    attempts: int = 0
    attempts_days: int = 30
    silence_days: int = 0


NO_LIMITS = ContactLimits()


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The rule for one channel and purpose. `channel` is None for profiling and sharing.

    `attestable`: the lawful bases that count although only the caller states them; without
    `appointment`, an agreed time on record does not count either. `closed`: whether marketing to
    consumers is forbidden, even with consent, except under a contract in force (docs/rules.md#t4).
    `consent_months`: the maximum duration of a consent; 0 sets none. `hours`: when a contact is
    allowed; None for always. `appointment_minutes`: how long after an agreed time a contact still
    counts as at that time.
    """

    channel: Channel | None
    purpose: Purpose
    rule: Rule
    attestable: frozenset[Basis] = frozenset()
    closed: bool = False
    consent_months: int = 0
    hours: ContactHours | None = None
    limits: ContactLimits = NO_LIMITS
    appointment_minutes: int = 15

    @property
    def scope(self) -> tuple[Channel | None, Purpose]:
        """The channel and purpose of the policy, which are its key in a policy set."""
        return self.channel, self.purpose

    @property
    def path(self) -> str:
        """The prefix of the names of the policy's settings.

        >>> Policy(channel=None, purpose=Purpose.SHARING, rule=Rule.OPT_IN).path
        'sharing'
        """
        return f"{self.channel}.{self.purpose}" if self.channel else str(self.purpose)


Policies = Mapping[tuple[Channel | None, Purpose], Policy]


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicySet:
    """All policies of a controller in one version.

    Stored versions count from 1; 0 is a set that is not stored, such as a preset. Comparisons
    ignore `version`.
    """

    preset: Preset
    sector: Sector | None
    policies: Policies
    version: int = field(default=0, compare=False)


def every_scope() -> list[tuple[Channel | None, Purpose]]:
    """Return every channel and purpose that has a policy.

    These are the four channels for two purposes each, then profiling and sharing.

    >>> len(every_scope())
    10
    """
    with_channel: list[tuple[Channel | None, Purpose]] = [
        (channel, purpose) for purpose in Purpose if purpose.has_channel for channel in Channel
    ]
    return with_channel + [(None, purpose) for purpose in Purpose if not purpose.has_channel]
