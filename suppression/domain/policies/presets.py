"""The policies that a controller can start from. docs/policies.md explains each, rule by rule."""

from __future__ import annotations

from suppression.domain.calendar.contact_hours import (
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    ContactHours,
    Span,
)
from suppression.domain.errors import InvalidValueError
from suppression.domain.policies.model import (
    ContactLimits,
    Policies,
    Policy,
    PolicySet,
    every_scope,
)
from suppression.domain.vocabulary import (
    ATTESTABLE,
    Basis,
    Channel,
    Preset,
    Purpose,
    Rule,
    Sector,
)

_CALLING_HOURS = ContactHours(  # D223-9: not on public holidays (L3133-1)
    days=MONDAY_TO_FRIDAY,
    spans=(Span.from_text("10:00-13:00"), Span.from_text("14:00-20:00")),
    holidays="FR",
)
_SMS_HOURS = ContactHours(  # af2m charter, in force 2026-03-01; it names no days
    days=EVERY_DAY, spans=(Span.from_text("08:00-21:30"),), holidays=""
)
# D223-9. Sources conflict whether the silence was kept after August 2026: a setting.
_CALLING_LIMITS = ContactLimits(attempts=4, attempts_days=30, silence_days=60)
_ONE_YEAR = 12  # R223-1
_ONLY_CONTRACT = frozenset({Basis.CONTRACT})


def preset_policies(preset: Preset, sector: Sector | None = None) -> PolicySet:
    """Every policy of a preset. `fr-2026` must know the sector: InvalidValueError without one.

    >>> len(preset_policies(Preset.OBJECTION_ONLY).policies)
    10
    """
    if preset is Preset.OBJECTION_ONLY:
        made: Policies = {
            scope: Policy(
                channel=scope[0], purpose=scope[1], rule=Rule.OPT_OUT, attestable=ATTESTABLE
            )
            for scope in every_scope()
        }
        return PolicySet(preset=preset, sector=sector, policies=made)
    if sector is None:
        names = ", ".join(Sector)
        raise InvalidValueError(f"sector: fr-2026 must know what is sold; name one of {names}.")
    found = {policy.scope: policy for policy in _french(sector)}
    return PolicySet(preset=preset, sector=sector, policies=found)


def _french(sector: Sector) -> list[Policy]:
    """`fr-2026`: code de la consommation L223-1 to R223-3 and CPCE L34-5."""
    telephone = Policy(
        channel=Channel.TELEPHONE,
        purpose=Purpose.MARKETING,
        rule=Rule.OPT_IN,
        # An attested consent does not count: its proof is what the law asks for (R223-2).
        attestable=_ONLY_CONTRACT if sector.closed else _ONLY_CONTRACT | {Basis.APPOINTMENT},
        closed=sector.closed,
        consent_months=_ONE_YEAR,
        hours=_CALLING_HOURS,
        limits=_CALLING_LIMITS,
    )
    sharing = Policy(
        channel=None,
        purpose=Purpose.SHARING,
        rule=Rule.OPT_IN,
        attestable=frozenset({Basis.CONSENT}),
    )
    opt_in = [
        _message(Channel.EMAIL, sector, hours=None),
        _message(Channel.SMS, sector, hours=_SMS_HOURS),
        telephone,
        sharing,
    ]
    known = {policy.scope for policy in opt_in}
    return opt_in + [
        Policy(channel=channel, purpose=purpose, rule=Rule.OPT_OUT, attestable=ATTESTABLE)
        for channel, purpose in every_scope()
        if (channel, purpose) not in known
    ]


def _message(channel: Channel, sector: Sector, *, hours: ContactHours | None) -> Policy:
    """CPCE L34-5: consent, or one's own customers for similar products.

    In a closed sector sources differ whether messages are closed too: a setting, denying at first.
    """
    own = frozenset({Basis.CONSENT, Basis.CUSTOMER})
    return Policy(
        channel=channel,
        purpose=Purpose.MARKETING,
        rule=Rule.OPT_IN,
        attestable=_ONLY_CONTRACT if sector.closed else own,
        closed=sector.closed,
        hours=hours,
    )
