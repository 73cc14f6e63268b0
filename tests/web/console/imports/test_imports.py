"""In the console a file is staged and shown, then applied, discarded or undone."""

from __future__ import annotations

import csv
import gzip
import io

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from tests.api import Api
from tests.importing import Imports, emails, staged_rows
from tests.web.console.browser import Browser, signed_in, upload

ANNA, ZOE, PHONE = "anna.martin@example.fr", "zoe.petit@example.fr", "06 12 34 56 78"
LIST = (
    "Adresse mail;Téléphone;Motif;Date d'opposition;Commentaire\n"
    f"{ANNA};{PHONE};désabonné;03/02/2024;relancée deux fois\n"
    f"{ZOE.upper()};;plainte;;\n"
    "pas-une-adresse;;;;\n"
    f"{ANNA};;;31/02/2024;\n"
)


def test_a_file_is_shown_as_understood_and_stops_nobody_yet(
    clerk: Browser, imports: Imports, api: Api
) -> None:
    import_id = upload(clerk, LIST)
    assert clerk.last.status_code == 200
    assert "«&nbsp;Adresse mail&nbsp;»: <strong>E-mail</strong>" in clerk.text
    assert '«&nbsp;Commentaire&nbsp;»: <span class="quiet">not used</span>' in clerk.text
    assert ANNA in clerk.text
    assert ZOE in clerk.text
    assert "+33 6 12 34 56 78" in clerk.text
    assert "03 February 2024" in clerk.text
    assert "e-mail, SMS, telephone \N{EN DASH} unsubscribe" in clerk.text
    assert "«&nbsp;pas-une-adresse&nbsp;»" in clerk.text
    assert "Invalid rows: 2" in clerk.text
    assert api.decision("email", ANNA) == "allow"
    counts = imports.load(import_id).counts
    assert (counts.rows, counts.new, counts.known, counts.invalid) == (4, 2, 0, 2)


def test_the_rows_are_shown_once_and_kept_nowhere(clerk: Browser, imports: Imports) -> None:
    import_id = upload(clerk, LIST)
    for path in (f"/okwind/imports/{import_id}", "/okwind/imports"):
        assert clerk.get(path).status_code == 200
        assert import_id in clerk.text
        assert ANNA not in clerk.text
        assert "Adresse mail" not in clerk.text
    assert imports.load(import_id).import_id == import_id


def test_it_is_applied_by_the_worker_and_undone_by_the_dpo(
    clerk: Browser, dpo: Browser, imports: Imports, api: Api
) -> None:
    path = f"/okwind/imports/{upload(clerk, LIST)}"
    assert clerk.post(f"{path}/apply").status_code == 303
    clerk.get(path)
    assert "0 of 4 stops" in clerk.text
    assert "waits for the background program" not in clerk.text
    clerk.clock.turn(seconds=30)
    clerk.get(path)
    assert "waits for the background program" in clerk.text
    imports.work()
    clerk.get(path)
    assert "all stops count" in clerk.text
    assert "Undo" not in clerk.text
    assert api.decision("email", ZOE) == "deny"
    assert clerk.post(f"{path}/undo", {"undo_import": "yes"}).status_code == 403

    dpo.get(path)
    assert dpo.post(f"{path}/undo").status_code == 422
    assert "tick it if that is meant" in dpo.text
    assert dpo.post(f"{path}/undo", {"undo_import": "yes"}).status_code == 303
    imports.work()
    dpo.get(path)
    assert "<dt>Stops lifted</dt><dd>4</dd>" in dpo.text
    assert api.decision("email", ZOE) == "allow"


def test_a_discarded_file_may_come_again_with_other_columns(
    clerk: Browser, imports: Imports, api: Api
) -> None:
    text = f"Ancienne adresse,E-mail,Adresse actuelle\n{ANNA},,{ZOE}\n"
    import_id = upload(clerk, text)
    assert "Invalid rows: 1" in clerk.text
    again = {"column_email": "Adresse actuelle"}
    assert upload(clerk, text, **again) == import_id
    assert clerk.last.status_code == 422
    assert "this very file is an import already" in clerk.text
    assert f'href="/console/okwind/imports/{import_id}"' in clerk.text
    assert clerk.post(f"/okwind/imports/{import_id}/discard").status_code == 303
    path = f"/okwind/imports/{upload(clerk, text, **again)}"
    assert ZOE in clerk.text
    clerk.post(f"{path}/apply")
    imports.work()
    assert (api.decision("email", ANNA), api.decision("email", ZOE)) == ("allow", "deny")


def test_the_same_bytes_are_the_same_import_and_its_rows_are_shown_again(
    clerk: Browser, imports: Imports
) -> None:
    first = upload(clerk, LIST)
    assert upload(clerk, LIST) == first
    assert "it is the same import" in clerk.text
    assert ANNA in clerk.text
    assert imports.load(first).counts.rows == 4


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-20"])
def test_the_same_day_is_the_same_import_on_the_day_after(clerk: Browser, day: str) -> None:
    first = upload(clerk, LIST, occurred_on=day)
    clerk.clock.turn(hours=15)
    assert clerk.sign_in("a.intake").status_code == 303
    assert upload(clerk, LIST, occurred_on=day) == first
    assert "it is the same import" in clerk.text


def test_a_list_of_hashes_is_read_once_it_is_said_of_what(clerk: Browser) -> None:
    text = "hash\n5f2d2ae4d5b7a1f3e6c8b9d0a1b2c3d45f2d2ae4d5b7a1f3e6c8b9d0a1b2c3d4\n"
    upload(clerk, text)
    assert clerk.last.status_code == 422
    assert "this list holds hashes: say of what" in clerk.text
    upload(clerk, text, hashed="email:plain")
    assert "5f2d2ae4d5b7…" in clerk.text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_invalid_rows_come_as_a_file_for_a_spreadsheet_without_what_stands_in_them(
    clerk: Browser, language: str
) -> None:
    import_id = upload(clerk, LIST)
    clerk.get(f"/okwind/imports?lang={language}")
    answer = clerk.get(f"/okwind/imports/{import_id}/errors")
    text = answer.get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if language == "fr" else ","))
    assert [row[0] for row in rows[1:]] == ["4", "5"]
    assert rows[0][0] == ("Ligne" if language == "fr" else "Row")
    assert ("lue" if language == "fr" else "read") in rows[1][2]
    assert "pas-une-adresse" not in text
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "file",
    [
        gzip.compress(LIST.encode(), mtime=0),
        LIST.encode("cp1252"),
        LIST.encode("utf-16"),
        LIST.replace(";", "\t").encode("utf-8-sig"),
        LIST.replace("\n", "\r\n").encode(),
    ],
    ids=["gzip", "windows-1252", "utf-16", "tabs", "crlf"],
)
def test_a_file_is_read_however_it_is_written(
    clerk: Browser, imports: Imports, file: bytes
) -> None:
    import_id = upload(clerk, file)
    assert imports.load(import_id).counts.new == 2
    assert "+33 6 12 34 56 78" in clerk.text


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("", "no column of e-mails"),
        ("Ville;Note\nRennes;x\n", "no column of e-mails"),
        (b"PK\x03\x04 and so on", "save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save the sheet as CSV"),
        (gzip.compress(LIST.encode(), mtime=0)[:40], "gzip file is broken"),
        (f"email,mail\n{ANNA},{ZOE}\n", "two columns of the file mean the same"),
        ('email,"name\n', "a quote is missing there"),
    ],
    ids=["empty", "nobody", "xlsx", "xls", "gzip", "twice", "quote"],
)
def test_a_file_that_cannot_be_used_is_told_beside_its_field_and_leaves_nothing(
    clerk: Browser, app: Flask, file: str | bytes, told: str
) -> None:
    assert upload(clerk, file) == ""
    assert clerk.last.status_code == 422
    assert told in clerk.text
    assert 'role="alert"' in clerk.text
    assert staged_rows(app) == 0


def test_a_form_without_a_file_says_so(clerk: Browser) -> None:
    for form in ({"file": (io.BytesIO(), "")}, {}):
        assert clerk.post("/okwind/imports", form).status_code == 422
        assert "choose a file" in clerk.text


def test_an_import_of_another_company_is_not_there(
    app: Flask, clerk: Browser, okonect: Controller
) -> None:
    import_id = upload(clerk, emails([1]))
    other = signed_in(app, clerk.clock, clerk.seen, {okonect: Role.DPO}, login="other")
    for slug, status in (("okonect", 404), ("okwind", 404)):
        path = f"/{slug}/imports/{import_id}"
        assert other.get(path).status_code == status
        assert other.get(f"{path}/errors").status_code == status
        for wish in ("apply", "discard", "undo"):
            assert other.post(f"{path}/{wish}", {"undo_import": "yes"}).status_code == status
    other.get("/okonect/imports")
    assert import_id not in other.text


def test_what_cannot_be_done_any_more_is_told(clerk: Browser) -> None:
    path = f"/okwind/imports/{upload(clerk, emails([1]))}"
    clerk.post(f"{path}/discard")
    assert clerk.post(f"{path}/apply").status_code == 409
    assert "no longer in that state" in clerk.text


def test_the_log_says_who_imported_what(clerk: Browser, dpo: Browser, imports: Imports) -> None:
    import_id = upload(clerk, LIST)
    clerk.clock.turn(seconds=1)
    clerk.post(f"/okwind/imports/{import_id}/apply")
    imports.work()
    clerk.clock.turn(seconds=1)
    dpo.get(f"/okwind/imports/{import_id}")
    dpo.post(f"/okwind/imports/{import_id}/undo", {"undo_import": "yes"})
    dpo.get("/okwind/log")
    assert dpo.text.count(import_id) == 3
    staged = dpo.text.index("import: file read")
    applied = dpo.text.index("import: to be applied")
    assert dpo.text.index("import: to be undone") < applied < staged
    assert "a.intake</td><td>import: to be applied" in dpo.text


@pytest.fixture
def imports(app: Flask, seen: set[str]) -> Imports:
    seen.update({ANNA, ZOE, PHONE, "pas-une-adresse", "relancée deux fois"})
    return Imports(app)
