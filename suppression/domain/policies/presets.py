"""The presets from which a controller's policies start; docs/policies.md explains each rule."""

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
# D223-9. Sources differ whether the silence still applies after August 2026: it is a setting.
_CALLING_LIMITS = ContactLimits(attempts=4, attempts_days=30, silence_days=60)
_ONE_YEAR = 12  # R223-1
_ONLY_CONTRACT = frozenset({Basis.CONTRACT})


def preset_policies(preset: Preset, sector: Sector | None = None) -> PolicySet:
    """Return every policy of a preset. Raise InvalidValueError for `fr-2026` without a sector.

    >>> len(preset_policies(Preset.OBJECTION_ONLY).policies)
    10
    """
    if preset is Preset.OBJECTION_ONLY:
        policies: Policies = {
            scope: Policy(
                channel=scope[0], purpose=scope[1], rule=Rule.OPT_OUT, attestable=ATTESTABLE
            )
            for scope in every_scope()
        }
        return PolicySet(preset=preset, sector=sector, policies=policies)
    if sector is None:
        names = ", ".join(Sector)
        raise InvalidValueError(f"sector: fr-2026 must know what is sold; name one of {names}.")
    policies = {policy.scope: policy for policy in _french_policies(sector)}
    return PolicySet(preset=preset, sector=sector, policies=policies)


def _french_policies(sector: Sector) -> list[Policy]:
    """Return the policies of `fr-2026`: code de la consommation L223-1 to R223-3 and CPCE L34-5."""
    telephone = Policy(
        channel=Channel.TELEPHONE,
        purpose=Purpose.MARKETING,
        rule=Rule.OPT_IN,
        # An attested consent does not count: the law requires its proof (R223-2).
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
        _message_policy(Channel.EMAIL, sector, hours=None),
        _message_policy(Channel.SMS, sector, hours=_SMS_HOURS),
        telephone,
        sharing,
    ]
    opt_in_scopes = {policy.scope for policy in opt_in}
    return opt_in + [
        Policy(channel=channel, purpose=purpose, rule=Rule.OPT_OUT, attestable=ATTESTABLE)
        for channel, purpose in every_scope()
        if (channel, purpose) not in opt_in_scopes
    ]


def _message_policy(channel: Channel, sector: Sector, *, hours: ContactHours | None) -> Policy:
    """Return the marketing policy of e-mail or SMS: consent, or own customers for similar products.

    See CPCE L34-5. In a closed sector only a contract counts. Sources differ whether the law closes
    these channels too, so `closed` is a setting that a controller may change.
    """
    own_customers = frozenset({Basis.CONSENT, Basis.CUSTOMER})
    return Policy(
        channel=channel,
        purpose=Purpose.MARKETING,
        rule=Rule.OPT_IN,
        attestable=_ONLY_CONTRACT if sector.closed else own_customers,
        closed=sector.closed,
        hours=hours,
    )
