"""/v1/imports stages a file that is sent as a body, and shows, applies and undoes it."""

from __future__ import annotations

import csv
import gzip
import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.vocabulary import ApiScope
from tests.api import Api, make_key
from tests.importing import Imports, emails

ANNA = "anna.martin@example.fr"
PHONE = "06 12 34 56 78"
CSV = {"content_type": "text/csv"}


def test_a_file_is_staged_applied_by_the_worker_and_undone(imports: Imports, api: Api) -> None:
    staged = upload(api, f"email\n{ANNA}\n")
    assert (staged.status_code, counts(staged)) == (201, (1, 1, 0, 0))
    path = f"/v1/imports/{staged.get_json()['import_id']}"
    assert api.post(f"{path}/apply").status_code == 202
    assert api.post(f"{path}/apply").status_code == 200
    assert api.decision("email", ANNA) == "allow"
    imports.work()
    assert api.decision("email", ANNA) == "deny"
    assert state(api, path) == "applied"
    assert api.post(f"{path}/undo").status_code == 202
    imports.work()
    assert (state(api, path), api.decision("email", ANNA)) == ("undone", "allow")
    assert api.post(f"{path}/undo").status_code == 200


def test_the_same_bytes_are_answered_as_the_import_stands(imports: Imports, api: Api) -> None:
    first = upload(api, emails(range(5)))
    path = f"/v1/imports/{first.get_json()['import_id']}"
    api.post(f"{path}/apply")
    imports.work()
    again = upload(api, emails(range(5)))
    assert (again.status_code, again.get_json()["state"]) == (200, "applied")
    other = upload(api, emails(range(5)), reason="objection")
    assert (other.status_code, other.get_json()["type"].rpartition(":")[2]) == (409, "conflict")
    assert first.get_json()["import_id"] in other.get_json()["detail"]


def test_what_was_applied_cannot_be_discarded_and_what_was_not_cannot_be_undone(api: Api) -> None:
    path = f"/v1/imports/{upload(api, emails([1])).get_json()['import_id']}"
    refused = api.post(f"{path}/undo")
    assert (refused.status_code, refused.get_json()["title"]) == (
        409,
        "The import is in another state",
    )
    assert api.post(f"{path}/discard").get_json()["state"] == "discarded"
    assert api.post(f"{path}/apply").status_code == 409


def test_errors_come_as_a_file_that_repeats_nothing(api: Api) -> None:
    text = f"email,channels\n{ANNA},email\nnot-an-address,email\n{ANNA},sms\n{ANNA},pigeon\n"
    staged = upload(api, text)
    assert counts(staged) == (4, 1, 0, 3)
    answer = api.send("GET", f"/v1/imports/{staged.get_json()['import_id']}/errors")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True))))
    assert [row[:3] for row in rows] == [
        ["row", "column", "reason"],
        ["3", "email", "identifier_unreadable"],
        ["4", "phone", "identifier_missing"],
        ["5", "channels", "channels_unknown"],
    ]
    assert "not-an-address" not in answer.get_data(as_text=True)


def test_a_packed_file_of_objects_with_named_columns_is_read(imports: Imports, api: Api) -> None:
    lines = f'{{"Adresse 7": "{ANNA}"}}\n{{"Adresse 7": "nobody"}}\n'
    packed = gzip.compress(lines.encode())
    staged = upload(api, packed, columns="email:Adresse 7")
    assert counts(staged) == (2, 1, 0, 1)
    api.post(f"/v1/imports/{staged.get_json()['import_id']}/apply")
    imports.work()
    assert api.decision("email", ANNA) == "deny"


@pytest.mark.parametrize(
    "words",
    [
        {"reasons": "objection"},
        {"reason": "bad mood"},
        {"channels": "pigeon"},
        {"channels": "post"},
        {"columns": "email:Nowhere"},
        {"columns": "mood:1"},
        {"header": "maybe"},
        {"encoding": "rot13"},
        {"topic": "lottery"},
        {"kind": "email", "scheme": "meta-phone"},
    ],
    ids=str,
)
def test_a_parameter_that_cannot_be_is_refused_and_nothing_is_kept(
    api: Api, words: dict[str, str]
) -> None:
    answer = upload(api, emails(range(3)), **words)
    if words == {"channels": "post"}:
        assert counts(answer) == (3, 0, 0, 3)
    else:
        assert answer.status_code == 422


@pytest.mark.parametrize("body", ["", "name\nAnna\n", "a;b\n1;2\n"])
def test_a_file_without_anybody_is_refused(api: Api, body: str) -> None:
    assert upload(api, body).status_code == 422


def test_a_form_is_no_file(api: Api) -> None:
    sent = {"file": (io.BytesIO(emails([1]).encode()), "list.csv")}
    answer = api.client.post(
        "/v1/imports", data=sent, headers={"Authorization": f"Bearer {api.key}"}
    )
    assert (answer.status_code, answer.get_json()["type"][-13:]) == (422, "invalid-value")


def test_an_import_of_another_controller_is_not_there(new_api: Any, api: Api) -> None:  # noqa: ANN401
    other: Api = new_api("okonect")
    path = f"/v1/imports/{upload(api, emails([1])).get_json()['import_id']}"
    for answer in (
        other.send("GET", path),
        other.send("GET", f"{path}/errors"),
        other.post(f"{path}/apply"),
    ):
        assert answer.status_code == 404
    assert upload(other, emails([1])).status_code == 201


def test_a_key_without_the_scope_is_refused(app: Flask, imports: Imports, seen: set[str]) -> None:
    with app.app_context():
        controller = imports.controller
    key = make_key(app, controller, [ApiScope.SUPPRESS, ApiScope.CHECK])
    assert upload(Api(app, key, seen), emails([1])).status_code == 403


def upload(api: Api, body: str | bytes, **words: str) -> TestResponse:
    """Upload a file and return the response; `words` are the parameters of the URL."""
    return api.post("/v1/imports", data=body, query_string=words, **CSV)


def counts(answer: TestResponse) -> tuple[int, ...]:
    """Return the numbers of rows of an import: all, new, known, invalid."""
    body = answer.get_json()
    assert body["rows"] == body["new"] + body["known"] + body["invalid"]
    return tuple(body[name] for name in ("rows", "new", "known", "invalid"))


def state(api: Api, path: str) -> str:
    """Return the state of an import."""
    return str(api.send("GET", path).get_json()["state"])


@pytest.fixture
def imports(app: Flask, api: Api, seen: set[str]) -> Imports:
    assert api.key
    seen.update({ANNA, PHONE, "not-an-address"})
    return Imports(app)
