"""`flask policies` shows policies as they are set, tests them, and changes them by new versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from suppression.domain.vocabulary import Preset, Sector
from suppression.storage.engine.base import db
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api, make_controller, make_key
from tests.conftest import Clock
from tests.domain.checks.decision_table import complete_table

PHONE = "+33612345678"


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["policies", *arguments])


@pytest.fixture
def made(app: Flask) -> Flask:
    """Return an application with a controller that has the preset `fr-2026`."""
    make_controller(app, "okwind", Preset.FR_2026, Sector.GENERAL)
    return app


def test_what_is_shown_can_be_set(made: Flask) -> None:
    shown = run(made, "show", "okwind")
    assert shown.stderr == "version 1 of fr-2026 (general), since 2026-11-21T09:30:00Z by cli\n"
    lines = shown.stdout.splitlines()
    assert "telephone.marketing.hours=10:00-13:00,14:00-20:00" in lines
    assert "sharing.rule=opt_in" in lines
    refused = run(made, "set", "okwind", *lines)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Nothing would change" in refused.stderr


def test_a_change_counts_at_once_is_a_version_and_says_what_it_opens(
    made: Flask, seen: set[str]
) -> None:
    api = Api(made, _key(made), seen)
    assert api.decision("telephone", PHONE) == "deny"
    changed = run(
        made,
        "set",
        "okwind",
        "telephone.marketing.rule=opt_out",
        "email.marketing.consent_months=6",
    )
    assert changed.stdout == "2\n"
    opened = "telephone.marketing.rule: was opt_in, is opt_out"
    assert changed.stderr.splitlines() == [
        "email.marketing.consent_months: was 0, is 6",
        opened,
        f"this allows more than before: {opened}",
    ]
    assert api.codes("telephone", PHONE) == ["outside_hours"]
    versions = json.loads(run(made, "show", "okwind", "--versions", "--json").stdout)
    assert [version["version"] for version in versions] == [1, 2]
    assert [len(version["changes"]) for version in versions] == [0, 2]
    told = run(made, "show", "okwind", "--versions").stdout
    assert f"\t{opened}\n" in told


def test_each_policy_that_changed_has_its_ledger_entry(made: Flask) -> None:
    run(made, "set", "okwind", "telephone.marketing.attempts=2", "sms.marketing.days=mon")
    with made.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT source, count(*) FROM ledger_entries GROUP BY source ORDER BY source"
        ).all()
    assert [tuple(row) for row in rows] == [("policy:1", 1), ("policy:2", 2)]


def test_a_dry_run_writes_nothing(made: Flask) -> None:
    dry = run(made, "set", "okwind", "telephone.marketing.silence_days=0", "--dry-run")
    assert (dry.exit_code, dry.stdout) == (0, "")
    assert "this allows more than before" in dry.stderr
    assert json.loads(run(made, "show", "okwind", "--json").stdout)["version"] == 1


def test_a_preset_begins_anew_and_controllers_list_tells_it(made: Flask) -> None:
    run(made, "set", "okwind", "telephone.marketing.silence_days=0")
    changed = run(made, "set", "okwind", "--preset", "fr-2026", "--sector", "home_energy")
    assert changed.stdout == "3\n"
    assert "telephone.marketing.silence_days: was 0, is 60" in changed.stderr
    assert "sector: was general, is home_energy" in changed.stderr
    run(made, "set", "okwind", "--preset", "objection-only")
    listed = made.test_cli_runner().invoke(args=["controllers", "list", "--json"]).stdout
    assert [load["policy"] for load in json.loads(listed)] == ["objection-only"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["telephone.marketing.rule=perhaps"], "opt_out or opt_in"),
        (["--sector", "general"], "--preset"),
        (["--preset", "fr-2026"], "sector"),
        ([], "Nothing would change"),
    ],
)
def test_what_cannot_be_set_is_explained_and_changes_nothing(
    made: Flask, arguments: list[str], words: str
) -> None:
    refused = run(made, "set", "okwind", *arguments)
    assert refused.exit_code != 0
    assert words in refused.stderr
    assert json.loads(run(made, "show", "okwind", "--json").stdout)["version"] == 1


def test_without_a_table_telling_moments_are_answered(made: Flask, clock: Clock) -> None:
    assert clock.now.isoweekday() == 6
    heading, *lines = run(made, "test", "okwind").stdout.splitlines()
    assert heading == "case\tat\tanswer"
    answers = {name: answer for name, _, answer in (line.split("\t") for line in lines)}
    assert answers["call: nothing on record"] == "deny: no_consent"
    assert answers["call: consent"] == "allow: consent"
    assert answers["call: consent, now"] == "deny: outside_hours, again Mon 2026-11-23 10:00"
    assert answers["e-mail: customer"] == "allow: customer attested"


def test_the_projects_own_cases_hold_with_the_policies_they_name(
    made: Flask, tmp_path: Path
) -> None:
    table = tmp_path / "cases.csv"
    table.write_text(complete_table(), "utf-8")
    result = run(made, "test", "okwind", str(table))
    assert (result.exit_code, result.stdout) == (0, "case\texpected\tgot\n")
    assert "0 differ" in result.stderr


def test_a_table_without_policies_is_about_the_controllers_own(made: Flask, tmp_path: Path) -> None:
    table = tmp_path / "cases.csv"
    lines = "case,channel,at,decision,reasons\nA,telephone,2026-11-23 11:00,deny,no_consent\n"
    table.write_text("\ufeff" + lines, encoding="utf-8")
    assert run(made, "test", "okwind", str(table)).exit_code == 0
    run(made, "set", "okwind", "telephone.marketing.rule=opt_out")
    result = run(made, "test", "okwind", str(table))
    assert (result.exit_code, result.stdout) == (
        1,
        "case\texpected\tgot\nA\tdeny: no_consent\tallow: no_objection\n",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"case,at,decision\nA,\xff,deny\n", "UTF-8"),
        (b"case,at,decision,colour\n", "column colour"),
        (b"case,channel,at,decision\nA,telephone,tomorrow,deny\n", "line 2, at"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(
    made: Flask, tmp_path: Path, content: bytes, words: str
) -> None:
    table = tmp_path / "cases.csv"
    table.write_bytes(content)
    refused = run(made, "test", "okwind", str(table))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert words in refused.stderr


def _key(app: Flask) -> str:
    with app.app_context():
        return make_key(app, find_controller("okwind"))
