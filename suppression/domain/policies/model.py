"""A controller's policy: for each channel and purpose, what makes an allow and what forbids one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from suppression.domain.calendar.contact_hours import ContactHours
from suppression.domain.vocabulary import Basis, Channel, Preset, Purpose, Rule, Sector


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactLimits:
    """How often a person may be called. A number of 0 is no limit.

    At most `attempts` calls or attempts in `attempts_days` days, all tools together; after a
    refusal `silence_days` without any. Days are whole ones of the person's own calendar.
    """

    attempts: int = 0
    attempts_days: int = 30
    silence_days: int = 0


NO_LIMITS = ContactLimits()


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The rule for one channel and purpose. `channel` is None for profiling and sharing.

    `attestable`: the bases that count although only the caller states them. `closed`: consumers
    may not be solicited, whatever they consented to, but under a contract in force
    (docs/rules.md#t4).
    `consent_months`: the longest that a consent holds; 0 is no end of our own.
    `appointment_minutes`: how long after an agreed time a contact still is at that time.
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
        """What the policy is for, and is found by."""
        return self.channel, self.purpose

    @property
    def path(self) -> str:
        """What its settings begin with.

        >>> Policy(channel=None, purpose=Purpose.SHARING, rule=Rule.OPT_IN).path
        'sharing'
        """
        return f"{self.channel}.{self.purpose}" if self.channel else str(self.purpose)

    @property
    def counts_contacts(self) -> bool:
        """Whether a decision must know of earlier calls and of agreed times."""
        return bool(
            self.limits.attempts
            or self.limits.silence_days
            or (self.channel is Channel.TELEPHONE and Basis.APPOINTMENT in self.attestable)
        )


Policies = Mapping[tuple[Channel | None, Purpose], Policy]


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicySet:
    """All policies of a controller, as one version of them. Versions count from 1."""

    preset: Preset
    sector: Sector | None
    policies: Policies
    version: int = field(default=0, compare=False)


def every_scope() -> list[tuple[Channel | None, Purpose]]:
    """All that has a policy: four channels for two purposes, then profiling and sharing.

    >>> len(every_scope())
    10
    """
    with_channel: list[tuple[Channel | None, Purpose]] = [
        (channel, purpose) for purpose in Purpose if purpose.has_channel for channel in Channel
    ]
    return with_channel + [(None, purpose) for purpose in Purpose if not purpose.has_channel]
