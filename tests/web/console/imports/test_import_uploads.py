"""The console reads a file without the disk, only with a token, and stops once it is refused."""

from __future__ import annotations

import io
import tempfile
from contextlib import ExitStack
from typing import NoReturn

import pytest
from flask import Flask
from werkzeug import formparser

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import ConflictError
from suppression.domain.users.roles import Role
from suppression.storage.engine.database import reading
from suppression.storage.imports.tables import DbImport
from suppression.web.console.imports import pages as console_imports
from suppression.web.http.batch_slots import files_read
from tests.importing import Imports, emails, staged_rows
from tests.web.console.browser import Browser, upload

BOUNDARY = "xyz"
FILE = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
LONG = emails(range(40_000))
"""A file larger than werkzeug keeps in memory."""


def test_a_long_file_touches_no_disk(
    clerk: Browser, imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.get("/okwind/imports")
    body = form(clerk.token(), LONG)
    monkeypatch.setattr(formparser, "SpooledTemporaryFile", no_disk)
    for name in ("mkstemp", "TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, no_disk)
    assert send(clerk, body) == 200
    import_ = imports.load(clerk.reference())
    assert import_.counts.new == 40_000


def test_what_would_spool_is_seen(clerk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formparser, "SpooledTemporaryFile", no_disk)
    assert send(clerk, form("", emails(range(5_000))), path="/okwind/record") == 500


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_file_without_its_token_stages_nothing(
    clerk: Browser, app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formparser, "SpooledTemporaryFile", no_disk)
    for site in ("cross-site", "same-origin"):
        body = Body(form(token, LONG))
        assert send(clerk, body, site=site) == 400
        assert body.left()
    assert nothing_of_an_import(app)


def test_a_token_behind_the_file_comes_too_late(clerk: Browser, app: Flask) -> None:
    clerk.get("/okwind/imports")
    field = form(clerk.token(), "").decode().partition(FILE)[0]
    body = f"{FILE}{LONG}\r\n{field}--{BOUNDARY}--\r\n"
    assert send(clerk, body.encode()) == 400
    assert nothing_of_an_import(app)


def test_a_file_that_breaks_off_is_no_import(clerk: Browser, app: Flask, imports: Imports) -> None:
    clerk.get("/okwind/imports")
    assert send(clerk, form(clerk.token(), LONG)[:300_000]) == 400
    assert "broke off or cannot be read" in clerk.text
    clerk.get("/okwind/imports")
    assert "<td>interrupted</td>" in clerk.text
    clerk.get(f"/okwind/imports/{clerk.reference()}")
    assert "the upload broke off before its end" in clerk.text
    imports.work()
    assert staged_rows(app) == 0


def test_a_file_over_the_limit_is_refused_with_the_limit(
    clerk: Browser, app: Flask, imports: Imports
) -> None:
    object.__setattr__(imports.services.settings, "upload_limit", 1 << 20)
    clerk.get("/okwind/imports")
    body = Body(form(clerk.token(), emails(range(60_000))))
    assert send(clerk, body) == 422
    assert body.left()
    assert "the limit in megabytes: <code>1</code>" in clerk.text
    imports.work()
    assert staged_rows(app) == 0


def test_whoever_is_signed_out_is_sent_to_sign_in_before_the_file_is_read(
    app: Flask, clerk: Browser
) -> None:
    clerk.get("/okwind/imports")
    token = clerk.token()
    clerk.clock.turn(hours=1)
    body = Body(form(token, LONG))
    assert send(clerk, body, site="same-origin") == 303
    assert body.left()
    assert nothing_of_an_import(app)


def test_whoever_may_not_import_is_refused_before_the_file_is_read(
    app: Flask, browser_as: object
) -> None:
    assert callable(browser_as)
    auditor: Browser = browser_as(Role.AUDITOR)
    body = Body(form(auditor.token(), LONG))
    assert send(auditor, body) == 403
    assert body.left()
    assert nothing_of_an_import(app)


def test_a_body_that_is_no_form_is_refused(clerk: Browser, app: Flask) -> None:
    assert send(clerk, b"email\nsomebody@example.fr\n") == 400
    assert nothing_of_an_import(app)


def test_nothing_of_a_file_stands_in_log_or_tables(clerk: Browser, imports: Imports) -> None:
    """The fixtures search for the texts of the file and for its name after the test."""
    clerk.seen.update({"hidden-person@example.fr", "Impasse Cachée", "opposition-dupont"})
    text = "email;rue;ville\nhidden-person@example.fr;12 Impasse Cachée;Rennes\n"
    data = {"file": (io.BytesIO(text.encode()), "opposition-dupont.csv")}
    clerk.post("/okwind/imports", data)
    clerk.post(f"/okwind/imports/{clerk.reference()}/apply")
    imports.work()
    upload(clerk, f"{text}hidden-person@example.fr;\n", occurred_on="2026-11-20")
    assert clerk.last.status_code == 200


def test_the_very_file_that_is_being_read_elsewhere_is_told_of(
    clerk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> NoReturn:
        raise ConflictError

    monkeypatch.setattr(console_imports, "stage_import", busy)
    upload(clerk, emails([1]))
    assert clerk.last.status_code == 422
    assert "being read at the same time" in clerk.text


def test_no_more_files_are_read_at_once_than_leave_room_for_checks(
    clerk: Browser, app: Flask, okwind: Controller
) -> None:
    with ExitStack() as stack:
        for _ in range(files_read.each):
            stack.enter_context(files_read.taken(okwind))
        upload(clerk, emails([1]))
        assert clerk.last.status_code == 429
        assert clerk.last.headers["Retry-After"]
    assert nothing_of_an_import(app)
    assert upload(clerk, emails([1]))


class Body(io.BytesIO):
    """A body that records its last read position, even after it is closed."""

    def left(self) -> bytes:
        """Return the bytes that were not read."""
        return self.getvalue()[self.place :]

    place = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as any file does, and note the position."""
        block = super().read(size)
        self.place = self.tell()
        return block

    def readinto(self, buffer: object, /) -> int:
        """Read as any file does, and note the position."""
        count = super().readinto(buffer)  # type: ignore[arg-type]
        self.place = self.tell()
        return count

    def close(self) -> None:
        """Do nothing: the test still reads the position."""


def form(token: str, file: str) -> bytes:
    """Return the body of the page's form, as a browser sends it."""
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
    return f"{field}{FILE}{file}\r\n--{BOUNDARY}--\r\n".encode()


def send(
    browser: Browser,
    body: bytes | Body,
    *,
    path: str = "/okwind/imports",
    site: str = "same-origin",
) -> int:
    """Send a form and return the status."""
    stream = body if isinstance(body, Body) else Body(body)
    browser.last = browser.client.post(
        f"/console{path}",
        input_stream=stream,
        content_length=len(stream.getvalue()),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        base_url="https://localhost",
        headers={"Sec-Fetch-Site": site},
    )
    return browser.last.status_code


def nothing_of_an_import(app: Flask) -> bool:
    """Return whether no import, not even a begun one, is stored."""
    with app.app_context(), reading() as transaction:
        return not transaction.execute(DbImport.__table__.select()).all()


def no_disk(*_: object, **__: object) -> NoReturn:
    raise AssertionError("a file was about to be written")


@pytest.fixture
def imports(app: Flask) -> Imports:
    return Imports(app)
