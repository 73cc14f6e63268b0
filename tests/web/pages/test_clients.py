"""The class of a client is recorded and counted, and does not change its answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from suppression.adapters.observability.metrics import Observation, exposition
from suppression.storage.engine.base import db
from tests.api import Api

EMAIL = "jean.dupont@example.fr"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SCANNER = "Barracuda Sentinel (EE)"


def link(api: Api) -> str:
    """Make a link and return its path."""
    url = api.post("/v1/links", {"identifier": EMAIL}).get_json()["url"]
    return "/u/" + str(url).rpartition("/")[2]


def classes(app: Flask) -> list[str]:
    """Return the client class of each ledger entry about a person."""
    with app.app_context(), db.engine.connect() as connection:
        statement = text("SELECT client_class FROM ledger_entries WHERE record_id IS NOT NULL")
        return [row[0] for row in connection.execute(statement)]


@pytest.mark.parametrize(
    ("agent", "data", "expected"),
    [
        (BROWSER, {"confirm": "1"}, "browser"),
        (SCANNER, {"confirm": "1"}, "scanner"),
        (BROWSER, {"List-Unsubscribe": "One-Click"}, "provider"),
        ("", {"List-Unsubscribe": "One-Click"}, "provider"),
        (SCANNER, {"List-Unsubscribe": "One-Click"}, "scanner"),
    ],
)
def test_the_class_stands_on_the_entry_and_the_stop_is_a_stop(
    app: Flask, api: Api, agent: str, data: dict[str, str], expected: str
) -> None:
    answer = api.post(link(api), data=data, headers={"User-Agent": agent})
    assert answer.status_code in {200, 303}
    assert classes(app) == [expected]
    assert api.decision("email", EMAIL) == "deny"


def test_forms_and_undo_note_it_too(app: Flask, api: Api) -> None:
    api.post(
        "/stop/okwind", data={"what": "email", "email": EMAIL}, headers={"User-Agent": SCANNER}
    )
    api.post(f"{link(api)}/choices", data={"shown": "offers"}, headers={"User-Agent": BROWSER})
    assert sorted(classes(app)) == ["browser", "scanner"]


def test_what_programs_send_has_no_class(app: Flask, api: Api) -> None:
    api.stop("email", EMAIL)
    assert classes(app) == [""]


def test_a_scanner_is_shown_the_very_same_page(api: Api) -> None:
    path = link(api)
    pages = [api.send("GET", path, headers={"User-Agent": agent}) for agent in (BROWSER, SCANNER)]
    assert pages[0].status_code == pages[1].status_code == 200
    assert pages[0].text == pages[1].text


def test_pages_are_counted_by_class_and_assets_are_not(app: Flask, api: Api) -> None:
    del app
    path = link(api)
    before = counted()
    for _ in range(3):
        api.send("GET", path, headers={"User-Agent": SCANNER})
    api.send("GET", "/assets/page.css", headers={"User-Agent": SCANNER})
    api.send("GET", "/stop", headers={"User-Agent": BROWSER})
    after = counted()
    assert {name: after[name] - before[name] for name in after} == {
        "browser": 1,
        "provider": 0,
        "scanner": 3,
    }


def counted() -> dict[str, int]:
    """Return the metric of page requests by client class."""
    scraped = exposition(None, Observation(database_up=True), now=datetime.now(UTC)).decode()
    pages_counted = re.findall(r'suppression_pages_total\{client="(\w+)"\} (\d+)', scraped)
    return {name: int(value) for name, value in pages_counted}


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
