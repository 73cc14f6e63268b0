"""Each kind of wrong request gets its own problem, and no problem repeats what was sent."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from suppression.domain.vocabulary import ApiScope
from tests.api import Api, make_controller, make_key
from tests.leaks import leaks

EMAIL = "jean.dupont@example.fr"
CHECK = {"channel": "email", "identifier": EMAIL}


def problem(response: object) -> str:
    body = response.get_json()  # type: ignore[attr-defined]
    assert response.mimetype == "application/problem+json"  # type: ignore[attr-defined]
    return str(body["type"].removeprefix("urn:suppression:problem:"))


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"text"', "application/json"),
        (b"null", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"channel": NaN}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"channel": "email"}', "text/plain"),
        (b"", "application/json"),
    ],
)
def test_what_is_not_a_json_object_is_said_to_be_none(
    api: Api, data: bytes, content_type: str
) -> None:
    refused = api.post("/v1/checks", data=data, content_type=content_type)
    assert (refused.status_code, problem(refused)) == (400, "not-json")


@pytest.mark.parametrize(
    ("change", "kind", "pointer"),
    [
        ({"channel": 5}, "wrong-type", "/channel"),
        ({"identifier": 5}, "wrong-type", "/identifier"),
        ({"identifier": None}, "wrong-type", "/identifier"),
        ({"identifier": {"street": 5}}, "wrong-type", "/identifier/street"),
        ({"identifier": {"strasse": "x"}}, "unknown-field", "/identifier"),
        ({"country": 5}, "wrong-type", "/country"),
        ({"colour": "red"}, "unknown-field", ""),
        ({EMAIL: "x"}, "unknown-field", ""),
        ({"channel": "pigeon"}, "invalid-value", "/channel"),
        ({"purpose": "spam"}, "invalid-value", "/purpose"),
        ({"basis": "no_objection"}, "invalid-value", "/basis"),
        ({"country": "France"}, "invalid-value", "/country"),
        ({"country": "FR\n"}, "invalid-value", "/country"),
        ({"topic": "No Topic"}, "invalid-value", "/topic"),
        ({"kind": "email"}, "invalid-value", "/kind"),
        ({"purpose": "profiling"}, "invalid-value", "/kind"),
        ({"sha256": "ab" * 32}, "invalid-value", "/identifier"),
        ({"scheme": "plain"}, "invalid-value", "/scheme"),
        ({"correlation_id": "0612345678"}, "invalid-value", "/correlation_id"),
    ],
)
def test_a_wrong_field_is_named_by_its_pointer(
    api: Api, change: dict[str, object], kind: str, pointer: str
) -> None:
    refused = api.post("/v1/checks", CHECK | change)
    assert (refused.status_code, problem(refused)) == (422, kind)
    assert pointer in [fault["pointer"] for fault in refused.get_json()["errors"]]
    assert not leaks(refused.get_data(as_text=True), [EMAIL])


def test_a_boolean_is_not_guessed(api: Api) -> None:
    refused = api.stop("email", EMAIL, whole_address="yes")
    assert problem(refused) == "wrong-type"


def test_a_missing_field_is_asked_for(api: Api) -> None:
    refused = api.post("/v1/suppressions", {"channels": "all"})
    assert refused.get_json()["errors"] == [
        {"pointer": "/identifiers", "detail": "Add this field."}
    ]


def test_too_many_identifiers_are_refused(api: Api) -> None:
    identifiers = [{"kind": "email", "value": EMAIL}] * 101
    refused = api.post("/v1/suppressions", {"identifiers": identifiers, "channels": "all"})
    assert problem(refused) == "too-many-items"


@pytest.mark.parametrize("length", ["known", "chunked"])
@pytest.mark.parametrize("path", ["/v1/checks", "/v1/suppressions"])
def test_a_body_over_the_limit_is_refused(api: Api, path: str, length: str) -> None:
    body = b"{}" + b" " * (256 * 1024)
    options: dict[str, object] = {"data": body}
    if length == "chunked":
        environ = {"wsgi.input_terminated": True}
        options = {"input_stream": io.BytesIO(body), "environ_overrides": environ}
    refused = api.post(path, content_type="application/json", **options)
    assert (refused.status_code, problem(refused)) == (413, "body-too-large")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("", "missing-key"),
        ("Bearer", "missing-key"),
        ("Basic dXNlcjpwYXNz", "missing-key"),
        ("Bearer sup_nonsense", "wrong-key"),
        ("Bearer sup_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaiipphg", "wrong-key"),
    ],
)
def test_a_missing_or_wrong_key_is_401(api: Api, header: str, kind: str) -> None:
    refused = api.post("/v1/checks", CHECK, headers={"Authorization": header})
    assert (refused.status_code, problem(refused)) == (401, kind)
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("/v1/checks", ApiScope.CHECK),
        ("/v1/checks/batch", ApiScope.CHECK),
        ("/v1/suppressions", ApiScope.SUPPRESS),
        ("/v1/suppressions/search", ApiScope.AUDIT),
        ("/v1/suppressions/release", ApiScope.RELEASE),
    ],
)
def test_a_key_does_only_what_its_scopes_say(
    app: Flask, seen: set[str], path: str, needed: ApiScope
) -> None:
    controller = make_controller(app, "okwind")
    without = Api(app, make_key(app, controller, set(ApiScope) - {needed}), seen)
    refused = without.post(path, {})
    assert (refused.status_code, problem(refused)) == (403, "missing-scope")
    assert Api(app, make_key(app, controller, [needed]), seen).post(path, {}).status_code == 422


def test_an_unknown_path_and_a_wrong_method_are_problems(api: Api) -> None:
    assert problem(api.send("GET", "/v1/nothing")) == "not-found"
    wrong = api.send("GET", "/v1/checks")
    assert (wrong.status_code, problem(wrong)) == (405, "method-not-allowed")
    assert "POST" in wrong.headers["Allow"]


def test_every_problem_carries_the_request_id(api: Api) -> None:
    refused = api.send("GET", "/v1/nothing")
    assert refused.get_json()["request_id"] == refused.headers["X-Request-Id"]
