"""No rate limit refuses a stop: every route whose code stores stops is exempt from limits."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from flask import Flask

from suppression.usecases.suppressions.record import record_suppressions
from suppression.web.http.rate_limits import UNLIMITED, limit_kind
from suppression.wiring.whole import create_app
from tests.databases import settings_for

PROJECT = Path(__file__).parents[2]
POSTED = re.compile(r"`(POST /[^`]+)`")
EXEMPT = {
    "POST /console/<slug>/cases/<reference>/stop",
    "POST /console/<slug>/domains",
    "POST /console/<slug>/imports/<import_id>/apply",
    "POST /console/<slug>/messages",
    "POST /console/<slug>/record",
    "POST /console/<slug>/record/<reference>",
    "GET /assets/<filename>",
    "GET /brand/<controller>/logo",
    "GET /brand/<controller>/page.css",
    "GET /docs/<filename>",
    "GET /livez",
    "GET /metrics",
    "GET /r/<code>",
    "GET /readyz",
    "GET /readyz/stops",
    "POST /stop/<controller>",
    "POST /u/<token>",
    "POST /u/<token>/choices",
    "POST /v1/consents/withdraw",
    "POST /v1/imports/<import_id>/apply",
    "POST /v1/inbound/sms",
    "POST /v1/outcomes",
    "POST /v1/suppressions",
}
STORING = {
    "POST /console/<slug>/cases/<reference>/stop",
    "POST /console/<slug>/domains",
    "POST /console/<slug>/messages",
    "POST /console/<slug>/record",
    "POST /console/<slug>/record/<reference>",
    "POST /stop/<controller>",
    "POST /u/<token>",
    "POST /u/<token>/choices",
    "POST /v1/consents/withdraw",
    "POST /v1/inbound/sms",
    "POST /v1/outcomes",
    "POST /v1/suppressions",
}


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(settings_for("sqlite://"))


def test_the_exempt_routes_are_these(app: Flask) -> None:
    exempt = {route for route, endpoint in routes(app) if limit_kind(app, endpoint) == UNLIMITED}
    assert exempt == EXEMPT


def test_every_route_that_stores_a_stop_is_exempt(app: Flask) -> None:
    storing = {
        route for route, endpoint in routes(app) if stores_a_stop(app.view_functions[endpoint])
    }
    assert storing == STORING, "list it, and exempt it"
    assert storing <= EXEMPT


def test_operators_are_told_of_every_unlimited_route_that_is_posted_to() -> None:
    page = (PROJECT / "docs" / "for-operators.md").read_text()
    section = page.partition("\n## Limits\n")[2].partition("\n## ")[0]
    told = {route.replace("{", "<").replace("}", ">") for route in POSTED.findall(section)}
    assert told == {route for route in EXEMPT if route.startswith("POST ")}


def test_the_guard_finds_a_stop_behind_two_calls() -> None:
    assert stores_a_stop(one_that_calls_another)
    assert not stores_a_stop(routes)


def one_that_calls_another() -> object:
    return one_that_stores


def one_that_stores() -> object:
    return record_suppressions


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield each route as its method and rule, with its endpoint."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield f"{method} {rule.rule}", rule.endpoint


def stores_a_stop(view: Callable[..., Any]) -> bool:
    """Return whether a function leads to `record_suppressions` through the functions it names."""
    seen: set[Callable[..., Any]] = set()
    waiting = [inspect.unwrap(view)]
    while waiting:
        function = waiting.pop()
        if function is record_suppressions:
            return True
        if function not in seen:
            seen.add(function)
            waiting += named_in(function)
    return False


def named_in(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Return the functions of ours that a function names, also in functions inside it."""
    module: ModuleType | None = sys.modules.get(getattr(function, "__module__", ""))
    if not isinstance(function, FunctionType) or module is None:
        return []
    candidates = [getattr(module, name, None) for name in names_of(function.__code__)]
    return [
        inspect.unwrap(function)
        for function in candidates
        if function is not None and is_ours(function)
    ]


def names_of(code: Any) -> set[str]:  # noqa: ANN401 - a code object
    """Return every global name in a code object and in the functions defined inside it."""
    inner = [const for const in code.co_consts if hasattr(const, "co_names")]
    return {*code.co_names, *(name for block in inner for name in names_of(block))}


def is_ours(candidate: object) -> bool:
    """Return whether an object is a function of the service or of tests/guards."""
    module = getattr(candidate, "__module__", "") or ""
    return inspect.isfunction(candidate) and module.startswith(("suppression.", "tests.guards"))
