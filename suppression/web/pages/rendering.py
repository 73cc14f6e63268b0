"""Render the recipient pages in the reader's language and in the controller's branding."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, render_template, request

from suppression.adapters.observability.metrics import count_page
from suppression.domain.controllers.branding import NO_BRAND, Branding
from suppression.domain.controllers.model import Controller, Topic
from suppression.domain.suppressions.model import Scope
from suppression.domain.unsubscribe.client_classes import client_class
from suppression.domain.vocabulary import ClientClass
from suppression.web.http.problems import RETRY_AFTER_SECONDS, SENT_AGAIN_LATER, Problem
from suppression.web.pages.languages import (
    choose_language,
    format_instant,
    has_text,
    in_language,
    translate,
)
from suppression.web.translations.catalogues import PAGES, autonym

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_KEPT = ("what", "next")
"""The query parameters that a link to another language keeps; none holds an identifier."""


def render_page(
    template: str,
    controller: Controller | None = None,
    brand: Branding = NO_BRAND,
    *,
    status: int = HTTPStatus.OK,
    **words: Any,  # noqa: ANN401 - whatever the template shows
) -> Response:
    """Return a template as a page in the reader's language, with the controller's branding.

    `words` are further variables of the template. Without a controller the page has no branding.
    """
    language, base = choose_language(controller), base_path()
    with in_language(language):
        rendered = render_template(
            template,
            **words,
            language=language,
            languages=[(code, autonym(code), _address_in(code)) for code in PAGES.languages],
            controller=controller,
            brand=brand,
            stylesheet=f"{base}brand/{controller.slug}/page.css"
            if controller
            else f"{base}assets/page.css",
            logo=f"{base}brand/{controller.slug}/logo" if controller and brand.has_logo else "",
            to=lambda path: f"{base}{path}?lang={language}",
            topic_name=lambda topic: topic_name(topic, language),
            when=format_instant,
        )
    response = Response(rendered, status=status, content_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    return add_privacy_headers(response)


def redirect_to(path: str) -> Response:
    """Return a 303 redirect to `path` below the root, in the language of `?lang=`.

    The URL is relative, which works behind any proxy.
    """
    lang = request.args.get("lang", "")
    query = f"?lang={lang}" if lang in PAGES.languages else ""
    response = Response(status=HTTPStatus.SEE_OTHER, content_type="text/html; charset=utf-8")
    response.autocorrect_location_header = False
    response.headers["Location"] = f"{base_path()}{path}{query}"
    return add_privacy_headers(response)


def error_page(problem: Problem) -> Response:
    """Return the error page of a problem, without controller: the URL may belong to none."""
    away = problem.status in SENT_AGAIN_LATER
    with in_language(choose_language(None)):
        message = translate(_key_or(problem.slug, "error.other"))
        heading = translate(_key_or(f"{problem.slug}.title", "error.title"))
    response = render_page(
        "error.html",
        status=problem.status,
        heading=heading,
        message=message,
        again=problem.status is not HTTPStatus.NOT_FOUND and request.method in {"GET", "POST"},
        docs=f"{base_path()}docs" if request.path.split("/")[1] == "docs" else "",
        form=not away,
    )
    if away:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _key_or(key: str, otherwise: str) -> str:
    return key if has_text(key) else otherwise


def add_privacy_headers(response: Response) -> Response:
    """Add headers that keep tokens out of referrers and search indexes, and scripts out of pages.

    See docs/rules.md#e12.
    """
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    return response


def count_page_view(response: Response) -> Response:
    """Count a response in the metrics by class of client, and add the privacy headers. A hook."""
    count_page(g.get("client_class") or classify_client())
    return add_privacy_headers(response)


def base_path() -> str:
    """Return the relative path from the current URL to the root of the service, such as `../../`.

    A relative path also works if PUBLIC_URL has a path that a proxy removes.
    """
    return "../" * (request.path.count("/") - 1)


def topic_name(topic: Topic, language: str) -> str:
    """Return a topic's French name if the language is `fr`, else its English name."""
    return topic.name_fr if language == "fr" else topic.name_en


def describe_scope(scope: Scope, topics: tuple[Topic, ...], language: str) -> str:
    """Return what a stop covers in words: its topic, channel or purpose.

    `language` must be the current one, set by `in_language`.
    """
    if scope.topic:
        names = {topic.slug: topic_name(topic, language) for topic in topics}
        return translate("what.topic", topic=names.get(scope.topic, scope.topic))
    return translate(f"what.{scope.channel or scope.purpose}")


def _address_in(language: str) -> str:
    """Return the query string that shows this page in `language`; it has no typed text."""
    kept = [(name, value) for name in _KEPT for value in request.args.getlist(name)]
    return "?" + urlencode([*kept, ("lang", language)])


def classify_client(*, one_click: bool = False) -> ClientClass:
    """Return the class of the program that sent this request, and keep it for `count_page_view`.

    No decision depends on the class. `one_click`: whether the request is an RFC 8058 one-click,
    whose sender then counts as a mail provider rather than as a browser.
    """
    classified = client_class(request.user_agent.string, request.remote_addr or "")
    if one_click and classified is ClientClass.BROWSER:
        classified = ClientClass.PROVIDER
    g.client_class = classified
    return classified
