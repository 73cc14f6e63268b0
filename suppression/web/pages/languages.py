"""Choose the language of a recipient page; supply its texts to templates by Flask-Babel."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from babel.dates import format_datetime, get_timezone
from babel.support import Translations
from flask import Flask, request
from flask_babel import (  # type: ignore[import-untyped]  # these are all that we use of it
    Babel,
    Domain,
    force_locale,
    get_locale,
    gettext,
)

from suppression.domain.controllers.model import Controller
from suppression.web.translations.catalogues import PAGES

_FRENCH_COUNTRIES = {"FR"}
_TIME_ZONES = {"FR": ("Europe/Paris", "zone.paris")}
_UTC = ("UTC", "zone.utc")


class _Written(Domain):  # type: ignore[misc]
    """A Flask-Babel domain with the catalogues of the pages, read from .po files directly."""

    def get_translations(self) -> Translations:
        """Return the catalogue in the current language."""
        return PAGES.catalogue(str(get_locale()))


def register_languages(app: Flask) -> None:
    """Register Flask-Babel, which supplies `gettext` to templates in the page's language."""
    babel = Babel()
    babel.domain_instance = _Written()
    babel.init_app(app, locale_selector=lambda: choose_language(None))


def in_language(language: str) -> AbstractContextManager[None]:
    """Return a context manager; in its block, `translate` and `format_instant` use `language`."""
    speaking: AbstractContextManager[None] = force_locale(language)
    return speaking


def translate(key: str, **values: object) -> str:
    """Return the text of a key in the current language; `%(name)s` is replaced by the value `name`.

    A key that has no text is itself returned. Raises KeyError if values are given, but not one that
    the text names.
    """
    return str(gettext(key, **values))


def has_text(key: str) -> bool:
    """Return whether there is a text with this key; all languages have the same keys."""
    return PAGES.has(key)


def choose_language(controller: Controller | None) -> str:
    """Return the language of `?lang=`, else of Accept-Language, else the controller's.

    A controller in France has French, any other has English; without a controller it is English.
    """
    requested = request.args.get("lang", "")
    if requested in PAGES.languages:
        return requested
    own = "fr" if controller and controller.country in _FRENCH_COUNTRIES else "en"
    # The controller's own language is first, for a reader who accepts any (`*`).
    offered = [own, *(language for language in PAGES.languages if language != own)]
    return request.accept_languages.best_match(offered) or own


def format_instant(controller: Controller, instant: datetime) -> str:
    """Return an instant in words and its time zone: Paris for a controller in France, else UTC.

    The words are in the current language, set by `in_language`.
    """
    zone, name = _TIME_ZONES.get(controller.country, _UTC)
    written = format_datetime(
        instant,
        translate("date.format"),
        tzinfo=get_timezone(zone),
        locale=get_locale(),
    )
    return f"{written} ({translate(name)})"
