"""Every text that a page of the console names is in its catalogues."""

from __future__ import annotations

import re
from pathlib import Path

from suppression.web.console.translations import CATALOGUES

TEMPLATES = Path(__file__).parents[2] / "suppression/web/templates/console"
_NAMED = re.compile(r"""\bt\(\s*["']([a-z_.-]+)["']\s*[,)]""")


def named() -> set[str]:
    """The keys that stand in the templates as they are."""
    pages = TEMPLATES.glob("*.html")
    return {key for page in pages for key in _NAMED.findall(page.read_text())}


def test_every_text_that_a_page_names_is_in_both_languages() -> None:
    assert len(named()) > 100
    for language, catalogue in CATALOGUES.items():
        assert named() - set(catalogue) == set(), language
