"""The languages of the pages: one gettext catalogue each, found by its folder.

Flask-Babel asks for compiled catalogues; ours are read as they are written, so that a third
language is a file and nothing has to be built.
"""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_datetime, get_timezone
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, request
from flask_babel import (  # type: ignore[import-untyped]  # all of it that we use stands here
    Babel,
    Domain,
    force_locale,
    get_locale,
    gettext,
)

from suppression.domain.controllers.model import Controller

CATALOGUES = Path(__file__).parents[1] / "translations"
LANGUAGES = tuple(sorted(path.parts[-3] for path in CATALOGUES.glob("*/LC_MESSAGES/messages.po")))
_FRENCH_COUNTRIES = {"FR"}
_TIME_ZONES = {"FR": ("Europe/Paris", "zone.paris")}
_UTC = ("UTC", "zone.utc")
# No line ends within a word or before a French punctuation mark.
_UNBROKEN = {
    "e-mail": "e\u2011mail",
    " :": "\xa0:",
    " ?": "\xa0?",
    " ;": "\xa0;",
    "« ": "«\xa0",
    " »": "\xa0»",
}


class _Written(Domain):  # type: ignore[misc]
    """The catalogues as people write them."""

    def get_translations(self) -> Translations:
        """That of the language of this page."""
        return catalogue(str(get_locale()))


def register_languages(app: Flask) -> None:
    """Give templates `gettext`, in the language that the page says."""
    babel = Babel()
    babel.domain_instance = _Written()
    babel.init_app(app, locale_selector=lambda: choose_language(None))


def in_language(language: str) -> AbstractContextManager[None]:
    """Speak this language inside the block."""
    speaking: AbstractContextManager[None] = force_locale(language)
    return speaking


def translate(key: str, **values: object) -> str:
    """A text in the language that is spoken."""
    return str(gettext(key, **values))


@cache
def catalogue(language: str) -> Translations:
    """The texts of a language."""
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = read_po(file, locale=language)
    for message in texts:
        if message.id and isinstance(message.string, str):
            message.string = typeset(message.string)
    compiled = io.BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return Translations(compiled)


def typeset(text: str) -> str:
    r"""The text with the hyphens and spaces that hold together.

    >>> typeset("Quel e-mail ?")
    'Quel e\u2011mail\xa0?'
    """
    for loose, unbroken in _UNBROKEN.items():
        text = text.replace(loose, unbroken)
    return text


def has_text(key: str) -> bool:
    """Whether the catalogues have a text of this key; they all have the same."""
    return catalogue(LANGUAGES[0]).gettext(key) != key


def choose_language(controller: Controller | None) -> str:
    """`?lang=`, then Accept-Language, then French for a controller in France, else English."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    own = "fr" if controller and controller.country in _FRENCH_COUNTRIES else "en"
    # The controller's own language stands first, for a reader who takes any (`*`).
    offered = [own, *(language for language in LANGUAGES if language != own)]
    return request.accept_languages.best_match(offered) or own


def autonym(language: str) -> str:
    """How a language calls itself.

    >>> autonym("fr")
    'Français'
    """
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def format_instant(controller: Controller, moment: datetime) -> str:
    """A moment as people of that country read it, in their time; in UTC where we do not know."""
    zone, name = _TIME_ZONES.get(controller.country, _UTC)
    written = format_datetime(
        moment,
        translate("date.format"),
        tzinfo=get_timezone(zone),
        locale=get_locale(),
    )
    return f"{written} ({translate(name)})"
