"""`flask import` and `flask imports` as a person at a terminal uses them with a list of stops."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.api import Api
from tests.conftest import Clock
from tests.importing import Imports, emails, listed

ANNA = "anna.martin@example.fr"
PHONE = "06 12 34 56 78"


class Commands:
    """Run commands of the application on files in a folder."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder

    def file(self, text: str) -> str:
        """Write a file with this text and return its path."""
        path = self.folder / f"list-{len(list(self.folder.iterdir()))}.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def run(self, *words: str) -> Result:
        """Run a command and return its result."""
        return self.app.test_cli_runner().invoke(args=list(words))

    def json(self, *words: str) -> dict[str, Any]:
        """Run a command with `--json` and return the import that it shows."""
        result = self.run(*words, "--json")
        assert result.exit_code in {0, 1}, result.stderr
        shown: dict[str, Any] = json.loads(result.stdout)
        assert result.exit_code == (shown["invalid"] > 0)
        return shown


def test_a_file_is_staged_and_shown_before_it_stops_anybody(commands: Commands, api: Api) -> None:
    result = commands.run("import", "okwind", commands.file(f"E-mail;Motif\n{ANNA};spam\n"))
    assert result.exit_code == 0
    assert "state\tstaged" in result.stdout
    assert "Columns: email, reason" in result.stderr
    assert "Row 2: email, complaint, since 2026-11-21" in result.stderr
    assert ANNA not in result.output
    assert api.decision("email", ANNA) == "allow"


def test_with_apply_it_is_done_at_once_and_can_be_undone(commands: Commands, api: Api) -> None:
    file = commands.file(f"email,phone\n{ANNA},{PHONE}\n")
    shown = commands.json("import", "okwind", file, "--channels", "sms,email", "--apply")
    assert (shown["state"], shown["applied"]) == ("applied", 2)
    assert [api.decision(*check) for check in checks_of_the_file()] == ["deny", "deny", "allow"]
    undone = commands.json("imports", "undo", "okwind", shown["import_id"])
    assert (undone["state"], undone["released"]) == ("undone", 2)
    assert [api.decision(*check) for check in checks_of_the_file()] == ["allow"] * 3


def test_the_same_file_again_says_which_import_it_is(commands: Commands) -> None:
    file = commands.file(emails(range(3)))
    first = commands.json("import", "okwind", file, "--apply")
    again = commands.run("import", "okwind", file, "--apply", "--json")
    assert json.loads(again.stdout) == first
    assert f"import {first['import_id']} already" in again.stderr


def test_invalid_rows_are_listed_in_a_file_and_end_with_1(commands: Commands) -> None:
    errors = commands.folder / "errors.csv"
    file = commands.file(f"email,date opposition\nnobody,2024-01-01\n{ANNA},31/02/2024\n")
    shown = commands.json("import", "okwind", file, "--errors", str(errors))
    assert (shown["rows"], shown["invalid"]) == (2, 2)
    later = commands.folder / "later.csv"
    commands.run("imports", "errors", "okwind", shown["import_id"], str(later))
    assert later.read_bytes() == errors.read_bytes()
    rows = list(csv.DictReader(errors.read_text(encoding="utf-8").splitlines()))
    assert [(row["row"], row["column"], row["reason"]) for row in rows] == [
        ("2", "email", "identifier_unreadable"),
        ("3", "occurred_at", "date_impossible"),
    ]


def test_imports_are_listed_applied_and_discarded_by_their_ids(
    commands: Commands, app: Flask
) -> None:
    imported = commands.json("import", "okwind", commands.file(emails([1])))
    two = commands.json("import", "okwind", commands.file(emails([2])))
    assert commands.json("imports", "apply", "okwind", imported["import_id"])["state"] == "applied"
    assert commands.json("imports", "discard", "okwind", two["import_id"])["state"] == "discarded"
    heading, *lines = commands.run("imports", "list", "okwind").stdout.splitlines()
    assert heading.startswith("import_id\tstate\tcreated_at\trows\t")
    assert [line.split("\t")[:2] for line in lines] == [
        [two["import_id"], "discarded"],
        [imported["import_id"], "applied"],
    ]
    assert len(listed(app)) == 1
    refused = commands.run("imports", "undo", "okwind", two["import_id"])
    assert (refused.exit_code, "discarded" in refused.stderr) == (1, True)
    assert commands.run("imports", "apply", "okwind", "NONE").exit_code == 1


def test_options_speak_for_rows_that_say_nothing(commands: Commands, api: Api) -> None:
    text = f"Adresse 1;bis\n{ANNA};01/02/2027\n"
    options = ["--column", "email=Adresse 1", "--column", "until=2", "--occurred-at", "01/05/2024"]
    shown = commands.json("import", "okwind", commands.file(text), *options, "--apply")
    assert shown["applied"] == 1
    (row,) = api.search("email", ANNA)["in_force"]
    assert (row["since"], row["expires_at"]) == (
        "2024-05-01T21:59:59.999999Z",
        "2027-02-01T23:00:00Z",
    )


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ("21/11/2026", "2026-11-21T09:30:00Z"),
        ("21/11/2026 10:15", "2026-11-21T09:30:00Z"),
        ("2026-11-21T09:00:00Z", "2026-11-21T09:00:00Z"),
        ("2026-11-20", "2026-11-20T22:59:59.999999Z"),
    ],
)
def test_a_day_of_all_rows_is_its_end_or_now(
    commands: Commands, api: Api, clock: Clock, said: str, since: str
) -> None:
    file = commands.file(f"email\n{ANNA}\n")
    commands.json("import", "okwind", file, "--occurred-at", said, "--apply")
    (row,) = api.search("email", ANNA)["in_force"]
    assert row["since"] == since
    for days in (0, 1, 30):
        clock.turn(days=days)
        again = commands.json("import", "okwind", file, "--occurred-at", said)
        assert again["state"] == "applied"


def test_no_date_is_another_import_than_today(commands: Commands) -> None:
    file = commands.file(f"email\n{ANNA}\n")
    commands.json("import", "okwind", file)
    refused = commands.run("import", "okwind", file, "--occurred-at", "2026-11-21")
    assert "with other options" in refused.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--column", "mood=1"],
        ["--column", "email"],
        ["--occurred-at", "yesterday"],
        ["--occurred-at", "2026-11-22"],
        ["--channels", "pigeon"],
        ["--topic", "lottery"],
        ["--encoding", "no-such"],
    ],
    ids=str,
)
def test_an_option_that_cannot_be_is_told_and_nothing_is_staged(
    commands: Commands, options: list[str]
) -> None:
    result = commands.run("import", "okwind", commands.file(emails([1])), *options)
    assert result.exit_code in {1, 2}
    assert "Error: " in result.stderr
    assert commands.run("imports", "list", "okwind", "--json").stdout == "[]\n"


def test_the_worker_applies_what_was_asked_for_over_http(
    commands: Commands, api: Api, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports = Imports(app)
    staged = imports.stage(f"email\n{ANNA}\n").import_
    api.post(f"/v1/imports/{staged.import_id}/apply")
    monkeypatch.setattr("suppression.cli.worker.run_synthetic_opt_out", _no_click)
    commands.run("worker", "--once")
    assert api.decision("email", ANNA) == "deny"


def _no_click(*_: object, **__: object) -> None:
    raise SystemExit


def checks_of_the_file() -> list[tuple[str, str]]:
    return [("email", ANNA), ("sms", PHONE), ("telephone", PHONE)]


@pytest.fixture
def commands(app: Flask, api: Api, seen: set[str], tmp_path: Path) -> Commands:
    assert api.key
    seen.update({ANNA, PHONE})
    folder = tmp_path / "files"
    folder.mkdir()
    return Commands(app, folder)
