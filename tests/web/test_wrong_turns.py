"""People who reach a wrong address get a page with plain words and a way to continue."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from flask import Flask

from suppression.wiring.whole import create_app
from tests.api import Api
from tests.databases import Database

EMAIL = "jean.dupont@example.fr"
AREAS = ("/console/sign-in", "/docs", "/r/x", "/stop", "/u/x")
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


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
        "/stop/a/b",
        "/stop//",
        "/stop/nobody/",
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


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
@pytest.mark.parametrize("path", ["/user", "/v1/stop", "/U/x", "//u/x", "/favicon.ico"])
def test_programs_still_get_problems(api: Api, path: str, accept: str) -> None:
    answer = api.client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/stop", "/livez/x", "/metrics"])
def test_where_programs_are_a_browser_gets_a_problem_too(api: Api, path: str) -> None:
    answer = api.client.get(path, headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", ["/user", "/index.html", "/a/b/", "/v2/checks", "/stopp"])
def test_a_browser_gets_a_page_at_an_address_of_nobodys(api: Api, path: str, language: str) -> None:
    answer = api.client.get(path, headers=BROWSER | {"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert f'<html lang="{language}">' in answer.text
    (form,) = re.findall(rf'href="((?:\.\./)*)stop\?lang={language}"', answer.text)
    assert form.count("../") == path.count("/") - 1


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize(
    ("method", "status", "rest"),
    [("GET", 404, "/no/such/page/at/all"), ("PUT", 405, "")],
    ids=["unknown address", "wrong method"],
)
def test_in_every_area_of_pages_a_wrong_turn_is_a_page_with_a_way_back(
    api: Api, area: str, language: str, method: str, status: int, rest: str
) -> None:
    headers = {"Accept": "*/*", "Accept-Language": language}
    path = rest and f"/{area.split('/')[1]}{rest}"
    answer = api.client.open(path or area, method=method, headers=headers)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Content-Language"] == language
    assert "<a href=" in answer.text.partition("<main")[2]
    assert ("Allow" in answer.headers) == (method == "PUT")
    for name, value in PRIVATE.items():
        assert answer.headers[name] == value


@pytest.mark.parametrize("area", AREAS)
def test_a_mistake_of_ours_is_a_page_in_every_area_of_pages(
    app: Flask, api: Api, area: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: str) -> None:
        raise RuntimeError(EMAIL)

    for endpoint in app.view_functions:
        monkeypatch.setitem(app.view_functions, endpoint, broken)
    answer = api.client.get(area)
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert answer.text.startswith("<!doctype html>")
    assert EMAIL not in answer.text


def test_the_areas_above_are_all_those_that_have_pages(app: Flask) -> None:
    """A new area of pages must answer wrong addresses by pages too, so AREAS must list it."""
    named = {area.split("/")[1] for area in AREAS} | {"assets", "brand"}
    named.add("")  # the bare name
    programs = {"v1", "livez", "readyz", "metrics", "openapi.yaml"}
    areas = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert areas == named | programs


def test_a_wrong_address_of_the_console_can_be_read_in_the_other_language(api: Api) -> None:
    french = api.client.get("/console/a/b/c?lang=fr", base_url="https://localhost")
    assert '<html lang="fr">' in french.text
    again = api.client.get("/console/a/b/c", base_url="https://localhost")
    assert '<html lang="fr">' in again.text, "the choice is kept"
    assert 'href="/console/"' in again.text


@pytest.mark.parametrize("query", ["", "?lang=fr", "?lang=en"])
def test_the_bare_name_leads_to_the_companies(api: Api, query: str) -> None:
    answer = api.send("GET", f"/{query}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"stop{query}"
    followed = api.client.get(f"/{query}", follow_redirects=True)
    assert (followed.status_code, followed.request.path) == (200, "/stop")
    assert "okwind" in followed.text


def test_without_any_company_the_page_says_so(database: Database) -> None:
    client = create_app(database.settings()).test_client()
    for language, words in (("en", "No company uses"), ("fr", "Aucune entreprise")):
        assert words in client.get(f"/stop?lang={language}").text


@pytest.mark.parametrize("path", ["/stop", "/stop/okwind", "/docs"])
def test_a_slash_at_the_end_is_the_same_page(api: Api, path: str) -> None:
    plain, slashed = api.send("GET", path), api.send("GET", f"{path}/")
    assert (slashed.status_code, slashed.mimetype) == (200, "text/html")
    assert resolved(slashed.text, f"{path}/") == resolved(plain.text, path)


def test_a_form_sent_to_an_address_with_a_slash_stops(api: Api) -> None:
    answer = api.post("/stop/okwind/", data={"what": "email", "email": EMAIL})
    assert answer.status_code == 303
    assert api.decision("email", EMAIL) == "deny"
    shown = urljoin("/stop/okwind/", answer.headers["Location"])
    assert api.send("GET", f"{shown}/").status_code == 200


def test_a_click_on_a_link_with_a_slash_stops(api: Api) -> None:
    url = api.post("/v1/links", {"identifier": EMAIL}).get_json()["url"]
    path = f"/u/{url.rpartition('/')[2]}"
    assert api.send("GET", f"{path}/").status_code == 200
    assert api.send("GET", f"{path}/choices/").status_code == 200
    form = {"data": {"List-Unsubscribe": "One-Click"}}
    assert api.post(f"{path}/", **form).status_code == 200
    assert api.decision("email", EMAIL) == "deny"


def resolved(text: str, path: str) -> list[str]:
    """Return the paths that the links and sources of a page lead to, except the page itself."""
    paths = re.findall(r'(?:href|src)="([^"?#:]+)[^"]*"', text)
    return [urljoin(path, address) for address in paths if address != "data"]


def test_a_form_that_is_too_long_is_a_page(api: Api) -> None:
    for path in ("/stop/okwind", "/r/x"):
        answer = api.post(path, data={"what": "email", "email": "x" * 20_000})
        assert (answer.status_code, answer.mimetype) == (413, "text/html")


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
