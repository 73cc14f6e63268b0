"""A click while the database is away gets a 503, and stops when repeated (docs/rules.md#e5)."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from tests.api import Api
from tests.databases import Database, migrate
from tests.leaks import leaks
from tests.length import length
from tests.postgres.installations import Installation, installations
from tests.postgres.running import RunningServer, running_server

EMAIL = "jean.dupont@example.fr"
VERSIONS = installations()[: length(1, long=9)]
"""The installations of PostgreSQL to test: the newest, in a long run the older ones too."""
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_click_is_503_while_the_database_is_away_and_the_same_later_stops(
    api: Api, outage: RunningServer, content_type: str
) -> None:
    path = "/u/" + api.post("/v1/links", {"identifier": EMAIL}).get_json()["url"].split("/")[-1]
    api.decision("email", EMAIL)
    outage.stop()
    refused = click(api, path, content_type)
    assert (refused.status_code, refused.mimetype) == (503, "text/html")
    assert refused.headers["Retry-After"].isdecimal()
    assert "pas pu être enregistrée" in refused.get_data(as_text=True)
    assert "pas pu être enregistrée" in page(api, path)
    outage.start()
    assert api.decision("email", EMAIL) == "allow"
    assert click(api, path, content_type).status_code == 200
    assert api.decision("email", EMAIL) == "deny"


def test_a_form_says_that_it_was_not_stored_and_the_same_later_stops(
    api: Api, outage: RunningServer
) -> None:
    form = {"what": "email", "email": EMAIL}
    api.decision("email", EMAIL)
    outage.stop()
    refused = api.post("/stop/okwind?lang=en", data=form)
    assert (refused.status_code, refused.mimetype) == (503, "text/html")
    assert "Not stored yet" in refused.text
    outage.start()
    assert api.decision("email", EMAIL) == "allow"
    assert api.post("/stop/okwind?lang=en", data=form).status_code == 303
    assert api.decision("email", EMAIL) == "deny"


def click(api: Api, path: str, content_type: str) -> TestResponse:
    """Send a mail provider's one-click and return the response, as openapi.yaml has it."""
    return api.post(f"{path}?lang=fr", data=ONE_CLICK, content_type=content_type)


def page(api: Api, path: str) -> str:
    """Return the text of a page, as a person sees it."""
    return api.send("GET", f"{path}?lang=fr").get_data(as_text=True)


@pytest.fixture(params=VERSIONS, ids=lambda installation: installation.name)
def outage(request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    """Yield a PostgreSQL server of this test, which it may stop and start."""
    installation: Installation = request.param
    with running_server(installation) as running:
        yield running


@pytest.fixture
def database(outage: RunningServer, seen: set[str], logs: io.StringIO) -> Iterator[Database]:
    """Yield a migrated database on that server; at the end, fail if it or the log leaks."""
    outage.server.create_database("links")
    created = Database(outage.server.name, outage.server.url_for("links"))
    migrate(created.url)
    yield created
    assert not leaks(created.dump() + logs.getvalue(), seen)
