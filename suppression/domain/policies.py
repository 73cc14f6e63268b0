"""A controller's policy: where it starts from on each channel, for each purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from suppression.domain.vocabulary import ATTESTABLE, Basis, Channel, Purpose, Rule


class Preset(StrEnum):
    """The policies that a controller can be made with."""

    OBJECTION_ONLY = "objection-only"
    FR_2026 = "fr-2026"


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The rule for one channel and purpose, and which attested bases count there.

    `channel` is None for profiling and sharing, which concern a kind.
    """

    channel: Channel | None
    purpose: Purpose
    rule: Rule
    attestable: frozenset[Basis]


Policies = Mapping[tuple[Channel | None, Purpose], Policy]

_OPT_IN_2026: dict[tuple[Channel | None, Purpose], frozenset[Basis]] = {
    # code de la consommation L223-1: consent, or a contract in force. An attested consent does
    # not count on the telephone: its proof is what the law asks for.
    (Channel.TELEPHONE, Purpose.MARKETING): frozenset({Basis.CONTRACT}),
    # CPCE L34-5: consent, or one's own customers for similar products.
    (Channel.EMAIL, Purpose.MARKETING): frozenset({Basis.CONSENT, Basis.CUSTOMER}),
    (Channel.SMS, Purpose.MARKETING): frozenset({Basis.CONSENT, Basis.CUSTOMER}),
    (None, Purpose.SHARING): frozenset({Basis.CONSENT}),
}


def preset_policies(preset: Preset) -> Policies:
    """Every policy of a preset: four channels for two purposes, then profiling and sharing.

    >>> len(preset_policies(Preset.FR_2026))
    10
    """
    opt_in = _OPT_IN_2026 if preset is Preset.FR_2026 else {}
    return {
        (channel, purpose): Policy(
            channel=channel,
            purpose=purpose,
            rule=Rule.OPT_IN if (channel, purpose) in opt_in else Rule.OPT_OUT,
            attestable=opt_in.get((channel, purpose), ATTESTABLE),
        )
        for channel, purpose in _every_extent()
    }


def _every_extent() -> list[tuple[Channel | None, Purpose]]:
    with_channel: list[tuple[Channel | None, Purpose]] = [
        (channel, purpose) for purpose in Purpose if purpose.has_channel for channel in Channel
    ]
    return with_channel + [(None, purpose) for purpose in Purpose if not purpose.has_channel]
