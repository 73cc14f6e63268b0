"""Which settings of a policy are accepted, and how the others are refused with helpful words."""

from __future__ import annotations

from typing import Any

import pytest

from suppression.domain.errors import InvalidValueError
from suppression.domain.policies.model import PolicySet
from suppression.domain.policies.presets import preset_policies
from suppression.domain.policies.serialization import to_dict
from suppression.domain.policies.settings import apply_settings
from suppression.domain.vocabulary import Channel, Preset, Purpose, Sector

FRENCH = preset_policies(Preset.FR_2026, Sector.GENERAL)


@pytest.mark.parametrize(
    ("setting", "field", "value"),
    [
        ("telephone.marketing.rule=opt_out", "rule", "opt_out"),
        ("telephone.marketing.attestable=contract,consent", "attestable", ["consent", "contract"]),
        ("telephone.marketing.attestable=none", "attestable", []),
        ("telephone.marketing.closed=yes", "closed", True),
        ("telephone.marketing.consent_months=6", "consent_months", 6),
        ("telephone.marketing.appointment_minutes=30", "appointment_minutes", 30),
        ("telephone.marketing.attempts=2", "attempts", 2),
        ("telephone.marketing.attempts_days=7", "attempts_days", 7),
        (" telephone.marketing.silence_days= 0 ", "silence_days", 0),
        ("telephone.marketing.hours=none", "hours", None),
    ],
)
def test_a_setting_sets_its_own_field_alone(setting: str, field: str, value: object) -> None:
    before, after = telephone(FRENCH), telephone(apply_settings(FRENCH, [setting]))
    assert after == before | {field: value}


@pytest.mark.parametrize(
    ("setting", "field", "value"),
    [
        ("hours=14:00-18:00, 09:00-12:00", "spans", ["09:00-12:00", "14:00-18:00"]),
        ("days=mon, sat", "days", [1, 6]),
        ("holidays=MQ", "holidays", "MQ"),
        ("holidays=none", "holidays", ""),
        ("time_zone=Europe/Paris", "time_zone", "Europe/Paris"),
        ("time_zone=person", "time_zone", ""),
    ],
)
def test_a_setting_of_the_hours_keeps_the_others(setting: str, field: str, value: object) -> None:
    before, after = (
        telephone(FRENCH),
        telephone(apply_settings(FRENCH, [f"telephone.marketing.{setting}"])),
    )
    assert after["hours"] == before["hours"] | {field: value}


def test_settings_are_taken_one_after_the_other_and_of_what_has_no_channel_too() -> None:
    after = apply_settings(
        FRENCH,
        ["post.marketing.hours=09:00-18:00", "post.marketing.days=mon", "sharing.rule=opt_out"],
    )
    post = to_dict(after.policies[Channel.POST, Purpose.MARKETING])["hours"]
    assert (post["spans"], post["days"]) == (["09:00-18:00"], [1])
    assert after.policies[None, Purpose.SHARING].rule == "opt_out"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("silence", "write it like"),
        ("fax.marketing.rule=opt_in", "no such channel"),
        ("sharing.sharing.rule=opt_in", "no such channel"),
        ("email.rule=opt_in", "no such channel"),
        ("email.marketing.colour=red", "attestable"),
        ("email.marketing.rule=maybe", "opt_out or opt_in"),
        ("email.marketing.attestable=no_objection", "some of"),
        ("email.marketing.attestable=", "some of"),
        ("email.marketing.closed=true", "yes or no"),
        ("telephone.marketing.attempts=many", "from 0 to 3660"),
        ("telephone.marketing.attempts=-1", "from 0 to 3660"),
        ("telephone.marketing.attempts=3661", "from 0 to 3660"),
        ("telephone.marketing.attempts=0000000009999", "from 0 to 3660"),
        ("telephone.marketing.attempts=\u0664", "from 0 to 3660"),
        ("telephone.marketing.attempts_days=0", "from 1 to 3660"),
        ("telephone.marketing.appointment_minutes=0", "from 1 to 3660"),
        ("telephone.marketing.hours=10-13", "not a span"),
        ("telephone.marketing.hours=10:00-10:60", "one day"),
        ("telephone.marketing.hours=13:00-10:00", "one day"),
        ("telephone.marketing.hours=10:00-24:01", "one day"),
        ("telephone.marketing.hours=10:00-13:00,12:00-14:00", "overlap"),
        ("email.marketing.days=mon", "set hours first"),
        ("telephone.marketing.days=lundi", "mon,tue"),
        ("telephone.marketing.holidays=fr", "country like FR"),
        ("telephone.marketing.time_zone=Paris", "IANA zone"),
        ("telephone.marketing.time_zone=localtime", "IANA zone"),
        ("telephone.marketing.time_zone=../../etc/passwd", "IANA zone"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_says_what_can(setting: str, words: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        apply_settings(FRENCH, [setting])
    assert words in refused.value.detail
    assert setting in refused.value.detail


def telephone(policies: PolicySet) -> dict[str, Any]:
    return to_dict(policies.policies[Channel.TELEPHONE, Purpose.MARKETING])
