"""Pages for settings (API keys, topics, the register, texts of letters) and the page of health."""

from __future__ import annotations

import re

from werkzeug.wrappers import Response

from suppression.domain.cases.contents import LONGEST_KEEP, SHORTEST_KEEP, RegisterSettings
from suppression.domain.cases.letters import AnswerKind
from suppression.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidValueError,
)
from suppression.domain.users.roles import SCOPES_FROM_CONSOLE, Right
from suppression.domain.vocabulary import ApiScope
from suppression.usecases.cases.settings import (
    change_answer_text,
    change_settings,
    read_answer_texts,
    read_settings,
)
from suppression.usecases.controllers.api_keys import create_api_key, list_api_keys, revoke_key
from suppression.usecases.controllers.topics import create_topic, list_topics
from suppression.usecases.operations.metrics_snapshot import snapshot_metrics
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.rendering import redirect_to, render_page
from suppression.web.http.context import services
from suppression.web.http.forms import LARGEST_NUMBER, LONG, NOTHING, SHORT, FormValues, filled_form
from suppression.web.translations.catalogues import CONSOLE

_NAME = 120


@page("/keys", Right.KEYS)
def keys(console: ConsoleContext) -> Response:
    """Show the controller's API keys, each by its first characters only."""
    return _keys(console, NOTHING)


@page("/keys", Right.KEYS, methods=("POST",))
def make_key(console: ConsoleContext) -> Response:
    """Create an API key and show it once; show a form with faults again (422).

    Raises ForbiddenError for a scope that is not in SCOPES_FROM_CONSOLE, InvalidValueError for an
    invalid name.
    """
    fields = submitted_form()
    name = fields.text("name", max_length=_NAME, required=True)
    scopes = fields.words("scopes", ApiScope, required=True)
    if not SCOPES_FROM_CONSOLE.issuperset(scopes):
        raise ForbiddenError
    if fields.errors:
        return _keys(console, fields)
    key = create_api_key(console.controller, name=name, scopes=scopes, now=console.now)
    return _keys(console, NOTHING, key=key)


@page("/keys/revoke", Right.KEYS, methods=("POST",))
def revoke(console: ConsoleContext) -> Response:
    """Revoke the API key whose number the form has. Raises NotFoundError for a key not in use."""
    number = submitted_form().number("number", minimum=0, maximum=LARGEST_NUMBER)
    revoke_key(console.controller, number, now=console.now)
    return redirect_to("keys_get", slug=console.controller.slug)


@page("/health", Right.HEALTH)
def health(console: ConsoleContext) -> Response:
    """Show the health of the service: the database, and the last run of the opt-out probe."""
    return render_page("health.html", seen=snapshot_metrics(services(), now=console.now))


@page("/topics", Right.SETTINGS)
def topics(console: ConsoleContext) -> Response:
    """Show the controller's topics, and a form to create one."""
    return _topics(console, NOTHING)


@page("/topics", Right.SETTINGS, methods=("POST",))
def make_topic(console: ConsoleContext) -> Response:
    """Create a topic from the submitted form; show a form with faults again (422)."""
    fields = submitted_form()
    slug = fields.text("slug", required=True)
    french = fields.text("name_fr", max_length=_NAME, required=True)
    english = fields.text("name_en", max_length=_NAME, required=True)
    if not fields.errors:
        try:
            create_topic(console.controller, slug, name_fr=french, name_en=english)
            return redirect_to("topics_get", slug=console.controller.slug)
        except InvalidValueError:
            fields.wrong("slug", "slug")
        except ConflictError:
            fields.wrong("slug", "taken")
    return _topics(console, fields)


@page("/register", Right.SETTINGS)
def register(console: ConsoleContext) -> Response:
    """Show the settings of the register: months of retention, other systems, signature."""
    settings = read_settings(console.controller)
    return _register(
        filled_form(
            {
                "keep_months": str(settings.keep_months),
                "other_systems": settings.other_systems,
                "signature": settings.signature,
            }
        )
    )


@page("/register", Right.SETTINGS, methods=("POST",))
def set_register(console: ConsoleContext) -> Response:
    """Change the settings of the register; show a form with faults again (422)."""
    fields = submitted_form()
    settings = RegisterSettings(
        keep_months=fields.number("keep_months", minimum=SHORTEST_KEEP, maximum=LONGEST_KEEP),
        other_systems=fields.text("other_systems", max_length=LONG),
        signature=fields.text("signature", max_length=SHORT),
    )
    if fields.errors:
        return _register(fields)
    change_settings(console.controller, settings)
    return redirect_to("register_get", slug=console.controller.slug)


@page("/answers", Right.SETTINGS)
def answer_words(console: ConsoleContext) -> Response:
    """Show the controller's text and our default of every letter, in every language."""
    own = read_answer_texts(console.controller)
    return render_page(
        "answer_words.html",
        texts=[
            (kind, language, own.get((kind.value, language), ""), _ours(kind, language))
            for kind in AnswerKind
            for language in CONSOLE.languages
        ],
    )


@page("/answers", Right.SETTINGS, methods=("POST",))
def set_answer_words(console: ConsoleContext) -> Response:
    """Set the controller's own text of a letter; an empty text, or our default, removes it.

    Raises InvalidValueError for an unknown letter or language, and for a text that is too long.
    """
    fields = submitted_form()
    kind, language = fields.word("answer", AnswerKind), fields["language"]
    body = fields.text("body", max_length=LONG)
    if fields.errors or kind is None or language not in CONSOLE.languages:
        raise InvalidValueError
    own = "" if re.sub(r"\s+", " ", body) == re.sub(r"\s+", " ", _ours(kind, language)) else body
    change_answer_text(console.controller, kind, language, own)
    return redirect_to("answer_words_get", slug=console.controller.slug)


def _ours(kind: AnswerKind, language: str) -> str:
    return CONSOLE.text(language, f"answers.{kind}")


def _keys(console: ConsoleContext, fields: FormValues, *, key: str = "") -> Response:
    return render_page(
        "keys.html",
        status=422 if fields.errors else 200,
        fields=fields,
        keys=list_api_keys(console.controller, now=console.now),
        scopes=sorted(SCOPES_FROM_CONSOLE),
        key=key,
    )


def _topics(console: ConsoleContext, fields: FormValues) -> Response:
    return render_page(
        "topics.html",
        status=422 if fields.errors else 200,
        fields=fields,
        topics=list_topics(console.controller),
    )


def _register(fields: FormValues) -> Response:
    return render_page("register.html", status=422 if fields.errors else 200, fields=fields)
