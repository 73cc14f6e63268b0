"""Every command takes `-` for a file, `--json`, prints a heading, and is listed by `--help`.

The tests take the registered commands, so a new command that breaks one of these rules fails here.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import click
import pytest
from click.testing import Result
from flask import Flask

from suppression.cli.program import program
from suppression.domain.vocabulary import Preset, Sector
from suppression.settings import SettingsError
from suppression.wiring.commands import create_unconfigured_app
from tests.api import make_controller, make_key
from tests.guards.test_documented import is_ours, registered_commands

ANNA, BERT = "anna.martin@example.fr", "bert.martin@example.fr"
OURS = {name: command for name, command in registered_commands().items() if is_ours(command)}
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
STOPS = f"email\n{ANNA}\nnobody\n".encode()
PEOPLE = f"email\n{ANNA}\n{BERT}\n".encode()
CASES = b"case,channel,at,decision,reasons\nA,email,2026-11-23 11:00,deny,no_consent\n"
CONSENTS = b"email,date_consentement\n" + ANNA.encode() + b",2026-01-02\nnobody,2026-01-02\n"
PROOF = [
    *("--wording", "I agree", "--given-by", "web_form", "--evidence", "form-7"),
    *("--collected-by", "web", "--channels", "email"),
]

# Commands that read a file: their arguments and its content. {FILE} is its path, or `-` for stdin.
READING: dict[str, tuple[list[str], bytes]] = {
    "consents import": (["okwind", "{FILE}", *PROOF], CONSENTS),
    "controllers brand": (["okwind", "--logo", "{FILE}"], SVG),
    "import": (["okwind", "{FILE}", "--channels", "email"], STOPS),
    "links": (["okwind", "{FILE}"], PEOPLE),
    "policies test": (["okwind", "{FILE}"], CASES),
    "scrub": (["okwind", "{FILE}", "--channel", "email"], PEOPLE),
}
# Commands that write a file: arguments, standard input, and how the first written line begins.
WRITING: dict[str, tuple[list[str], bytes, str]] = {
    "consents import": (["okwind", "-", *PROOF, "--errors", "{FILE}"], CONSENTS, "row,column,"),
    "import": (["okwind", "-", "--errors", "{FILE}"], STOPS, "row,column,reason,change"),
    "imports errors": (["okwind", "{IMPORT}", "{FILE}"], b"", "row,column,reason,change"),
    "links": (["okwind", "-", "--output", "{FILE}"], PEOPLE, "email,unsubscribe_url,"),
    "scrub": (
        ["okwind", "-", "--channel", "email", "--output", "{FILE}"],
        PEOPLE,
        "email,decision,reasons",
    ),
}
LISTS: dict[str, tuple[list[str], str]] = {
    "controllers list": ([], "slug\tname\tcountry\tpolicy"),
    "imports list": (["okwind"], "import_id\tstate\tcreated_at\trows\tnew\tknown\tinvalid\tstops"),
    "keys list": (["okwind"], "number\tname\tbegins\tscopes\tcreated\trevoked"),
    "reviews list": (["okwind"], "reference\twhy\trecorded"),
    "topics list": (["okwind"], "topic\tfr\ten"),
    "users list": (["okwind"], "login\trole\tdisabled"),
}
# Other commands that take --json according to README.
OTHERS: dict[str, list[str]] = {
    "check": ["okwind", "email", BERT],
    "policies show": ["okwind"],
    "policies test": ["okwind"],
    "imports apply": ["okwind", "{IMPORT}"],
    "imports discard": ["okwind", "{IMPORT}"],
    "imports undo": ["okwind", "{APPLIED}"],
}


class Commands:
    """Run commands on a controller with an API key, a topic and a user."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def run(self, name: str, words: list[str], given: bytes = b"") -> Result:
        """Run a command by its name and return its result.

        In `words`, {IMPORT} becomes the id of a staged import, {APPLIED} of an applied one.
        """
        if "{IMPORT}" in words or "{APPLIED}" in words:
            words = [
                self.imported() if "{" in word and word != "{FILE}" else word for word in words
            ]
            if name == "imports undo":
                self.call(["imports", "apply", "okwind", words[1]])
        return self.call([*name.split(), *words], given)

    def call(self, words: list[str], given: bytes = b"") -> Result:
        """Run a command with these bytes on its standard input and return its result."""
        return self.app.test_cli_runner().invoke(args=words, input=given)

    def imported(self) -> str:
        """Stage an import with one invalid row and return its id."""
        words = ["import", "okwind", "-", "--channels", "email", "--json"]
        return str(json.loads(self.call(words, STOPS).stdout)["import_id"])


def files(command: click.Command, *, read: bool) -> list[str]:
    """Return the parameters of a command that name a file to read (`read`) or to write."""
    names = []
    for parameter in command.params:
        if isinstance(parameter.type, click.File):
            reads = "r" in parameter.type.mode
        elif isinstance(parameter.type, click.Path):
            reads = parameter.type.exists
        else:
            continue
        names += [str(parameter.name)] if reads == read else []
    return names


def test_every_command_that_reads_or_writes_a_file_is_in_the_tables() -> None:
    assert {name for name, command in OURS.items() if files(command, read=True)} == set(READING)
    assert {name for name, command in OURS.items() if files(command, read=False)} == set(WRITING)


def test_no_command_takes_a_file_by_a_word_that_is_not_typed_as_one() -> None:
    words = ("file", "output", "errors", "logo")
    untyped = [
        f"{name}: {parameter.name}"
        for name, command in OURS.items()
        for parameter in command.params
        if parameter.name in words and not isinstance(parameter.type, click.Path | click.File)
    ]
    assert untyped == []


@pytest.mark.parametrize("name", sorted(READING))
def test_a_dash_is_standard_input(commands: Commands, name: str, tmp_path: Path) -> None:
    words, given = READING[name]
    piped = commands.run(name, ["-" if word == "{FILE}" else word for word in words], given)
    assert piped.exit_code in {0, 1}, piped.output
    assert "Error" not in piped.stderr
    file = tmp_path / "named.csv"
    file.write_bytes(given)
    named = commands.run(name, [str(file) if word == "{FILE}" else word for word in words])
    assert named.exit_code == piped.exit_code


@pytest.mark.parametrize("name", sorted(WRITING))
def test_a_dash_is_standard_output_and_nothing_else_stands_there(
    commands: Commands, name: str, tmp_path: Path
) -> None:
    words, given, heading = WRITING[name]
    piped = commands.run(name, ["-" if word == "{FILE}" else word for word in words], given)
    file = tmp_path / "written.csv"
    named = commands.run(name, [str(file) if word == "{FILE}" else word for word in words], given)
    assert piped.exit_code == named.exit_code
    assert piped.stdout.startswith(heading)
    rows = list(csv.reader(io.StringIO(piped.stdout)))
    assert len({len(row) for row in rows}) == 1
    written = list(csv.reader(io.StringIO(file.read_text())))
    assert [row[0] for row in rows] == [row[0] for row in written]


@pytest.mark.parametrize("name", sorted(set(WRITING) - {"imports errors"}))
def test_json_and_a_file_do_not_share_standard_output(commands: Commands, name: str) -> None:
    words, given, _ = WRITING[name]
    words = ["-" if word == "{FILE}" else word for word in words]
    refused = commands.run(name, [*words, "--json"], given)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "name a file" in refused.stderr


def test_every_command_that_readme_promises_json_of_is_in_a_table() -> None:
    lists = {name for name in OURS if name.split()[-1] == "list"}
    assert lists == set(LISTS)
    with_json = {
        name
        for name, command in OURS.items()
        if any("--json" in parameter.opts for parameter in command.params)
    }
    assert with_json == lists | set(READING) | set(OTHERS)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_is_an_array_for_programs_and_has_a_heading_for_people(
    commands: Commands, name: str
) -> None:
    words, heading = LISTS[name]
    commands.imported()
    rows = json.loads(commands.run(name, [*words, "--json"]).stdout)
    assert isinstance(rows, list)
    first, *lines = commands.run(name, words).stdout.splitlines()
    assert first.startswith(heading)
    assert len(lines) == len(rows)
    assert {line.count("\t") for line in lines} <= {first.count("\t")}
    assert set(first.split("\t")) <= (set(rows[0]) if rows else set(first.split("\t")))


@pytest.mark.parametrize("name", sorted(set(READING) | set(OTHERS)))
def test_json_is_one_object_or_array_and_stands_alone(
    commands: Commands, name: str, tmp_path: Path
) -> None:
    file = tmp_path / "given.csv"
    words, given = READING.get(name) or (OTHERS[name], b"")
    file.write_bytes(given)
    words = [str(file) if word == "{FILE}" else word for word in words]
    result = commands.run(name, [*words, "--json"])
    assert isinstance(json.loads(result.stdout), dict | list), result.stderr


def test_numbers_are_numbers_and_what_is_not_there_is_null(commands: Commands) -> None:
    (key,) = json.loads(commands.run("keys list", ["okwind", "--json"]).stdout)
    assert (key["number"], key["revoked"]) == (1, None)
    assert isinstance(key["scopes"], list)
    (user,) = json.loads(commands.run("users list", ["okwind", "--json"]).stdout)
    assert user == {"login": "m.durand", "role": "dpo", "disabled": False}
    commands.imported()
    (imported,) = json.loads(commands.run("imports list", ["okwind", "--json"]).stdout)
    assert (imported["rows"], imported["invalid"]) == (2, 1)


def test_policies_test_tells_a_program_which_cases_differ(commands: Commands) -> None:
    result = commands.run("policies test", ["okwind", "-", "--json"], CASES)
    told = json.loads(result.stdout)
    assert (result.exit_code, told["cases"], told["differ"]) == (1, 1, 1)
    (case,) = told["differing"]
    assert (case["case"], case["expected"]) == ("A", "deny: no_consent")


def help_of(group: click.Group, app: Flask) -> str:
    runner = app.test_cli_runner()
    return str(runner.invoke(group, ["--help"], prog_name="flask").stdout)


def test_help_lists_our_commands_and_not_those_of_flask(app: Flask) -> None:
    listed = help_of(program, app).partition("Commands:\n")[2]
    names = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")]
    assert not {"run", "shell", "routes"} & set(names)
    assert {"check", "db", "imports", "suppress", "worker"} <= set(names)


def test_help_without_settings_does_not_list_them_either() -> None:
    bare = create_unconfigured_app(SettingsError("DATABASE_URL is not set."))
    assert "shell" not in help_of(program, bare).partition("Commands:\n")[2]


@pytest.fixture
def commands(app: Flask, seen: set[str]) -> Commands:
    seen.update({ANNA, BERT})
    make_key(app, make_controller(app, "okwind", Preset.OBJECTION_ONLY, Sector.GENERAL))
    made = Commands(app)
    made.call(["topics", "create", "okwind", "news", "--fr", "Lettre", "--en", "News"])
    made.call(["users", "create", "m.durand", "--controller", "okwind", "--role", "dpo"])
    return made
