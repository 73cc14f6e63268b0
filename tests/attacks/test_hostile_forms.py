"""Every field of every form of the console accepts or refuses texts that databases reject."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from suppression.domain.users.roles import Role
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api, make_controller
from tests.attacks.hostile import HOSTILE, LONE, Form, Forms, encoded
from tests.conftest import Clock
from tests.databases import BACKENDS
from tests.web.console.browser import STOP, Browser, signed_in, upload

FORM = "application/x-www-form-urlencoded"
LEFT_ALONE = {"/console/sign-out"}
MOST_PAGES = 60


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return PostgreSQL, the stricter database: it refuses NUL too."""
    return str(request.param)


def pages(browser: Browser) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every page of the console that links lead to."""
    waiting, seen = ["/console/", "/console/sign-in"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if _shape(path) in seen:
            continue
        seen.add(_shape(path))
        answer = browser.client.get(path, base_url="https://localhost", follow_redirects=True)
        assert answer.status_code < 500, path
        path = answer.request.path
        if answer.mimetype != "text/html":
            continue
        yield path, answer.get_data(as_text=True)
        split_results = (
            urlsplit(urljoin(path, link)) for link in Forms(answer.get_data(as_text=True)).links
        )
        waiting += sorted(
            {place.path for place in split_results if place.path.startswith("/console")}
        )


def _shape(path: str) -> str:
    """Return a path with "#" for each part with a digit, such as the number of a case."""
    return "/".join(
        "#" if any(char.isdigit() for char in part) else part for part in path.split("/")
    )


def forms(browser: Browser) -> dict[tuple[str, str, tuple[str, ...]], tuple[str, Form]]:
    """Return each form with a text field and its page's path, once per shape of its address."""
    return {
        (form.method, _shape(urlsplit(urljoin(path, form.action)).path), tuple(form.texts)): (
            path,
            form,
        )
        for path, text in pages(browser)
        for form in Forms(text).forms
        if form.texts and urlsplit(urljoin(path, form.action)).path not in LEFT_ALONE
    }


def send(browser: Browser, path: str, form: Form, texts: dict[str, str]) -> None:
    """Send a form with these texts in its fields; fail if the status is 5xx."""
    place = urlsplit(urljoin(path, form.action)).path
    fields = list((form.values | texts).items())
    if form.method == "get":
        query = encoded(fields)[:8000].decode()
        answer = browser.client.get(f"{place}?{query}", base_url="https://localhost")
    else:
        answer = browser.client.post(
            place, data=encoded(fields), content_type=FORM, base_url="https://localhost"
        )
    assert answer.status_code < 500, (place, sorted(texts))


@pytest.mark.parametrize("role", [Role.DPO, Role.OPERATOR])
def test_every_field_of_the_console_takes_or_refuses_any_text(
    app: Flask, clock: Clock, seen: set[str], role: Role
) -> None:
    browser = signed_in(app, clock, seen, {make_controller(app, "okwind"): role}, login=f"a.{role}")
    if role is Role.DPO:
        browser.post("/okwind/record", STOP | {"phones": "06 12 34 56 78"})
        upload(browser, "email\na@example.fr\n")
    forms_by_path = forms(browser)
    assert len(forms_by_path) >= (10 if role is Role.DPO else 2), sorted(forms_by_path)
    for path, form in forms_by_path.values():
        for text in HOSTILE.values():
            send(browser, path, form, dict.fromkeys(form.texts, text))
        for number, name in enumerate(sorted(form.values.keys() - {"csrf_token"})):
            send(browser, path, form, {name: list(HOSTILE.values())[number % len(HOSTILE)]})


def test_a_stop_by_letter_is_stored_whatever_was_noted_beside_it(
    app: Flask, clock: Clock, api: Api, seen: set[str]
) -> None:

    with app.app_context():
        okwind = find_controller("okwind")
    browser = signed_in(app, clock, seen, {okwind: Role.DPO})
    seen.add("0612345678")
    for text in (LONE, "\0", "\u202e", "\U0001f6d1"):
        browser.get("/okwind/record")
        fields = [("csrf_token", browser.token()), *STOP.items(), ("note", text), (text, text)]
        done = browser.client.post(
            "/console/okwind/record",
            data=encoded([(name, str(value)) for name, value in fields]),
            content_type=FORM,
            base_url="https://localhost",
        )
        assert done.status_code in {200, 303}
        assert api.decision("telephone", "+33612345678") == "deny"


def test_names_and_cells_of_an_uploaded_file_take_any_text(
    app: Flask, clock: Clock, seen: set[str]
) -> None:
    browser = signed_in(app, clock, seen, {make_controller(app, "okwind"): Role.DPO})
    for text in HOSTILE.values():
        raw = text.encode("utf-8", "surrogatepass")
        content = b"email,name\na" + raw + b"@example.fr," + raw + b"\nb@example.fr,B\n"
        name = raw[:99].decode("latin-1").replace("\0", "%00")
        browser.get("/okwind/imports")
        fields = {"csrf_token": browser.token(), "file": (io.BytesIO(content), name)}
        answer = browser.client.post(
            "/console/okwind/imports", data=fields, base_url="https://localhost"
        )
        assert answer.status_code < 500
