"""Every text that a page uses exists in every language, and no catalogue has an unused text.

This holds for both catalogues: that of the recipient pages, and that of the console.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from suppression.domain.vocabulary import Channel, Kind, Purpose
from suppression.web.http.problems import PROBLEMS
from suppression.web.pages.form_identifiers import NAMES
from suppression.web.pages.opt_out_form import WISHES
from suppression.web.translations.catalogues import CONSOLE, PAGES, TextDomain

CODE = Path(__file__).parents[2] / "suppression"
WEB = CODE / "web"
KEY = r"[a-z_]+\.[a-z_.-]*[a-z]"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
BRACES = re.compile(r"\{[a-z_]+\}")
# Keys of the pages that the code composes from a beginning and a word.
COMPOSED = {
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
# Fields without a label: buttons and hidden fields, of which no page shows an error.
UNLABELLED = {f"field.{name}" for name in ("answer", "body", "channel", "number", "of_purpose")}
EVERY = [(domain, language) for domain in (PAGES, CONSOLE) for language in domain.languages]
every = pytest.mark.parametrize(
    ("domain", "language"), EVERY, ids=[f"{domain.name}-{language}" for domain, language in EVERY]
)


def test_both_domains_have_the_same_languages_french_and_english_among_them() -> None:
    assert PAGES.languages == CONSOLE.languages
    assert {"fr", "en"} <= set(PAGES.languages)


@every
def test_every_text_that_is_named_is_there(domain: TextDomain, language: str) -> None:
    names = page_keys() if domain is PAGES else console_keys()
    assert len(names) > 100
    assert names - set(texts(domain, language)) == set()


@pytest.mark.parametrize("language", PAGES.languages)
def test_the_pages_have_no_text_that_is_not_named(language: str) -> None:
    left = {key.removesuffix(".title") for key in set(texts(PAGES, language)) - page_keys()}
    assert left <= SLUGS


@pytest.mark.parametrize("language", CONSOLE.languages)
def test_the_console_has_no_text_that_is_not_named(language: str) -> None:
    unnamed = set(texts(CONSOLE, language)) - console_keys()
    assert {key for key in unnamed if not is_composed(key)} == set()


@every
def test_every_text_has_words_and_the_placeholders_of_the_others(
    domain: TextDomain, language: str
) -> None:
    french = texts(domain, "fr")
    assert set(texts(domain, language)) == set(french)
    for key, text in texts(domain, language).items():
        assert text.strip(), key
        for pattern in (PLACEHOLDER, BRACES):
            assert set(pattern.findall(text)) == set(pattern.findall(french[key])), key
        assert "<" not in text, key
        assert "%" not in PLACEHOLDER.sub("", text), key


@every
def test_a_catalogue_states_its_language(domain: TextDomain, language: str) -> None:
    assert f'"Language: {language}\\n"' in domain.file(language).read_text("utf-8")


@pytest.mark.parametrize("domain", [PAGES, CONSOLE], ids=["pages", "console"])
def test_french_sets_its_spaces_and_apostrophes(domain: TextDomain) -> None:
    wrong = re.compile(r" [;:?!»]|« |\w'\w")
    every_text = {key: domain.catalogue("fr").gettext(key) for key in texts(domain, "fr")}
    assert [key for key, text in every_text.items() if wrong.search(text)] == []


def test_what_is_read_is_what_is_written_with_its_hyphens_in_the_pages_alone() -> None:
    heading = PAGES.text("fr", "link.heading_topic", topic="%(topic)s")
    assert "\xab\xa0%(topic)s\xa0\xbb" in heading
    assert "e\u2011mail" in PAGES.text("fr", "link.heading_all")
    assert CONSOLE.text("fr", "channel.email") == "e-mail"
    assert CONSOLE.text("en", "sign_in.wait", seconds=7).endswith("again in 7 seconds.")


def test_a_text_or_a_value_that_is_missing_is_an_error() -> None:
    assert not CONSOLE.has("nowhere.text")
    for key in ("nowhere.text", "sign_in.wait"):
        with pytest.raises(KeyError):
            CONSOLE.text("en", key, other=1)


@cache
def texts(domain: TextDomain, language: str) -> Mapping[str, str]:
    """Return each text of a catalogue by its key, as written in the file."""
    with domain.file(language).open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


@cache
def page_keys() -> set[str]:
    """Return every key that a template or module of the recipient pages uses, composed or not."""
    sources = [*WEB.glob("templates/*.html"), *WEB.glob("pages/*.py"), *WEB.glob("http/*.py")]
    code = "\n".join(source.read_text("utf-8") for source in sources)
    named = set(re.findall(r'\b(?:_|translate)\("([a-z_.-]+[a-z])"[,)]', code))
    named |= set(re.findall(r'"((?:error|zone)\.[a-z_]+)"', code)) - {"error.html"}
    return named | COMPOSED


@cache
def console_keys() -> set[str]:
    """Return every key that the console's code contains whole, and the label of each form field."""
    templates = "\n".join(page.read_text() for page in WEB.glob("templates/console/*.html"))
    modules = "\n".join(module.read_text() for module in WEB.glob("console/**/*.py"))
    sections = {key.partition(".")[0] for key in texts(CONSOLE, "fr")}
    keys = {
        *re.findall(rf"""\bt\(\s*["']({KEY})["']\s*[,)]""", templates),
        *re.findall(rf'"({KEY})"', templates + modules),
    }
    methods = "text|word|words|day|time|number|wrong|wrong_alone"
    fields = rf'\b(?:fields|fresh_fields)\.(?:{methods})\(\s*"(\w+)"(?![^)]*place=)'
    codes = r'\.wrong(?:_alone)?\(\s*"\w+",\s*"(\w+)"'
    return {
        *(key for key in keys if key.partition(".")[0] in sections and not key.endswith(".html")),
        *(f"form.{code}" for code in re.findall(codes, modules)),
        *({f"field.{name}" for name in re.findall(fields, modules)} - UNLABELLED),
    }


def is_composed(key: str) -> bool:
    """Return whether the code quotes both a beginning of the key and the word after it."""
    beginnings, words = quoted_words()
    return any(key[:end] in beginnings and key[end:] in words for end in range(len(key)))


@cache
def quoted_words() -> tuple[set[str], set[str]]:
    """Return the beginnings of keys that the code quotes, like `nav.`, and every quoted word."""
    sources = [*CODE.rglob("*.py"), *WEB.glob("templates/console/*.html")]
    code = "\n".join(source.read_text("utf-8") for source in sources)
    words = set(re.findall(r"""["']([\w:-]+)["']""", code))
    beginnings = set(re.findall(r"""["']([a-z_]+\.[a-z_]*)(?:["']|\{)""", code))
    return beginnings | {f"{word}." for word in words}, words
