"""Every word of the pages stands in every language, and no catalogue has what no page says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from suppression.domain.vocabulary import Channel, Kind, Purpose
from suppression.web.http.problems import PROBLEMS
from suppression.web.pages.form_identifiers import NAMES
from suppression.web.pages.languages import CATALOGUES, LANGUAGES, catalogue
from suppression.web.pages.opt_out_form import WISHES

WEB = Path(__file__).parents[2] / "suppression" / "web"
HOLDS = re.compile(r"%\((\w+)\)s")
# Keys that are put together where they are used, by what they are put together from.
MADE = {
    *(f"wish.{wish}" for wish in WISHES),
    *(f"what.{channel}" for channel in Channel),
    *(f"what.{purpose}" for purpose in Purpose if not purpose.has_channel),
    *(f"field.{name}" for names in NAMES.values() for name in names),
    *(f"error.{kind}.empty" for kind in Kind),
    *(f"error.{kind}.unreadable" for kind in Kind),
    *(f"error.{kind}.{what}" for kind in (Kind.EMAIL, Kind.PHONE) for what in ("line", "many")),
    *(f"error.postal.{name}" for name in NAMES[Kind.POSTAL]),
}
SLUGS = {problem.slug for problem in PROBLEMS.values()}


def test_french_and_english_are_there() -> None:
    assert {"fr", "en"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_a_page_says_stands_in_the_catalogue(language: str) -> None:
    assert said() - set(texts(language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_catalogue_is_said_or_tells_of_a_problem(language: str) -> None:
    left = {key.removesuffix(".title") for key in set(texts(language)) - said()}
    assert left <= SLUGS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_written_and_fills_in_the_same_as_the_others(language: str) -> None:
    english = texts("en")
    for key, text in texts(language).items():
        assert text.strip(), key
        assert sorted(HOLDS.findall(text)) == sorted(HOLDS.findall(english[key])), key
        assert "<" not in text, key
        assert "%" not in HOLDS.sub("", text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    assert catalogue(language).gettext("link.button") in {"Me d\xe9sinscrire", "Unsubscribe"} or (
        language not in {"fr", "en"}
    )


def test_french_sets_its_spaces_and_hyphens_so_that_they_hold() -> None:
    heading = catalogue("fr").gettext("link.heading_topic")
    assert "\xab\xa0%(topic)s\xa0\xbb" in heading
    assert "e\u2011mail" in catalogue("fr").gettext("link.heading_all")


def texts(language: str) -> Mapping[str, str]:
    """Each key with its text, as it is written."""
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def said() -> set[str]:
    """Every key that a template or a module names."""
    sources = [*WEB.glob("templates/*.html"), *WEB.glob("pages/*.py"), *WEB.glob("http/*.py")]
    written = "\n".join(source.read_text("utf-8") for source in sources)
    named = set(re.findall(r'\b(?:_|translate)\("([a-z_.-]+[a-z])"[,)]', written))
    named |= set(re.findall(r'"((?:error|zone)\.[a-z_]+)"', written)) - {"error.html"}
    return named | MADE
