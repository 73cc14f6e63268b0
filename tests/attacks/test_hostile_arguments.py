"""A command that gets a text which no database stores prints a message, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.api import Api

SURROGATE = "\udc80"
"""The character to which Python decodes a byte 0x80 in an argument."""
HOSTILE = [SURROGATE, "\U0001f6d1", "\u202e\u200f", "x" * 65_536]
COMMANDS = (
    ("check", "okwind", "email", "{}"),
    ("check", "okwind", "email", "a@example.fr", "--topic", "{}"),
    ("check", "{}", "email", "a@example.fr"),
    ("check", "okwind", "{}", "a@example.fr"),
    ("check", "okwind", "post", "Zoé{};1 rue Inventée;75001 Paris"),
    ("suppress", "okwind", "email", "a{}@example.fr"),
    ("suppress", "okwind", "email", "a@example.fr", "--topic", "{}"),
    ("explain", "email", "a{}@example.fr", "{}"),
    ("explain", "postal", "Zoé{};1 rue Inventée;75001 Paris"),
    ("explain", "phone", "{}", "--country", "{}"),
    ("topics", "create", "okwind", "{}", "--fr", "{}", "--en", "{}"),
    ("topics", "create", "okwind", "news", "--fr", "a{}", "--en", "b{}"),
    ("topics", "list", "okwind", "--json"),
    ("controllers", "create", "{}", "--name", "{}", "--country", "{}", "--policy", "fr-2026"),
    ("controllers", "create", "other", "--name", "O{}", "--country", "FR"),
    ("controllers", "brand", "okwind", "--dpo", "{}", "--colour", "{}"),
    ("controllers", "brand", "okwind", "--dpo", "DPO {}"),
    ("controllers", "list", "--json"),
    ("keys", "create", "okwind", "--name", "{}", "--scopes", "check"),
    ("keys", "create", "okwind", "--name", "k", "--scopes", "{}"),
    ("keys", "revoke", "okwind", "{}"),
    ("keys", "list", "okwind", "--json"),
    ("users", "create", "{}", "--controller", "okwind", "--role", "dpo"),
    ("users", "reset-password", "{}"),
    ("policies", "set", "okwind", "{}", "email.marketing.rule={}"),
    ("imports", "apply", "okwind", "{}"),
    ("unheard-of{}",),
)


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


def test_every_argument_takes_or_refuses_any_text(app: Flask, api: Api) -> None:
    del api
    for arguments in COMMANDS:
        for text in HOSTILE:
            result = run(app, *(argument.format(text) for argument in arguments))
            assert isinstance(result.exception, SystemExit | None), (arguments, result.exception)
            assert "Traceback" not in result.output


def test_a_topic_that_came_in_other_bytes_is_shown_on_the_page(app: Flask, api: Api) -> None:
    made = run(
        app, "topics", "create", "okwind", "news", "--fr", f"Actu{SURROGATE}", "--en", "News"
    )
    assert made.exit_code == 0
    assert api.client.get("/stop/okwind").status_code == 200
    listed = json.loads(run(app, "topics", "list", "okwind", "--json").stdout)
    assert "Actu\ufffd" in {name for topic in listed for name in topic.values()}


ENCODED = (
    ("scrub", "--channel", "email"),
    ("links",),
    ("import", "--channels", "email"),
    ("consents import", "--channels", "email"),
)


@pytest.mark.parametrize("encoding", ["utf-7", "unicode_escape", "punycode", "idna", "undefined"])
def test_an_encoding_that_makes_half_characters_is_a_message(
    app: Flask, api: Api, tmp_path: Path, encoding: str
) -> None:
    del api
    file = tmp_path / "people.csv"
    file.write_bytes(b"email\na+2D0-@example.fr\nb\\ud83d@example.fr\n")
    for command in ENCODED:
        name, *options = command
        result = run(app, *name.split(), "okwind", str(file), "--encoding", encoding, *options)
        assert isinstance(result.exception, SystemExit | None), (command, result.exception)


def test_a_file_is_opened_by_its_very_bytes(app: Flask, api: Api, tmp_path: Path) -> None:
    api.seen.add("a@example.fr")
    file = tmp_path / f"people{SURROGATE}.csv"
    file.write_bytes(b"email\na@example.fr\n")
    assert run(app, "import", "okwind", str(file), "--channels", "email", "--apply").exit_code == 0
    assert api.decision("email", "a@example.fr") == "deny"
