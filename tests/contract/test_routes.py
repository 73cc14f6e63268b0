"""The routes of the application and the paths of openapi.yaml agree, in both directions."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask

from suppression.domain.vocabulary import ApiScope
from suppression.web.http.idempotency import idempotency_key
from suppression.web.http.rate_limits import UNLIMITED, limit_kind
from tests.contract.document import Json, operations, read_document

DOCUMENT = read_document()
# Methods that Flask answers by itself for every route.
OF_FLASK = {"HEAD", "OPTIONS"}
IDEMPOTENCY = {"$ref": "#/components/parameters/Idempotency-Key"}
NO_SCOPE_TOLD = "no scope told"


def test_routes_and_paths_are_the_same(contract_app: Flask) -> None:
    assert set(views(contract_app)) == set(told())


def test_every_operation_names_the_scope_of_its_view(contract_app: Flask) -> None:
    scopes = {place: scope_of(view) for place, view in views(contract_app).items()}
    assert scopes == {
        place: said.get("x-required-scope", NO_SCOPE_TOLD) for place, said in told().items()
    }


def test_a_named_scope_is_one_of_ours() -> None:
    named = {said["x-required-scope"] for said in told().values() if said.get("x-required-scope")}
    assert named <= set(ApiScope)
    assert named


def test_what_needs_no_key_says_so(contract_app: Flask) -> None:
    keyless = {
        place for place, view in views(contract_app).items() if not hasattr(view, "required_scope")
    }
    assert keyless == {place for place, said in told().items() if "security" in said}
    others = {str(said["security"]) for said in told().values() if "security" in said}
    assert others == {"[]", "[{'metrics': []}]"}
    assert DOCUMENT["security"] == [{"bearer": []}]


def test_idempotency_keys_are_told_exactly_where_they_are_taken(contract_app: Flask) -> None:
    taking = {place for place, view in views(contract_app).items() if takes_a_claim(view)}
    assert taking == {
        place for place, said in told().items() if IDEMPOTENCY in said.get("parameters", [])
    }
    assert taking


def test_replays_are_told_exactly_where_keys_are_taken() -> None:
    for place, said in told().items():
        for status, response in said["responses"].items():
            replayed = "Idempotency-Replayed" in response.get("headers", {})
            taken = IDEMPOTENCY in said.get("parameters", [])
            assert replayed == (taken and status.startswith("2")), (place, status)


def test_limits_are_told_exactly_where_they_hold(contract_app: Flask) -> None:
    limited = {
        place
        for place, endpoint in routes(contract_app)
        if limit_kind(contract_app, endpoint) != UNLIMITED
    }
    assert limited == {place for place, said in told().items() if "429" in said["responses"]}
    assert limited


def test_operation_ids_are_all_different() -> None:
    names = [said["operationId"] for said in told().values()]
    assert len(names) == len(set(names))


def told() -> dict[tuple[str, str], Json]:
    """Return the operation object of each method and path in the document."""
    return {
        (operation.method, operation.path): operation.said for operation in operations(DOCUMENT)
    }


def views(app: Flask) -> dict[tuple[str, str], Callable[..., Any]]:
    """Return the view of each method and path."""
    return {place: app.view_functions[endpoint] for place, endpoint in routes(app)}


def routes(app: Flask) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield each method and path, as OpenAPI writes it, with its endpoint."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console."):
            continue  # pages for people: tests/web/console
        path = re.sub(r"<(?:[^:>]*:)?([^>]+)>", r"{\1}", rule.rule)
        for method in (rule.methods or set()) - OF_FLASK:
            yield (method, path), rule.endpoint


def scope_of(view: Callable[..., Any]) -> str | None:
    """Return the scope that a view needs, None for any key, NO_SCOPE_TOLD without a key."""
    scope: ApiScope | str | None = getattr(view, "required_scope", NO_SCOPE_TOLD)
    return scope


def takes_a_claim(view: Callable[..., Any]) -> bool:
    """Return whether a view reads the Idempotency-Key of its request."""
    code = inspect.getclosurevars(inspect.unwrap(view))
    return idempotency_key in code.globals.values()
