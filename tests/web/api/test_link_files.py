"""A file of links has for each row the link that a single call makes, and nothing is stored."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from suppression.usecases.unsubscribe.make_links_for_file import ADDED
from suppression.web.api import link_files
from tests.api import Api
from tests.broken_rows import contacts

JEAN, GMAIL = "jean.dupont@example.fr", "zoe.martin@gmail.com"
ROWS = f'name;email;lang\nJ;{JEAN};fr-FR\nZ;{GMAIL};\nx;nobody;\nq;"a"b;\n'


@pytest.fixture(autouse=True)
def known(seen: set[str]) -> None:
    seen.update({JEAN, GMAIL})


def linked(api: Api, raw: bytes, query: str = "", **headers: str) -> list[dict[str, object]]:
    """Upload a file for links, and return the lines of the answer without the last one."""
    path = "/v1/links/file" + (f"?{query}" if query else "")
    sent = {"Content-Type": "text/csv"} | headers
    response = api.send("POST", path, data=raw, headers=sent)
    assert response.status_code == 200, response.get_data(as_text=True)
    *lines, last = [json.loads(line) for line in response.get_data(as_text=True).splitlines()]
    assert last == {"complete": True, "rows": len(lines)}
    api.seen.update(
        urlsplit(row["unsubscribe_url"]).path[3:] for row in lines if "unsubscribe_url" in row
    )
    return lines


def test_each_row_gets_the_link_that_it_would_get_alone(api: Api) -> None:
    query = "topic=newsletter&ref=spring&language=en"
    jean, zoe, nobody, broken = linked(api, ROWS.encode(), query)
    for row, email, language in ((jean, JEAN, "fr"), (zoe, GMAIL, "en")):
        body = {"identifier": email, "topic": "newsletter", "ref": "spring", "language": language}
        alone = api.post("/v1/links", body).get_json()
        assert row["unsubscribe_url"] == alone["url"]
        assert row["list_unsubscribe"] == alone["headers"]["List-Unsubscribe"]
        assert row["list_unsubscribe_post"] == alone["headers"]["List-Unsubscribe-Post"]
        assert row["list_id"] == alone["headers"]["List-Id"]
    assert nobody == {"row": 4, "link_error": "malformed"}
    assert broken == {"row": 5, "link_error": "row_broken"}


def test_a_column_of_references_is_used_only_where_it_is_named(api: Api) -> None:
    raw = f"email,ref\n{JEAN},crm:1\n{JEAN},06 12\n{JEAN},\n".encode()
    links = linked(api, raw, "columns=ref:2&ref=all")
    assert [link.get("link_error") for link in links] == [None, "invalid_item", None]
    urls = [
        api.post("/v1/links", {"identifier": JEAN, "ref": ref}).get_json()["url"]
        for ref in ("crm:1", "all")
    ]
    assert [links[0]["unsubscribe_url"], links[2]["unsubscribe_url"]] == urls
    plain = api.post("/v1/links", {"identifier": JEAN}).get_json()["url"]
    assert linked(api, raw)[0]["unsubscribe_url"] == plain


def test_links_come_as_csv_too(api: Api) -> None:
    headers = {"Content-Type": "text/csv", "Accept": "text/csv"}
    response = api.send("POST", "/v1/links/file", data=ROWS.encode(), headers=headers)
    header, *rows, last = csv.reader(io.StringIO(response.get_data(as_text=True)))
    assert (header, last[:3]) == (["row", *ADDED], ["complete", "true", "4"])
    assert [row[0] for row in rows] == ["2", "3", "4", "5"]
    api.seen.update(urlsplit(row[1]).path[3:] for row in rows if row[1])


@pytest.mark.parametrize(
    "query", ["topic=lottery", "ref=06%2012", f"ref={'x' * 33}", "language=de", "columns=email:7"]
)
def test_what_no_link_can_say_is_refused(api: Api, query: str) -> None:
    headers = {"Content-Type": "text/csv"}
    response = api.send("POST", f"/v1/links/file?{query}", data=b"email\n", headers=headers)
    assert response.status_code == 422


def test_more_rows_than_fit_are_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_files, "MOST_ROWS", 10)
    headers = {"Content-Type": "text/csv"}
    response = api.send(
        "POST", "/v1/links/file", data=b"email\n" + b"a@b.fr\n" * 11, headers=headers
    )
    assert response.get_json()["type"].endswith("too-many-items")


def test_the_command_adds_the_same_columns(app: Flask, api: Api, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(ROWS)
    words = ["links", "okwind", str(file), "--topic", "newsletter", "--ref", "spring", "--json"]
    result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["made"], told["failed"]) == (2, 2)
    with Path(told["output"]).open(newline="") as lines:
        header, *rows = csv.reader(lines, delimiter=";")
    assert header == ["name", "email", "lang", *ADDED]
    links = linked(api, ROWS.encode(), "topic=newsletter&ref=spring")
    assert [row[3:] for row in rows] == [
        [str(link.get(name, "")) for name in ADDED] for link in links
    ]
    Path(told["output"]).unlink()


def test_a_hundredth_broken_in_ten_ways_loses_no_row(api: Api) -> None:
    raw, expected = contacts(2000, stopped=JEAN)
    links = linked(api, raw)
    assert [link["row"] for link in links] == list(expected)
    failed = {link["row"] for link in links if "link_error" in link}
    assert failed == {row for row, decision in expected.items() if decision == "unknown"}
