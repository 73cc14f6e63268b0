"""The changes between two versions of policies are found, and those that allow more are known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.errors import InvalidValueError
from suppression.domain.policies.changes import changes_between
from suppression.domain.policies.model import Policy, PolicySet
from suppression.domain.policies.presets import preset_policies
from suppression.domain.policies.serialization import dumps, loads
from suppression.domain.policies.settings import apply_settings, to_settings
from suppression.domain.policy_testing.summary import summarize_policies
from suppression.domain.vocabulary import Channel, Preset, Purpose, Sector
from tests.domain.checks import strategies as some

FRENCH = preset_policies(Preset.FR_2026, Sector.GENERAL)
CLOSED = preset_policies(Preset.FR_2026, Sector.HOME_ENERGY)
CALLS = "telephone.marketing"


SETTINGS = [
    (FRENCH, f"{CALLS}.rule=opt_out", True),
    (FRENCH, "post.marketing.rule=opt_in", False),
    (FRENCH, f"{CALLS}.attestable=appointment,consent,contract", True),
    (FRENCH, f"{CALLS}.attestable=consent", True),
    (FRENCH, f"{CALLS}.attestable=contract", False),
    (CLOSED, f"{CALLS}.closed=no", True),
    (FRENCH, f"{CALLS}.closed=yes", False),
    (FRENCH, f"{CALLS}.consent_months=13", True),
    (FRENCH, f"{CALLS}.consent_months=0", True),
    (FRENCH, f"{CALLS}.consent_months=6", False),
    (FRENCH, "email.marketing.consent_months=24", False),
    (FRENCH, f"{CALLS}.appointment_minutes=16", True),
    (FRENCH, f"{CALLS}.appointment_minutes=5", False),
    (FRENCH, f"{CALLS}.attempts=5", True),
    (FRENCH, f"{CALLS}.attempts=0", True),
    (FRENCH, f"{CALLS}.attempts=3", False),
    (FRENCH, "sms.marketing.attempts=9", False),
    (FRENCH, f"{CALLS}.attempts_days=29", True),
    (FRENCH, f"{CALLS}.attempts_days=31", False),
    (FRENCH, "sms.marketing.attempts_days=7", False),
    (FRENCH, f"{CALLS}.silence_days=59", True),
    (FRENCH, f"{CALLS}.silence_days=61", False),
    (FRENCH, f"{CALLS}.hours=none", True),
    (FRENCH, f"{CALLS}.hours=10:00-20:00", True),
    (FRENCH, f"{CALLS}.hours=10:30-13:00,14:00-19:00", False),
    (FRENCH, "email.marketing.hours=08:00-20:00", False),
    (FRENCH, f"{CALLS}.days=mon,sat", True),
    (FRENCH, f"{CALLS}.days=mon,tue", False),
    (FRENCH, f"{CALLS}.holidays=none", True),
    (FRENCH, f"{CALLS}.holidays=DE", True),
    (FRENCH, "sms.marketing.holidays=FR", False),
    (FRENCH, f"{CALLS}.time_zone=Europe/Paris", True),
]


def test_a_time_zone_with_new_hours_counts_calls_in_fewer_zones() -> None:
    """Without hours, the calls of a hashed number count in the first and the last zone."""
    anywhere = apply_settings(FRENCH, [f"{CALLS}.hours=none"])
    hours = [f"{CALLS}.hours=00:00-24:00", f"{CALLS}.days=mon,tue,wed,thu,fri,sat,sun"]

    def looser(start: PolicySet, *settings: str) -> list[str]:
        after = apply_settings(start, [*hours, *settings])
        return [change.name for change in changes_between(start, after) if change.looser]

    zone = f"{CALLS}.time_zone=Europe/Paris"
    assert looser(anywhere) == []
    assert looser(anywhere, zone) == [f"{CALLS}.time_zone"]
    silence_alone = apply_settings(anywhere, [f"{CALLS}.attempts=0"])
    assert looser(silence_alone, zone) == [f"{CALLS}.time_zone"]
    no_limit = apply_settings(silence_alone, [f"{CALLS}.silence_days=0"])
    assert looser(no_limit, zone) == []
    in_paris = apply_settings(FRENCH, [zone])
    without = changes_between(in_paris, apply_settings(in_paris, [f"{CALLS}.hours=none"]))
    assert [change.name for change in without if change.looser] == [f"{CALLS}.hours"]


@pytest.mark.parametrize(("start", "setting", "looser"), SETTINGS)
def test_what_allows_more_is_known(start: PolicySet, setting: str, *, looser: bool) -> None:
    changes = changes_between(start, apply_settings(start, [setting]))
    assert any(change.looser for change in changes) is looser
    name, _, value = setting.partition("=")
    assert [change.after for change in changes if change.name == name] == [value]


def test_a_sector_tells_itself_and_all_that_it_closes() -> None:
    changes = changes_between(FRENCH, CLOSED)
    names = [change.name for change in changes]
    assert names[0] == "sector"
    assert {"telephone.marketing.closed", "sms.marketing.closed"} <= set(names)
    assert {change.name for change in changes if change.looser} == {
        "email.marketing.attestable",  # a contract, which was none of the bases there
        "sms.marketing.attestable",
    }
    assert any(change.looser for change in changes_between(CLOSED, FRENCH))


def test_leaving_the_french_preset_allows_more() -> None:
    free = preset_policies(Preset.OBJECTION_ONLY)
    looser = {str(change) for change in changes_between(FRENCH, free) if change.looser}
    assert "telephone.marketing.rule: was opt_in, is opt_out" in looser
    assert "telephone.marketing.hours: was 10:00-13:00,14:00-20:00, is none" in looser
    assert str(changes_between(FRENCH, free)[1]) == "sector: was general, is none"


def test_french_rules_must_know_the_sector() -> None:
    with pytest.raises(InvalidValueError, match="home_adaptation"):
        preset_policies(Preset.FR_2026)


@given(st.sampled_from(Channel).flatmap(some.policies))
def test_settings_and_documents_lose_nothing_of_a_policy(policy: Policy) -> None:
    whole = PolicySet(
        preset=Preset.FR_2026,
        sector=Sector.GENERAL,
        policies={**FRENCH.policies, policy.scope: policy},
        version=7,
    )
    settings = [f"{policy.path}.{name}={value}" for name, value in to_settings(policy).items()]
    assert apply_settings(FRENCH, settings).policies == whole.policies
    assert loads(dumps(whole), 7) == whole
    assert changes_between(whole, whole) == []


@pytest.mark.parametrize("day", [1, 21, 25])
def test_the_summary_answers_at_telling_moments(day: int) -> None:
    now = datetime(2026, 12, day, 9, 30, tzinfo=UTC)
    answers = {name: answer for name, _, answer in summarize_policies(FRENCH, now)}
    assert answers["call: nothing on record"] == "deny: no_consent"
    assert answers["call: consent"] == "allow: consent"
    assert answers["call: consent, on a Sunday"].startswith("deny: outside_hours, again")
    assert answers["call: consent, on a public holiday"].startswith("deny: public_holiday")
    assert answers["call: consent, a 5th attempt"].startswith("deny: attempts_exhausted")
    assert answers["call: consent, refused today"].startswith("deny: refused")
    assert answers["call: consent, then an objection"] == "deny: objection"
    assert answers["call: appointment on a Sunday"] == "allow: appointment attested"
    assert answers["call: consent, a hashed number"] == "unknown: time_zone_unknown"
    free = {
        name: result
        for name, _, result in summarize_policies(preset_policies(Preset.OBJECTION_ONLY), now)
    }
    assert free["call: nothing on record"] == "allow: no_objection"
    assert FRENCH.policies[None, Purpose.SHARING].rule == "opt_in"
