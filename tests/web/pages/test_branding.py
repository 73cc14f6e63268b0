"""A controller's pages show its name, logo, colour and contact."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from suppression.usecases.controllers.branding import BrandingRequest, change_branding
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
SHEET = "/brand/okwind/page.css"
LOGO = "/brand/okwind/logo"


def test_without_a_brand_the_pages_are_plain(api: Api) -> None:
    page = api.send("GET", "/stop/okwind?lang=en").text
    assert "<img" not in page
    assert "Reply to any message from Okwind" in page.replace("reply", "Reply")
    assert api.send("GET", LOGO).status_code == 404
    assert ":root{--brand:#1d4ed8}" in api.send("GET", SHEET).text


def test_a_brand_is_shown_on_every_page(api: Api, branded: None) -> None:
    del branded
    page = api.send("GET", "/stop/okwind?lang=en").text
    assert '<img src="../brand/okwind/logo" alt=""' in page
    assert '<a href="mailto:dpo@okwind.example">dpo@okwind.example</a>' in page
    assert 'href="../brand/okwind/page.css"' in page


def test_the_style_sheet_has_the_colour_and_a_lighter_one_for_the_dark(
    api: Api, branded: None
) -> None:
    del branded
    sheet = api.send("GET", SHEET).text
    assert re.findall(r"--brand:(#\w{6})\}", sheet) == ["#0f766e", "#358c85", "#0f766e"]
    assert len(sheet) < 10_000


def test_the_logo_may_run_and_load_nothing(api: Api, branded: None) -> None:
    del branded
    answer = api.send("GET", LOGO)
    assert (answer.mimetype, answer.data) == ("image/svg+xml", SVG)
    policy = answer.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", [SHEET, LOGO])
def test_a_cache_is_told_that_nothing_changed(api: Api, branded: None, path: str) -> None:
    del branded
    tag = api.send("GET", path).headers["ETag"]
    assert api.send("GET", path, headers={"If-None-Match": tag}).status_code == 304


def test_what_is_not_named_stays(app: Flask, api: Api, branded: None) -> None:
    del branded
    with app.app_context():
        change_branding(find_controller("okwind"), BrandingRequest(dpo_contact="Nantes <b>"))
    page = api.send("GET", "/stop/okwind").text
    assert "Nantes &lt;b&gt;" in page
    assert "--brand:#0f766e" in api.send("GET", SHEET).text
    assert api.send("GET", LOGO).status_code == 200


@pytest.mark.parametrize("path", ["/brand/nobody/page.css", "/brand/nobody/logo"])
def test_nobody_has_no_brand(api: Api, path: str) -> None:
    assert api.send("GET", path).status_code == 404


@pytest.fixture
def branded(app: Flask, api: Api) -> None:
    """Give the controller okwind a brand with a colour, a contact and a logo."""
    del api
    with app.app_context():
        change_branding(
            find_controller("okwind"),
            BrandingRequest(colour="#0F766E", dpo_contact="dpo@okwind.example", logo=SVG),
        )
