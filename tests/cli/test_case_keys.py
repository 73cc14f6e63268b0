"""`flask case-key rewrap` encrypts all texts of cases with the newest case key."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask
from sqlalchemy import text

from suppression.adapters.crypto.case_cipher import CaseCipher
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import KeyMismatchError
from suppression.domain.users.roles import Role
from suppression.settings import SettingsError
from suppression.storage.engine.base import db
from suppression.usecases.controllers.queries import find_controller
from suppression.wiring.commands import create_unconfigured_app
from suppression.wiring.whole import create_app
from tests.api import Api, make_controller, make_key
from tests.cli.test_commands import run
from tests.conftest import Clock
from tests.databases import Database
from tests.web.console.browser import STOP, Browser, signed_in

TEXT = "please do not stop but why do you text me at night"
NEW = b"n" * 32
KEPT = {
    "cases": "content",
    "case_notes": "content",
    "unclear_messages": "content",
    "console_users": "code_secret",
}


def texts(app: Flask) -> list[bytes]:
    """Return every encrypted text as stored; each table must have at least one."""
    stored = []
    with app.app_context(), db.engine.connect() as connection:
        for table, column in KEPT.items():
            rows = connection.execute(
                text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
            ).scalars()
            here = [bytes(row) for row in rows]
            assert here, table
            stored += here
    return stored


@pytest.fixture
def dpo(app: Flask, clock: Clock, seen: set[str], okwind: Controller) -> Browser:
    """Return the browser of a DPO, with a case, a note and an SMS encrypted with the first key."""
    seen.update({TEXT, "Zoé Petit-Dubois"})
    browser = signed_in(app, clock, seen, {okwind: Role.DPO})
    browser.post("/okwind/record", STOP | {"name": "Zoé Petit-Dubois"})
    browser.post(f"/okwind/cases/{browser.reference()}/note", {"text": TEXT})
    api = Api(app, make_key(app, okwind), seen)
    api.post("/v1/inbound/sms", {"number": "+33612345678", "text": TEXT})
    return browser


@pytest.fixture
def okwind(app: Flask) -> Controller:
    make_controller(app, "okwind")
    with app.app_context():
        return find_controller("okwind")


@pytest.fixture
def rotated(database: Database, clock: Clock, dpo: Browser) -> Flask:
    """Return the application after a second case key was added."""
    del dpo
    settings = database.settings()
    keys = {**settings.case_keys, 2: NEW}
    return create_app(
        dataclasses.replace(settings, case_keys=keys), clock=clock, database_clock=clock
    )


def test_the_newest_key_alone_opens_everything_after(rotated: Flask) -> None:
    newest = CaseCipher({2: NEW})
    before = texts(rotated)
    assert all(opens(newest, text) is False for text in before)
    told = run(rotated, "case-key", "rewrap")
    assert told.exit_code == 0, told.output
    assert f"{len(before)} texts stand under case key 2; {len(before)} of them" in told.stderr
    assert all(opens(newest, text) for text in texts(rotated))
    again = run(rotated, "case-key", "rewrap").stderr
    assert "; 0 of them were older" in again


def test_what_was_kept_reads_as_before(rotated: Flask, dpo: Browser) -> None:
    assert run(rotated, "case-key", "rewrap").exit_code == 0
    dpo.client = rotated.test_client()
    dpo.last = dpo.client.get("/console/sign-in?lang=en", base_url="https://localhost")
    assert dpo.sign_in("m.durand").status_code == 303
    dpo.get("/okwind/messages")
    assert TEXT in dpo.text
    dpo.get("/okwind/today")
    dpo.get(f"/okwind/cases/{dpo.reference()}")
    assert "Zoé Petit-Dubois" in dpo.text
    assert TEXT in dpo.text


def test_a_text_that_no_key_opens_is_named_and_left(rotated: Flask) -> None:
    with rotated.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET content = :x"), {"x": b"nonsense"})
    told = run(rotated, "case-key", "rewrap")
    assert told.exit_code == 1
    assert "No case key opens a text" in told.stderr


def test_without_settings_a_key_is_made_and_nothing_rewrapped() -> None:
    app = create_unconfigured_app(SettingsError("CASE_KEYS is not set."))
    assert len(run(app, "case-key", "new").stdout.strip()) == 43
    told = run(app, "case-key", "rewrap")
    assert told.exit_code == 1
    assert "Cannot start: CASE_KEYS is not set." in told.stderr


def opens(cipher: CaseCipher, token: bytes) -> bool:
    """Return whether a text is encrypted with the cipher's newest key."""
    try:
        return cipher.reencrypt(token) is None
    except KeyMismatchError:
        return False
