"""Renders the recipient pages, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, render_template, request

from suppression.usecases.open_link import LinkState, OpenedLink
from suppression.web.page_texts import TEXTS
from suppression.web.problems import RETRY_AFTER_SECONDS, SENT_AGAIN_LATER, Problem

_FRENCH_COUNTRIES = {"FR"}


def link_page(state: LinkState) -> Response:
    """What the link would stop, with one button; or that it is stopped, and since when."""
    if state.stopped_since:
        return stopped_page(state.link, state.stopped_since)
    return _page("link.html", _words(state.link, "heading", "explain"), state.link)


def stopped_page(link: OpenedLink, since: datetime) -> Response:
    """That it is done, and from when."""
    return _page("done.html", _words(link, "done", since=since), link)


def error_page(problem: Problem) -> Response:
    """Plain words about a wrong turn; it speaks of no controller, for it may know of none."""
    language = language_of(None)
    texts = TEXTS[language]
    words = {
        "message": texts.get(problem.slug, texts["other"]),
        "heading": texts.get(f"{problem.slug}-title", texts["error_title"]),
        "again": "" if problem.status == HTTPStatus.NOT_FOUND else texts["again"],
    }
    response = _page("error.html", words, None)
    response.status_code = problem.status
    if problem.status in SENT_AGAIN_LATER:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def language_of(link: OpenedLink | None) -> str:
    """`?lang=`, then Accept-Language, then French for a controller in France, else English."""
    asked = request.args.get("lang", "")
    if asked in TEXTS:
        return asked
    own = "fr" if link and link.controller.country in _FRENCH_COUNTRIES else "en"
    # The controller's own language stands first, for a reader who takes any (`*`).
    offered = [own, *(language for language in sorted(TEXTS) if language != own)]
    return request.accept_languages.best_match(offered) or own


def _words(link: OpenedLink, *keys: str, since: datetime | None = None) -> dict[str, str]:
    """The texts of these keys, filled in; the topic's own text where the link has one."""
    language = language_of(link)
    texts = TEXTS[language]
    topic = link.topic and (link.topic.name_fr if language == "fr" else link.topic.name_en)
    prefix = "topic_" if topic else ""
    words = {
        key: texts[prefix + key].format(controller=link.controller.name, topic=topic)
        for key in keys
    }
    if since:
        words["since"] = texts["since"].format(date=since.strftime(texts["date"]))
    return words


def _page(template: str, words: dict[str, Any], link: OpenedLink | None) -> Response:
    language = language_of(link)
    text = render_template(
        template,
        texts=TEXTS[language],
        language=language,
        other_language="en" if language == "fr" else "fr",
        controller=link.controller.name if link else "",
        stylesheet="../assets/page.css",
        **words,
    )
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    return response
