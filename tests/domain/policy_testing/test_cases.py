"""An unreadable cell of a table of cases is refused with its place, and nothing is guessed."""

from __future__ import annotations

import pytest

from suppression.domain.errors import InvalidValueError
from suppression.domain.policies.presets import preset_policies
from suppression.domain.policy_testing.cases import (
    describe_result,
    policies_for,
    read_cases,
    run_case,
)
from suppression.domain.vocabulary import Kind, Preset, Sector

FRENCH = preset_policies(Preset.FR_2026, Sector.GENERAL)
GOOD = {"case": "A", "channel": "telephone", "at": "Mon 2026-11-23 11:00", "decision": "deny"}


def table(**cells: str) -> list[str]:
    """Return a table of one case, in which `cells` replace those of GOOD."""
    row = GOOD | cells
    return [",".join(row), ",".join(f'"{value}"' for value in row.values())]


def test_a_case_without_a_preset_is_about_ones_own_policies() -> None:
    (case,) = read_cases(table(settings="telephone.marketing.rule=opt_out"))
    got = run_case(case, policies_for(case, FRENCH))
    assert describe_result(got, case.zone) == "allow: no_objection"
    with pytest.raises(InvalidValueError, match="name a preset"):
        policies_for(case)


def test_a_case_with_a_preset_is_about_that() -> None:
    (case,) = read_cases(table(preset="objection-only"))
    assert run_case(case, policies_for(case, FRENCH)).decision == "allow"


def test_what_an_outcome_has_no_reason_for_is_told_alone() -> None:
    (case,) = read_cases(table(retry_at="Mon 2026-11-23 14:00"))
    assert describe_result(case.expected, case.zone) == "deny, again Mon 2026-11-23 14:00"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [({"purpose": "sharing"}, Kind.EMAIL), ({"purpose": "sharing", "where": "RE"}, Kind.PHONE)],
)
def test_what_has_no_channel_is_of_the_kind_that_where_tells(
    cells: dict[str, str], kind: Kind
) -> None:
    (case,) = read_cases(table(channel="", **cells))
    assert (case.check.subject.kind, case.check.scope.channel) == (kind, None)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"at": ""}, "line 2, at: it is needed"),
        ({"case": ""}, "line 2, case: it is needed"),
        ({"channel": ""}, "line 2, channel: it is needed"),
        ({"decision": "perhaps"}, "line 2, decision"),
        ({"at": "tomorrow"}, "line 2, at: write a time"),
        ({"at": "Tue 2026-11-23 11:00"}, "2026-11-23 is a Mon"),
        ({"at": "2026-10-25 02:30"}, "twice or never"),
        ({"at": "2027-03-28 02:30"}, "twice or never"),
        ({"at": "2026-02-29 10:00"}, "line 2, at"),
        ({"at": "0001-01-01 00:00"}, "line 2, at: write a time that has one in UTC"),
        ({"zone": "Paris"}, "line 2, zone"),
        ({"zone": "../../etc"}, "line 2, zone"),
        ({"where": "Mars"}, "line 2, where: use one of FR"),
        ({"consents": "since long"}, "line 2, consents: write a consent"),
        ({"consents": "2026-11-01 10:00 on fax"}, "line 2, consents"),
        ({"stops": "objection"}, "line 2, stops: write a stop"),
        ({"stops": "dislike @ 2026-11-01 10:00"}, "line 2, stops"),
        ({"attempts": "often"}, "line 2, attempts"),
        ({"basis": "hope"}, "line 2, basis"),
        ({"preset": "us-2026"}, "line 2, preset"),
        ({"colour": "red"}, "column colour: use some of"),
    ],
)
def test_what_cannot_be_read_says_where_and_what(cells: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        read_cases(table(**cells))
    assert words in refused.value.detail


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "column case: it is needed"),
        (["case,at\n"], "column decision: it is needed"),
        ([*table(), "A,telephone,2026-11-23 11:00,deny,more"], "line 3: it has more cells"),
        (['"ca"se,channel,at,decision\n'], "line 1:"),
        ([table()[0], 'A,telephone,"2026" 1,deny'], "line 2:"),
    ],
)
def test_a_table_of_another_form_is_refused(lines: list[str], words: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        read_cases(lines)
    assert words in refused.value.detail


def test_a_line_of_fewer_cells_has_the_others_empty() -> None:
    (case,) = read_cases(["case,channel,at,decision,note", "A,telephone,2026-11-23 11:00,deny"])
    assert case.expected.retry_at is None
