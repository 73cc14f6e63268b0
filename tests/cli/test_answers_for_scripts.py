"""The exit statuses, warnings and hints of commands, on which scripts and people rely."""

from __future__ import annotations

import json

import pytest
from click.testing import Result
from flask import Flask

from suppression.domain.vocabulary import Preset
from suppression.wiring.whole import create_app
from tests.api import make_controller
from tests.databases import settings_for

ANNA, BERT = "anna.martin@example.fr", "bert.martin@example.fr"
SHORT = "06 12 34 56 7"


def run(app: Flask, *words: str, given: str = "") -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=given)


def test_check_ends_with_0_after_allow_alone(made: Flask) -> None:
    command = ("check", "okwind", "email", ANNA)
    allowed = run(made, *command)
    assert (allowed.exit_code, allowed.stdout) == (0, "allow\n")
    run(made, "suppress", "okwind", "email", ANNA)
    denied = run(made, *command)
    assert (denied.exit_code, denied.stdout) == (10, "deny\n")
    assert run(made, *command, "--json").exit_code == 10


def test_check_ends_with_3_where_it_cannot_know(made: Flask) -> None:
    unreadable = run(made, "check", "okwind", "telephone", "not a number")
    assert (unreadable.exit_code, unreadable.stdout) == (3, "unknown\n")


@pytest.mark.parametrize("json_too", [False, True])
def test_check_ends_with_3_where_the_database_is_away(*, json_too: bool) -> None:
    away = create_app(settings_for("postgresql+psycopg2://nobody@127.0.0.1:1/nowhere"))
    words = ["--json"] if json_too else []
    result = run(away, "check", "okwind", "email", ANNA, *words)
    assert result.exit_code == 3
    assert result.stderr.startswith("Error: The database at ")
    answer = json.loads(result.stdout)["decision"] if json_too else result.stdout.strip()
    assert answer == "unknown"
    assert run(away, "suppress", "okwind", "email", ANNA).exit_code == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["nobody", "email", ANNA], 1),
        (["okwind", "pigeon", ANNA], 2),
        (["okwind", "email"], 2),
    ],
)
def test_an_error_of_the_command_is_no_answer(made: Flask, words: list[str], status: int) -> None:
    failed = run(made, "check", *words)
    assert (failed.exit_code, failed.stdout) == (status, "")


@pytest.mark.parametrize("channel", ["telephone", "sms"])
def test_a_stop_of_a_number_with_a_digit_missing_is_recorded_with_a_warning(
    made: Flask, seen: set[str], channel: str
) -> None:
    seen.update({SHORT, "0612345678"})
    recorded = run(made, "suppress", "okwind", channel, SHORT)
    assert recorded.exit_code == 0
    assert len(recorded.stdout.strip()) == 14
    assert "Is a digit missing" in recorded.stderr
    assert SHORT not in recorded.stderr
    assert "Is a digit missing" in run(made, "check", "okwind", channel, SHORT).stderr
    whole = run(made, "suppress", "okwind", channel, "06 12 34 56 78")
    assert "digit" not in whole.stderr


def test_an_import_is_followed_by_commands_that_can_be_pasted(made: Flask, seen: set[str]) -> None:
    seen.update({ANNA, BERT})
    for email, last in ((ANNA, "apply"), (BERT, "discard")):
        staged = run(
            made, "import", "okwind", "-", "--channels", "email", given=f"email\n{email}\n"
        )
        (hint,) = [line for line in staged.stderr.splitlines() if f" imports {last} " in line]
        import_id = dict(line.split("\t") for line in staged.stdout.splitlines())["import_id"]
        assert hint.split() == ["flask", "imports", last, "okwind", import_id]
        assert run(made, *hint.split()[1:]).exit_code == 0


def test_applying_ends_with_0_where_every_valid_row_was_applied(
    made: Flask, seen: set[str]
) -> None:
    seen.add(ANNA)
    words = ["import", "okwind", "-", "--channels", "email", "--json"]
    staged = run(made, *words, given=f"email\n{ANNA}\nnobody\n")
    assert staged.exit_code == 1, "one row is invalid"
    applied = run(made, "imports", "apply", "okwind", json.loads(staged.stdout)["import_id"])
    assert applied.exit_code == 0
    assert "applied\t1" in applied.stdout


@pytest.fixture
def made(app: Flask, seen: set[str]) -> Flask:
    seen.update({ANNA, BERT})
    make_controller(app, "okwind", Preset.OBJECTION_ONLY)
    return app
