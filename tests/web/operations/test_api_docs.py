"""/docs shows the contract with the service's own files, and lets no other script run."""

from __future__ import annotations

import re

import pytest

from tests.api import Api

FILES = ["docs.css", "docs.js", "swagger-ui-bundle.js", "swagger-ui.css"]


def test_the_page_names_no_other_host_and_has_no_inline_script(api: Api) -> None:
    page = api.send("GET", "/docs").get_data(as_text=True)
    assert "//" not in page
    assert [body for body in re.findall(r"<script[^>]*>(.*?)</script>", page) if body] == []
    assert "style=" not in page


def test_the_page_is_made_of_the_files_that_are_there(api: Api) -> None:
    page = api.send("GET", "/docs").get_data(as_text=True)
    assert sorted(re.findall(r'"docs/([^"]+)"', page)) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_there_and_a_cache_may_ask_whether_it_changed(api: Api, name: str) -> None:
    first = api.send("GET", f"/docs/{name}")
    assert first.status_code == 200
    assert len(first.get_data()) > 50
    again = api.send("GET", f"/docs/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_scripts_and_requests_are_those_of_this_service_alone(api: Api) -> None:
    for path in ("/docs", "/docs/docs.js"):
        policy = api.send("GET", path).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
        assert "connect-src 'self'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


@pytest.mark.parametrize("name", ["index.html", "__init__.py", "..%2Fdocs_page.py", "VERSION"])
def test_no_other_file_is_given(api: Api, name: str) -> None:
    assert api.send("GET", f"/docs/{name}").status_code == 404


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """Return only SQLite, because /docs reads no data."""
    return str(request.param)
