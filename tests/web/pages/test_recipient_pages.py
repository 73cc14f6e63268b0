"""Recipients see plain and private pages in their language.

See docs/rules.md#e4 and docs/rules.md#e12.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.vocabulary import Preset
from suppression.usecases.controllers.create import create_controller
from suppression.usecases.services import Services
from suppression.usecases.unsubscribe import open_link
from tests.api import Api, make_key

EMAIL = "jean.dupont@example.fr"
PRIVATE = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@dataclass
class Page(HTMLParser):
    """The parts of a parsed page that these tests examine."""

    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if self.tags and data.strip():
            self.texts[self.tags[-1]] = data.strip()


@pytest.fixture
def answers(api: Api, path: str, broken: None) -> dict[str, TestResponse]:
    """Return a response of each kind that recipients get, by its name."""
    del broken
    return {
        "link": api.send("GET", path),
        "head": api.send("HEAD", path),
        "unconfirmed": api.post(path, data={"confirm": "0"}),
        "too large": api.post(path, data={"confirm": "x" * 20_000}),
        "unknown": api.send("GET", path[:-1]),
        "unknown click": api.post(path[:-1], data=ONE_CLICK),
        "bug": api.send("GET", "/u/bug"),
        "stopped": api.post(path, data=ONE_CLICK),
        "redirected": api.post(path, data={"confirm": "1"}),
        "done": api.send("GET", path),
        "asset": api.send("GET", "/assets/page.css"),
        "no asset": api.send("GET", "/assets/page.js"),
    }


def test_every_answer_is_private(answers: dict[str, TestResponse]) -> None:
    for name, answer in answers.items():
        expected = PRIVATE | ({"Cache-Control": "no-cache"} if name == "asset" else {})
        assert {name: answer.headers.get(name) for name in PRIVATE} == expected, name
        assert "Set-Cookie" not in answer.headers, name


def test_every_answer_has_its_status(answers: dict[str, TestResponse]) -> None:
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "link": 200,
        "head": 200,
        "unconfirmed": 400,
        "too large": 413,
        "unknown": 404,
        "unknown click": 404,
        "bug": 500,
        "stopped": 200,
        "redirected": 303,
        "done": 200,
        "asset": 200,
        "no asset": 404,
    }


def test_every_page_is_plain_and_whole(answers: dict[str, TestResponse], path: str) -> None:
    for name, answer in answers.items():
        if answer.mimetype != "text/html" or name in {"head", "redirected"}:
            continue
        text = answer.get_data(as_text=True)
        page = read(text)
        assert page.tags.count("h1") == 1, name
        assert page.tags.count("main") == 1, name
        assert not {"script", "img", "iframe", "style"} & set(page.tags), name
        assert not [
            attribute for attribute, _ in page.attributes if attribute.startswith(("on", "style"))
        ], name
        assert "<p></p>" not in text, name
        token = path.removeprefix("/u/")
        assert token not in text.replace(f"../u/{token}/choices", ""), name
        assert EMAIL not in text, name
        assert page.texts["title"], name


def test_a_link_has_one_button_and_says_whose_it_is(api: Api, path: str) -> None:
    text = api.send("GET", path).get_data(as_text=True)
    page = read(text)
    assert page.tags.count("button") == page.tags.count("form") == 1
    assert "<span>Okwind</span>" in text
    assert "Okwind" in page.texts["title"]


def test_a_link_of_a_topic_offers_to_stop_everything_too(api: Api) -> None:
    page = read(api.send("GET", path_of(api, topic="newsletter")).get_data(as_text=True))
    assert page.tags.count("button") == 2
    assert page.tags.count("form") == 1
    assert [value for name, value in page.attributes if name == "value"] == ["1", "all"]


def test_a_wrong_link_has_words_that_help(api: Api) -> None:
    page = api.send("GET", "/u/wrong?lang=en").get_data(as_text=True)
    assert "This link does not work" in page
    assert "Open it again from the e\u2011mail" in page
    assert 'href="../stop?lang=en"' in page


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("?lang=en", "fr", "en"),
        ("?lang=fr", "en", "fr"),
        ("?lang=de", "en", "en"),
        ("", "en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("", "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("", "de, fr;q=0.1", "fr"),
        ("", "de", "fr"),
        ("", "", "fr"),
        ("", "nonsense;;q=x", "fr"),
    ],
)
def test_the_language_is_asked_then_accepted_then_the_controllers(
    api: Api, path: str, query: str, accepted: str, language: str
) -> None:
    answer = api.send("GET", path + query, headers={"Accept-Language": accepted})
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.get_data(as_text=True)


def test_a_controller_elsewhere_and_an_unknown_link_speak_english(
    api: Api, german: Api, seen: set[str]
) -> None:
    del seen
    assert german.send("GET", path_of(german)).headers["Content-Language"] == "en"
    assert api.send("GET", "/u/wrong").headers["Content-Language"] == "en"


@pytest.mark.parametrize("data", [None, ONE_CLICK, {"confirm": "0"}])
def test_the_other_language_is_one_link_away_and_is_kept(
    api: Api, path: str, data: dict[str, str] | None
) -> None:
    first = api.send("POST" if data else "GET", f"{path}?lang=fr", data=data)
    (switch,) = re.findall(r'href="(\?lang=\w+)" lang="en" hreflang="en"', first.text)
    assert 'lang="en"' in api.send("GET", path + switch).text
    kept = api.post(path + switch, data={"confirm": "1"})
    assert re.fullmatch(r"\.\./r/[\w-]{22}\?lang=en", kept.headers["Location"])


def test_head_is_get_without_the_page(api: Api, path: str) -> None:
    head, page = api.send("HEAD", path), api.send("GET", path)
    assert head.get_data() == b""
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


def test_options_names_the_methods(api: Api, path: str) -> None:
    answer = api.client.options(path)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def path_of(api: Api, **fields: object) -> str:
    """Make a link and return its path."""
    url = api.post("/v1/links", {"identifier": EMAIL} | fields).get_json()["url"]
    return "/u/" + str(url).rpartition("/")[2]


def read(text: str) -> Page:
    """Parse a page."""
    page = Page()
    page.feed(text)
    return page


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """Return only SQLite; test_links.py verifies on each database what these pages store."""
    return str(request.param)


@pytest.fixture
def path(api: Api) -> str:
    return path_of(api)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the token `bug` raise RuntimeError."""
    read_token: Callable[..., object] = open_link.read_token

    def breaking(services: Services, token: str) -> object:
        if token == "bug":
            raise RuntimeError
        return read_token(services, token)

    monkeypatch.setattr(open_link, "read_token", breaking)


@pytest.fixture
def german(app: Flask, api: Api) -> Api:
    """Return an Api of a controller in Germany."""
    services: Services = app.extensions["suppression"]
    with app.app_context():
        controller = create_controller(
            "anders",
            name="Anders",
            country="DE",
            preset=Preset.OBJECTION_ONLY,
            now=services.clock(),
        )
    return Api(app, make_key(app, controller), api.seen)
