"""Each route declares a scope or a right, or is listed as public; each error has a status."""

from __future__ import annotations

import inspect

from suppression.domain import errors
from suppression.web.http.problems import PROBLEMS
from suppression.wiring.whole import create_app
from tests.databases import settings_for

PUBLIC = {
    "/",
    "/livez",
    "/metrics",
    "/readyz",
    "/readyz/stops",
    "/openapi.yaml",
    "/docs",
    "/docs/<filename>",
    "/brand/<controller>/logo",
    "/brand/<controller>/page.css",
    "/r/<code>",
    "/stop",
    "/stop/<controller>",
    "/u/<token>",
    "/u/<token>/choices",
    "/assets/<filename>",
    "/console/",
    "/console/assets/<filename>",
    "/console/code",
    "/console/first-time",
    "/console/invitation",
    "/console/sign-in",
    "/console/sign-out",
}


def test_every_route_declares_its_scope_or_is_known_to_be_public() -> None:
    app = create_app(settings_for("sqlite://"))
    undeclared = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if not {"required_scope", "required_right"} & set(vars(app.view_functions[rule.endpoint]))
    }
    assert undeclared == PUBLIC


def test_every_error_has_its_row_in_the_one_table() -> None:
    classes = {
        error
        for _, error in inspect.getmembers(errors, inspect.isclass)
        if issubclass(error, errors.SuppressionError) and error is not errors.SuppressionError
    }
    assert set(PROBLEMS) == classes


def test_every_problem_says_what_to_do() -> None:
    assert all(problem.detail for problem in PROBLEMS)
    slugs = [(problem.slug, problem.status) for problem in PROBLEMS.values()]
    assert len({slug for slug, _ in slugs}) == len(set(slugs))
