"""A repeated parameter of a file is refused, and added cells stand in their own columns.

The faults: a list sent with `channels=email&channels=telephone` was applied to e-mail only and
answered 201, so calls went on. The command used only the second value. And in rows with an extra
delimiter at their end, as many exports have, the added cells were one column too far to the right.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask

from tests.api import Api
from tests.cli.test_commands import run

EMAIL = "jean.dupont@example.fr"
AS_CSV = {"Content-Type": "text/csv"}


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/imports?channels=email&channels=telephone", "/channels"),
        ("/v1/imports?reason=complaint&channels=email&reason=imported", "/reason"),
        ("/v1/scrubs?channel=email&channel=sms", "/channel"),
        ("/v1/links/file?topic=offers&topic=newsletter", "/topic"),
        ("/v1/scrubs?channel=email&x%40example.fr=1&x%40example.fr=2", ""),
    ],
)
def test_a_parameter_that_stands_twice_is_refused(api: Api, path: str, pointer: str) -> None:
    api.stop("email", EMAIL)
    refused = api.client.post(
        path,
        data=f"email\n{EMAIL}\n".encode(),
        headers=AS_CSV | {"Authorization": f"Bearer {api.key}"},
    )
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.get_json()["errors"]] == [pointer]
    assert "example.fr" not in refused.text


@pytest.mark.parametrize(
    "words",
    [
        ("import", "--channels", "email", "--channels", "telephone", "--apply"),
        ("import", "--channels=email", "--reason", "complaint", "--reason=imported"),
        ("scrub", "--channel", "email", "--channel=sms"),
        ("links", "--topic", "offers", "--topic", "newsletter"),
    ],
)
def test_an_option_that_stands_twice_is_refused(
    app: Flask, api: Api, seen: set[str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    seen.add(EMAIL)
    file = tmp_path / "people.csv"
    file.write_text(f"email\n{EMAIL}\n")
    command, *options = words
    refused = run(app, command, "okwind", str(file), *options)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Write it once" in refused.stderr
    assert [path.name for path in tmp_path.glob("people*")] == ["people.csv"]
    assert api.decision("email", EMAIL) == "allow"


@pytest.mark.parametrize("row", [f"{EMAIL},Jean", f"{EMAIL},Jean,", f'{EMAIL},"J, D", ,"",'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_delimiter_too_many_moves_no_decision_and_no_link(
    app: Flask, api: Api, seen: set[str], tmp_path: Path, row: str, end: str
) -> None:
    seen.add(EMAIL)
    api.stop("email", EMAIL)
    file, output = tmp_path / "people.csv", tmp_path / "out.csv"
    file.write_bytes(f"email,name{end}{row}{end}".encode())
    name = "J, D" if '"' in row else "Jean"
    words = ["okwind", str(file), "-o", str(output)]
    assert run(app, "scrub", *words, "--channel", "email").exit_code == 0
    (decided,) = csv.DictReader(io.StringIO(output.read_text()))
    assert decided == {"email": EMAIL, "name": name, "decision": "deny", "reasons": "objection"}
    assert run(app, "links", *words).exit_code == 0
    (linked,) = csv.DictReader(io.StringIO(output.read_text()))
    seen.add(linked["unsubscribe_url"].rpartition("/")[2])
    assert linked["list_unsubscribe"] == f"<{linked['unsubscribe_url']}>"
    assert linked["link_error"] == ""
