"""The console sets the look of the recipient pages by the rules of `flask controllers brand`."""

from __future__ import annotations

import io

import pytest

from suppression.domain.users.roles import Role
from tests.api import Api
from tests.web.console.browser import Browser

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
PLAIN = {"colour": "#1d4ed8", "dpo_contact": ""}
SHEET, FORM, LOGO = "/brand/okwind/page.css", "/stop/okwind?lang=en", "/brand/okwind/logo"


def test_a_look_that_was_set_is_what_recipients_see(dpo: Browser, api: Api) -> None:
    form = {"colour": "#0F766E", "dpo_contact": "dpo@okwind.example", "logo": upload(SVG)}
    assert dpo.post("/okwind/look", form).status_code == 303
    assert ":root{--brand:#0f766e}" in api.send("GET", SHEET).text
    page = api.send("GET", FORM).text
    assert '<img src="../brand/okwind/logo" alt=""' in page
    assert "mailto:dpo@okwind.example" in page
    assert api.send("GET", LOGO).data == SVG
    dpo.get("/okwind/look")
    assert 'value="#0f766e"' in dpo.text
    assert 'href="/stop/okwind?lang=en"' in dpo.text
    assert 'href="/brand/okwind/logo"' in dpo.text


def test_without_a_file_the_logo_stays(dpo: Browser, api: Api) -> None:
    dpo.post("/okwind/look", PLAIN | {"logo": upload(SVG)})
    assert dpo.post("/okwind/look", PLAIN | {"colour": "#000000"}).status_code == 303
    assert dpo.post("/okwind/look", PLAIN | {"logo": upload(b"", name="")}).status_code == 303
    assert api.send("GET", LOGO).data == SVG


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"colour": "#ffcc00"}, "the nearest colour that will do: <code>#8f7200</code>"),
        ({"colour": "gold"}, "six hexadecimal digits"),
        ({"colour": ""}, "must be filled in"),
        ({"dpo_contact": "x" * 121}, "this is too long"),
        ({"dpo_contact": "a\nb"}, "write one line"),
        ({"logo": b"GIF89a"}, "choose a PNG or an SVG"),
        ({"logo": b"<!---->" * 120 + b"<svh"}, "choose a PNG or an SVG"),
        ({"logo": SVG.replace(b"/>", b"><script/></svg>")}, "save it as a plain SVG"),
        ({"logo": SVG.replace(b"/>", b">" + b"<g/>" * 500 + b"</svg>")}, "at most 500 elements"),
        ({"logo": SVG + bytes(6 * 1024)}, "larger than 6 KiB"),
    ],
)
def test_what_the_command_refuses_is_refused_at_its_field(
    dpo: Browser, api: Api, wrong: dict[str, str | bytes], told: str
) -> None:
    form: dict[str, object] = dict(PLAIN)
    for name, value in wrong.items():
        form[name] = upload(value) if isinstance(value, bytes) else value
    assert dpo.post("/okwind/look", form).status_code == 422
    assert told in dpo.text
    assert f'href="#{next(iter(wrong))}"' in dpo.text
    assert ":root{--brand:#1d4ed8}" in api.send("GET", SHEET).text
    assert api.send("GET", LOGO).status_code == 404


def test_a_contact_is_replaced_and_never_emptied_by_chance(dpo: Browser, api: Api) -> None:
    dpo.post("/okwind/look", PLAIN | {"dpo_contact": "dpo@okwind.example"})
    assert dpo.post("/okwind/look", PLAIN).status_code == 422
    assert "dpo@okwind.example" in api.send("GET", FORM).text


@pytest.mark.parametrize("role", [Role.INTAKE, Role.AUDITOR, Role.OPERATOR])
def test_the_look_is_the_dpo_s(browser_as: object, api: Api, role: Role) -> None:
    browser: Browser = browser_as(role)  # type: ignore[operator]
    assert browser.get("/okwind/look").status_code == 403
    assert browser.post("/okwind/look", PLAIN | {"colour": "#000000"}).status_code == 403
    assert ":root{--brand:#1d4ed8}" in api.send("GET", SHEET).text


def upload(content: bytes, *, name: str = "logo.svg") -> tuple[io.BytesIO, str]:
    """Return a file field with its name, as the test client sends it."""
    return io.BytesIO(content), name
