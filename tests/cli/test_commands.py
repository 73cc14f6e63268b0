"""Commands print what a script needs on stdout, and everything else on stderr."""

from __future__ import annotations

import dataclasses
import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from suppression.domain.controllers.api_keys import key_hint, looks_like_key
from suppression.storage.engine.database import writing
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.databases import Database

CONTROLLER = ["controllers", "create", "okwind", "--name", "Okwind", "--country", "FR"]


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


@pytest.fixture
def made(app: Flask) -> Flask:
    """Return an application with the controller okwind."""
    assert run(app, *CONTROLLER, "--policy", "objection-only").exit_code == 0
    return app


def test_a_key_stands_alone_on_stdout_and_works(made: Flask, seen: set[str]) -> None:
    result = run(made, "keys", "create", "okwind", "--name", "crm", "--scopes", "check,suppress")
    key = result.stdout.strip()
    assert looks_like_key(key)
    me = Api(made, key, seen).send("GET", "/v1/me").get_json()
    assert me["scopes"] == ["check", "suppress"]


def test_a_revoked_key_is_refused_at_once(made: Flask, seen: set[str]) -> None:
    key = run(made, "keys", "create", "okwind", "--name", "crm", "--scopes", "check").stdout.strip()
    api = Api(made, key, seen)
    assert api.send("GET", "/v1/me").status_code == 200
    assert run(made, "keys", "revoke", "okwind", "1").exit_code == 0
    assert api.send("GET", "/v1/me").status_code == 401
    assert run(made, "keys", "revoke", "okwind", "1").exit_code == 1


def test_keys_are_listed_by_hint_and_never_shown_again(made: Flask) -> None:
    key = run(made, "keys", "create", "okwind", "--name", "crm", "--scopes", "check").stdout.strip()
    listed = run(made, "keys", "list", "okwind", "--json").stdout
    assert key not in listed
    assert json.loads(listed)[0]["begins"] == key_hint(key)


def test_the_policy_must_be_named(app: Flask) -> None:
    refused = run(app, *CONTROLLER)
    assert refused.exit_code == 2
    assert "--policy" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["controllers", "create", "No Slug", "--name", "x", "--country", "FR"], "slug"),
        (["controllers", "create", "x", "--name", "x", "--country", "France"], "country"),
        (["controllers", "create", "x", "--name", " ", "--country", "FR"], "name"),
        (["controllers", "create", "okwind", "--name", "x", "--country", "FR"], "exists"),
    ],
)
def test_a_wrong_controller_is_explained(made: Flask, arguments: list[str], words: str) -> None:
    refused = run(made, *arguments, "--policy", "objection-only")
    assert refused.exit_code != 0
    assert words in refused.stderr


def test_french_rules_must_know_the_sector(app: Flask) -> None:
    arguments = ["controllers", "create", "x", "--name", "x", "--country", "FR", "--policy"]
    refused = run(app, *arguments, "fr-2026")
    assert refused.exit_code != 0
    assert "home_energy" in refused.stderr
    assert run(app, *arguments, "fr-2026", "--sector", "general").exit_code == 0


def test_an_unknown_controller_says_how_to_list_them(app: Flask) -> None:
    refused = run(app, "keys", "list", "nobody")
    assert refused.exit_code == 1
    assert "flask controllers list" in refused.stderr


def test_unknown_scopes_are_refused(made: Flask) -> None:
    refused = run(made, "keys", "create", "okwind", "--name", "x", "--scopes", "everything")
    assert refused.exit_code == 2
    assert "suppress" in refused.stderr


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("email", "jean.dupont@example.fr"),
        ("telephone", "06 12 34 56 78"),
        ("post", "Jean Dupont; 12 rue de la Paix; 75002 PARIS"),
    ],
)
def test_a_stop_on_the_command_line_turns_the_check(
    made: Flask, seen: set[str], channel: str, text: str
) -> None:
    seen.add(text)
    assert run(made, "check", "okwind", channel, text).stdout == "allow\n"
    assert len(run(made, "suppress", "okwind", channel, text).stdout.strip()) == 14
    denied = run(made, "check", "okwind", channel, text)
    assert (denied.stdout, denied.stderr.split()[0]) == ("deny\n", "objection")
    whole = json.loads(run(made, "check", "okwind", channel, text, "--json").stdout)
    assert (whole["decision"], whole["reasons"]) == ("deny", ["objection"])


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("email", "jean+shop@orange.fr", "jean@orange.fr"), "what follows a + is another mailbox"),
        (("email", "jean@orange.fr", "jaen@orange.fr"), "misspellings are not corrected"),
        (
            ("postal", "12 rue Foch; 35040 Rennes Cedex", "12 rue Foch; 35000 Rennes"),
            "the postcode of a CEDEX is not turned",
        ),
    ],
)
def test_a_limit_that_keeps_two_apart_is_said(
    made: Flask, texts: tuple[str, ...], words: str
) -> None:
    last = run(made, "explain", *texts).output.splitlines()[-1]
    assert last.startswith(f"a limit: {words}")


def test_an_identifier_that_cannot_be_read_is_explained_without_repeating_it(made: Flask) -> None:
    assert run(made, "check", "okwind", "telephone", "not a number").stdout == "unknown\n"
    refused = run(made, "suppress", "okwind", "telephone", "not a number")
    assert refused.exit_code == 1
    assert "country" in refused.stderr
    assert "not a number" not in refused.stderr


def test_topics_are_made_and_listed(made: Flask) -> None:
    run(made, "topics", "create", "okwind", "newsletter", "--fr", "Lettre", "--en", "Newsletter")
    assert run(made, "topics", "list", "okwind").stdout == (
        "topic\tfr\ten\nnewsletter\tLettre\tNewsletter\n"
    )
    again = run(made, "topics", "create", "okwind", "newsletter", "--fr", "x", "--en", "x")
    assert again.exit_code == 1


def test_seeding_the_demo_twice_keeps_the_first(app: Flask, seen: set[str]) -> None:
    key = run(app, "seed", "--demo").stdout.strip()
    again = run(app, "seed", "--demo")
    assert (again.stdout, again.exit_code) == ("", 0)
    api = Api(app, key, seen)
    assert api.decision("email", "camille.martin@example.com") == "deny"
    assert api.decision("email", "somebody.else@example.com") == "allow"


def test_a_new_master_key_is_32_bytes_of_base64url(app: Flask) -> None:
    first, second = (run(app, "master-key", "new").stdout.strip() for _ in range(2))
    assert first != second
    assert len(first) == 43


def test_the_worker_says_how_its_one_round_went(database: Database) -> None:
    nowhere = dataclasses.replace(database.settings(), public_url="http://127.0.0.1:1")
    failed = run(create_app(nowhere), "worker", "--once")
    assert (failed.exit_code, failed.stdout) == (1, "click_failed\n")


def test_what_the_worker_cannot_keep_up_does_not_hide_a_broken_click(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(dataclasses.replace(database.settings(), public_url="http://127.0.0.1:1"))
    with app.app_context(), writing() as transaction:
        transaction.execute(text("ALTER TABLE confirmations RENAME TO away"))
    failed = run(app, "worker", "--once")
    assert (failed.exit_code, failed.stdout) == (1, "click_failed\n")
    assert "upkeep failed" in caplog.messages
