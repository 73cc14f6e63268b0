"""Wherever people may end up by mistake they find a page, plain words and a way on."""

from __future__ import annotations

import re

import pytest

from tests.api import Api

EMAIL = "jean.dupont@example.fr"


@pytest.mark.parametrize(
    "path",
    [
        "/u",
        "/u/",
        "/u/wrong",
        "/u/wrong/",
        "/u/a/b/c",
        "/r",
        "/r/",
        "/r/x/y",
        "/stop/",
        "/stop/a/b",
    ],
)
def test_a_cut_or_altered_address_is_a_page_with_the_form(api: Api, path: str) -> None:
    answer = api.send("GET", f"{path}?lang=fr")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert answer.text.startswith('<!doctype html>\n<html lang="fr">')
    (form,) = re.findall(r'href="((?:\.\./)*stop\?lang=fr)"', answer.text)
    assert form.count("../") == path.count("/") - 1


def test_a_link_with_a_slash_behind_it_is_a_page(api: Api) -> None:
    url = api.post("/v1/links", {"identifier": EMAIL}).get_json()["url"]
    assert api.send("GET", "/u/" + url.rpartition("/")[2] + "/").mimetype == "text/html"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/u/x", "/u/x/choices", "/r/x", "/stop", "/stop/okwind"])
def test_an_odd_method_is_a_page_and_stores_nothing(api: Api, method: str, path: str) -> None:
    answer = api.send(method, path)
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "GET" in answer.headers["Allow"]


def test_every_wrong_turn_is_private(api: Api) -> None:
    for answer in (api.send("GET", "/u/"), api.send("PUT", "/u/x"), api.send("GET", "/r/x")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/", "/user", "/v1/stop", "/U/x", "//u/x"])
def test_programs_still_get_problems(api: Api, path: str) -> None:
    answer = api.client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_form_that_is_too_long_is_a_page(api: Api) -> None:
    for path in ("/stop/okwind", "/r/x"):
        answer = api.post(path, data={"what": "email", "email": "x" * 20_000})
        assert (answer.status_code, answer.mimetype) == (413, "text/html")


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
