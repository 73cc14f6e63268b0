"""The pages of health for operators, also of a service with wrong keys or a wrong schema."""

from __future__ import annotations

import dataclasses
import io
import json
import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from suppression import __version__
from suppression.adapters.observability import outage_log
from suppression.storage.engine.base import db
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.databases import SQLITE, Database

CHECK = {"channel": "email", "identifier": "jean.dupont@example.fr"}


def test_a_good_service_is_live_and_ready(api: Api) -> None:
    assert api.send("GET", "/livez").get_json() == {"status": "ok"}
    ready = api.send("GET", "/readyz")
    assert ready.status_code == 200
    needed = dict.fromkeys(("database", "schema", "keys", "writes", "clock"), "ok")
    assert ready.get_json() == needed | {"version": __version__}
    assert api.send("GET", "/readyz/stops").get_json() == ready.get_json()


def test_the_contract_is_served(api: Api) -> None:
    assert api.send("GET", "/openapi.yaml").get_data(as_text=True).startswith("openapi: 3.1")


def test_other_master_keys_answer_nobody(api: Api, database: Database) -> None:
    settings = dataclasses.replace(database.settings(), master_keys={1: bytes(32)})
    api.client = create_app(settings).test_client()
    refused = api.post("/v1/checks", CHECK)
    assert refused.status_code == 503
    assert refused.get_json()["type"] == "urn:suppression:problem:keys-differ"
    assert refused.get_json()["decision"] == "unknown"
    assert api.send("GET", "/readyz").get_json()["keys"] == "failing"


def test_a_key_too_many_answers_nobody(api: Api, database: Database) -> None:
    keys = {**database.settings().master_keys, 2: bytes(32)}
    settings = dataclasses.replace(database.settings(), master_keys=keys)
    api.client = create_app(settings).test_client()
    assert api.post("/v1/checks", CHECK).status_code == 503


def test_a_schema_that_is_behind_answers_nobody(api: Api, app: Flask, database: Database) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    api.client = create_app(database.settings()).test_client()
    refused = api.post("/v1/checks", CHECK)
    assert refused.get_json()["type"] == "urn:suppression:problem:schema-behind"
    assert api.send("GET", "/readyz").get_json()["schema"] == "failing"


def test_a_database_that_is_away_is_503_and_unknown(database: Database, api: Api) -> None:
    away = database.url.replace("/list.db", "/gone/list.db").replace("/test_", "/gone_")
    api.client = create_app(
        dataclasses.replace(database.settings(), database_url=away)
    ).test_client()
    refused = api.post("/v1/checks", CHECK)
    assert refused.status_code == 503
    assert refused.get_json()["decision"] == "unknown"
    assert int(refused.headers["Retry-After"]) > 0
    assert api.stop("email", "jean.dupont@example.fr").status_code == 503
    assert api.send("GET", "/livez").status_code == 200
    ready = api.send("GET", "/readyz").get_json()
    assert (ready["database"], ready["version"]) == ("failing", __version__)


@pytest.mark.parametrize("backend", [SQLITE], indirect=True)
def test_an_outage_is_a_line_and_one_at_its_end(
    database: Database, api: Api, logs: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each refused request was once logged as an error, with its traceback."""
    monkeypatch.setattr(outage_log, "QUIET_SECONDS", 0.0)
    away = database.url.replace("/list.db", "/gone/list.db")
    settings = dataclasses.replace(database.settings(), database_url=away)
    api.client = create_app(settings).test_client()
    for _ in range(3):
        assert api.post("/v1/checks", CHECK).status_code == 503
    file = Path(away.partition("///")[2])
    file.parent.mkdir()
    with sqlite3.connect(file.parents[1] / "list.db") as source, sqlite3.connect(file) as copy:
        source.backup(copy)
    for _ in range(3):
        assert api.post("/v1/checks", CHECK).status_code == 200
    told = [json.loads(line) for line in logs.getvalue().splitlines()]
    lines = [line for line in told if line["message"] in {"unavailable", "available again"}]
    assert [line["message"] for line in lines] == ["unavailable", "available again"]
    assert "cannot be opened" in lines[0]["reason"]
    assert lines[1]["refused"] == 3


def test_a_start_warns_of_a_database_that_may_lose_stops(
    database: Database, logs: io.StringIO
) -> None:
    if database.backend == SQLITE:
        pytest.skip("a file waits for its disk, whatever is set")
    assert create_app(database.settings()).test_client().get("/readyz").status_code == 200
    warnings = [line for line in logs.getvalue().splitlines() if "may lose stops" in line]
    assert ["fsync is off" in line for line in warnings] == [True, False]
    assert "synchronous_commit is off" in warnings[1]


def test_every_request_is_logged_by_route_without_its_content(api: Api, logs: object) -> None:
    api.check("email", "jean.dupont@example.fr")
    written = logs.getvalue()  # type: ignore[attr-defined]
    assert '"route": "/v1/checks"' in written
    assert "jean" not in written
    assert api.key not in written
