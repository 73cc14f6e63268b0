"""A DPO imports a list in Chromium without JavaScript: upload, preview, correct, apply, undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from suppression.domain.users.roles import Role
from suppression.web.translations.catalogues import CONSOLE
from tests.api import Api
from tests.browser.console_in_browser import ConsoleInBrowser
from tests.browser.test_console import At, at, okwind
from tests.importing import Imports
from tests.length import chosen
from tests.web.console.browser import REFERENCE

__all__ = ["at", "okwind"]
ANNA, ZOE, PHONE = "anna.martin@example.fr", "zoe.petit@example.fr", "06 12 34 56 78"
ROWS = (
    "Nom;Prénom;Adresse mail;Téléphone portable;Adresse;CP;Ville;Date d'opposition;Motif;Offre\n"
    f"Martin;Anna;{ANNA};{PHONE};;;;03/02/2024;désabonné;PAC\n"
    f"Petit;Zoé;{ZOE.upper()};;;;;04/02/2024 10:15;plainte;PAC\n"
    "Dubois;Paul;;;12 rue de la Paix;35000;Rennes;;;isolation\n"
    "Leroy;Jeanne;jeanne.leroy(arobase)example.fr;;;;;;;\n"
    f"Martin;Anna;{ANNA};;;;;31/02/2024;;\n"
)


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="fr"))
def test_a_list_is_uploaded_looked_at_confirmed_and_undone(
    at: At, app: Flask, api: Api, tmp_path: Path, language: str
) -> None:
    file = tmp_path / "liste_opposition_2024.csv"
    file.write_bytes(ROWS.replace("\n", "\r\n").encode("cp1252"))
    console = at(Role.DPO, language)
    mend_the_form(console, file)
    assert "zoe.petit@example.fr" in console.page.content()
    assert console.page.locator("#rows ~ .scroll tbody tr").count() == 5
    assert "jeanne" not in errors_of(console)
    console.press(CONSOLE.text(language, "imports.apply", number=5))
    look(console, "import-applying")
    assert api.decision("email", ZOE) == "allow"
    Imports(app).work()
    console.page.get_by_role(
        "link", name=CONSOLE.text(language, "imports.again"), exact=True
    ).click()
    console.page.locator("details > summary").click()
    look(console, "import-applied")
    assert api.decision("email", ZOE) == "deny"
    console.page.check("#undo_import")
    console.press(CONSOLE.text(language, "imports.undo"))
    Imports(app).work()
    console.go("/okwind/imports")
    look(console, "imports-undone")
    assert api.decision("email", ZOE) == "allow"


def mend_the_form(console: ConsoleInBrowser, file: Path) -> None:
    """Send the form without a file, with a missing column and a past end, then correctly."""
    page, read = console.page, CONSOLE.text(console.language, "imports.read")
    console.go("/okwind/imports")
    look(console, "imports")
    console.press(read)
    assert page.locator("[role=alert] a").get_attribute("href") == "#file"
    for summary in page.locator("details > summary").all():
        summary.click()
    look(console, "imports-no-file")
    page.set_input_files("#file", file)
    page.fill("#column_email", "Courriel")
    console.press(read)
    look(console, "imports-no-column")
    page.fill("#column_email", "")
    page.locator("details > summary").first.click()
    page.fill("#ends_on", "2020-01-01")
    page.set_input_files("#file", file)
    console.press(read)
    assert page.locator("[role=alert] a").get_attribute("href") == "#ends_on"
    look(console, "imports-no-end")
    page.fill("#ends_on", "")
    page.set_input_files("#file", file)
    console.press(read)
    look(console, "import-staged")


def errors_of(console: ConsoleInBrowser) -> str:
    """Download the file of invalid rows and return its text."""
    match = REFERENCE.search(console.page.content())
    assert match
    with console.page.expect_download() as download:
        console.page.click(f"a[href$='/imports/{match[0]}/errors']")
    return download.value.path().read_text("utf-8-sig")


def look(console: ConsoleInBrowser, name: str) -> None:
    """Examine the page at the width of a telephone and of a desktop."""
    for width, height in ((320, 720), (1280, 900)):
        console.page.set_viewport_size({"width": width, "height": height})
        console.look(f"{name}-{width}")


def test_the_keyboard_alone_brings_a_list_in(at: At, api: Api, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(f"email\n{ANNA}\n")
    console = at(Role.INTAKE, "fr")
    console.go("/okwind/imports")
    page = console.page
    page.set_input_files("#file", file)
    page.focus("#file")
    for name in ("imports.read", "imports.apply"):
        button = page.get_by_role("button", name=CONSOLE.text("fr", name, number=1), exact=True)
        for _ in range(40):
            if button.evaluate("one => one === document.activeElement"):
                break
            page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    Imports(app).work()
    assert api.decision("email", ANNA) == "deny"
