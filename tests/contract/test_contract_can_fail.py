"""The comparison with openapi.yaml finds undocumented answers, and its errors repeat no body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse

from tests.contract.contract import CONTRACT
from tests.contract.document import Json

ALLOW: Json = {
    "decision": "allow",
    "basis": "no_objection",
    "reasons": [],
    "checked_at": "2026-11-21T09:30:00Z",
    "valid_until": "2026-11-21T10:30:00Z",
}
ASKED: Json = {"channel": "email", "identifier": "jean.dupont@example.fr"}
PROBLEM: Json = {
    "type": "urn:suppression:problem:missing-scope",
    "title": "The API key may not do this",
    "status": 403,
    "detail": "This API key lacks the scope `check`.",
    "request_id": "9b2e7d4c6a8f1e050d3b8a7e1c5f4f6a",
}


def test_what_is_documented_passes() -> None:
    CONTRACT.check_response(answered(ALLOW))
    CONTRACT.check_response(answered(PROBLEM, status=403))
    CONTRACT.check_request(answered(ALLOW))


def test_an_undocumented_status_is_found() -> None:
    assert "POST /v1/checks answered 204: status 204 is not documented" in complaint(
        answered(ALLOW, status=204)
    )


def test_a_wrong_type_is_found() -> None:
    message = complaint(answered(ALLOW | {"reasons": "none"}))
    assert "at $.reasons: breaks type: 'array'" in message


def test_a_word_that_is_not_in_the_list_is_found() -> None:
    assert "at $.decision: breaks enum" in complaint(answered(ALLOW | {"decision": "maybe"}))


def test_a_missing_field_is_found() -> None:
    without = {name: value for name, value in ALLOW.items() if name != "checked_at"}
    assert "'checked_at' is a required property" in complaint(answered(without))


def test_an_undocumented_field_is_found() -> None:
    assert "'score' was unexpected" in complaint(answered(ALLOW | {"score": 7}))


def test_a_time_that_is_none_is_found() -> None:
    message = complaint(answered(ALLOW | {"checked_at": "yesterday"}))
    assert "at $.checked_at: breaks format: 'date-time'" in message


def test_an_unknown_reason_code_is_found() -> None:
    denied = {"decision": "deny", "reasons": [{"code": "bad_mood"}]}
    assert "at $.reasons[0].code: breaks enum" in complaint(answered(ALLOW | denied))


def test_an_undocumented_route_is_found() -> None:
    assert "status 200 is not documented" in complaint(answered({}, path="/v1/secrets"))
    assert "status 200 is not documented" in complaint(answered({}, method="DELETE"))


def test_nothing_here_is_a_problem_too() -> None:
    nothing = PROBLEM | {"type": "urn:suppression:problem:not-found", "status": 404}
    CONTRACT.check_response(answered(nothing, status=404, path="/v1/nothing"))
    assert "at $" in complaint(answered({}, status=404, path="/v1/nothing"))


def test_a_wrong_method_names_those_that_are_right() -> None:
    refused = PROBLEM | {"type": "urn:suppression:problem:method-not-allowed", "status": 405}
    allow = {"Allow": "POST, OPTIONS"}
    CONTRACT.check_response(answered(refused, status=405, method="GET", headers=allow))
    message = complaint(answered(refused, status=405, method="GET"))
    assert "the header Allow is missing" in message


def test_a_problem_without_an_example_there_is_found() -> None:
    other = PROBLEM | {"type": "urn:suppression:problem:wrong-type"}
    assert "wrong-type has no example there" in complaint(answered(other, status=403))


def test_a_problem_with_another_status_is_found() -> None:
    assert "names another status" in complaint(answered(PROBLEM | {"status": 401}, status=403))


def test_a_check_that_failed_must_say_unknown() -> None:
    failed = PROBLEM | {"type": "urn:suppression:problem:internal", "status": 500}
    assert "'decision' is a required property" in complaint(answered(failed, status=500))
    CONTRACT.check_response(answered(failed | {"decision": "unknown"}, status=500))
    CONTRACT.check_response(answered(failed, status=500, path="/v1/suppressions"))


def test_another_content_type_is_found() -> None:
    message = complaint(answered(ALLOW, headers={"Content-Type": "text/html"}))
    assert "content type text/html is not documented" in message


def test_a_line_break_behind_a_text_is_found() -> None:
    message = complaint(
        answered(PROBLEM | {"request_id": PROBLEM["request_id"] + "\n"}, status=403)
    )
    assert "at $.request_id: breaks pattern" in message


def test_a_missing_or_strange_header_is_found() -> None:
    assert "header X-Request-Id" in complaint(answered(ALLOW, headers={"X-Request-Id": "7"}))
    message = complaint(answered(ALLOW, headers={"Retry-After": "5"}))
    assert "the header Retry-After is not documented" in message


def test_a_request_that_should_not_have_been_answered_is_found() -> None:
    request_body = ASKED | {"channel": "pigeon"}
    with pytest.raises(AssertionError, match=r"at \$\.channel: breaks enum"):
        CONTRACT.check_request(answered(ALLOW, request_body=request_body))


def test_bad_items_of_a_batch_are_no_bad_requests() -> None:
    request_body: Json = {"items": [7, None, {}]}
    CONTRACT.check_request(answered(ALLOW, path="/v1/checks/batch", request_body=request_body))


def test_no_complaint_repeats_an_identifier() -> None:
    echo = answered(ALLOW | {"decision": ASKED["identifier"]})
    assert ASKED["identifier"] not in complaint(echo)
    nowhere = answered({}, path=f"/v1/{ASKED['identifier']}")
    assert ASKED["identifier"] not in complaint(nowhere)
    strange = answered(ALLOW, request_body={"channel": ASKED["identifier"], "identifier": "x"})
    with pytest.raises(AssertionError) as raised:
        CONTRACT.check_request(strange)
    assert ASKED["identifier"] not in str(raised.value)


def complaint(response: TestResponse) -> str:
    """Return the error that the contract raises for a response."""
    with pytest.raises(AssertionError) as raised:
        CONTRACT.check_response(response)
    return str(raised.value)


def answered(
    body: Json,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    request_body: Json = ASKED,
    **request: Any,  # noqa: ANN401 - werkzeug's own
) -> TestResponse:
    """Return a response with this body, as the test client would return it."""
    kind = "application/json" if status < 400 else "application/problem+json"
    sent = {"Content-Type": kind, "X-Request-Id": "0123456789abcdef" * 2} | dict(headers or {})
    where = {"path": "/v1/checks", "method": "POST"} | request
    asking = EnvironBuilder(json=request_body, **where).get_request()
    text = json.dumps(body).encode()
    return TestResponse([text], f"{status} X", Headers(sent), asking)
