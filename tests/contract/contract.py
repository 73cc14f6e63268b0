"""Compare the service's real answers with openapi.yaml.

`CONTRACT.check_response(response)` and `CONTRACT.check_request(response)` raise AssertionError with
a text that names the operation and the place in the body, and never a value of a body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012, Schema
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from tests.contract.document import Json, Operation, operations, read_document, resolved, strict
from tests.strict_yaml import read_yaml

DOCUMENT_URI = "urn:suppression:openapi"
# Headers that a client acts on; each must be documented wherever it is sent.
TELLING = ("Allow", "Idempotency-Replayed", "Location", "Retry-After", "WWW-Authenticate")
# Media types of bodies that are files.
FILES = {"text/csv", "application/x-ndjson", "application/gzip", "application/octet-stream"}
# First path parts of pages for people; an unknown path or method there is answered by a page.
FOR_PEOPLE = {"assets", "brand", "docs", "r", "stop", "u"}
# First path parts after which a slash at the end makes no difference.
SLASH_ALLOWED = {"docs", "r", "stop", "u"}
# Rules of JSON Schema whose messages contain names of properties, and never values.
_NAMES_ONLY = {"required", "additionalProperties"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The documented answer of an operation with one status; `bodies` are by media type."""

    bodies: Mapping[str, Validator] = field(repr=False)
    headers: Mapping[str, Validator] = field(repr=False)
    required_headers: frozenset[str]
    problems: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """An operation with validators of its requests by media type and its answers by status."""

    named: str
    requests: Mapping[str, Validator] = field(repr=False)
    answers: Mapping[int, Answer] = field(repr=False)


class Contract:
    """openapi.yaml, compiled to validators."""

    def __init__(self, document: Json) -> None:
        """Compile every operation, and the 404 and 405 of requests that are not documented."""
        self._document = cast("Json", strict(document))
        resource = DRAFT202012.create_resource(self._document)
        self._registry: Registry[Schema] = Registry().with_resource(DOCUMENT_URI, resource)
        self._calls: dict[str, dict[str, Call]] = {}
        for operation in operations(self._document):
            self._calls.setdefault(operation.path, {})[operation.method] = self._call(operation)
        self._templates = [(_template(path), calls) for path, calls in self._calls.items()]
        shared = self._document["components"]["responses"]
        self._wrong_turns = {
            (404, False): self._answer(shared["NotFound"]),
            (405, False): self._answer(shared["MethodNotAllowed"]),
            (404, True): self._answer(shared["PageUnknown"]),
            (405, True): self._answer(shared["PageMethodNotAllowed"]),
        }

    def check_response(self, response: TestResponse) -> None:
        """Raise AssertionError unless status, media type, body and headers are documented."""
        method, path = response.request.method, response.request.path
        call, answer = self._find(method, path, response.status_code)
        if call is None:
            # A path may contain what a person typed, so the text does not repeat it.
            where = f"{method} on an address or method that openapi.yaml does not have"
        else:
            where = f"{call.named} answered {response.status_code}"
        if answer is None:
            _fail(where, f"status {response.status_code} is not documented")
        _check_headers(where, answer, response)
        _check_body(where, answer, response)

    def check_request(self, response: TestResponse) -> None:
        """Raise AssertionError if a 2xx or 3xx answered a request with an undocumented body."""
        call = self._calls_at(response.request.path).get(response.request.method)
        if call is None or not call.requests or not 200 <= response.status_code < 400:
            return
        where = f"{call.named} answered {response.status_code} to a body that is not documented"
        validator = call.requests.get(response.request.mimetype)
        if validator is None:
            _fail(where, "its content type is not")
        _validate(where, validator, _sent(response))

    def check_example(self, where: str, schema: Json, value: object) -> None:
        """Raise AssertionError unless a value, an example of openapi.yaml, fits its schema."""
        strictly = cast("Json", strict(schema))
        _validate(where, self._validator({"schema": strictly}), value)

    def _find(self, method: str, path: str, status: int) -> tuple[Call | None, Answer | None]:
        calls = self._calls_at(path)
        call = calls.get("GET" if method == "HEAD" else method)
        if call is not None:
            return call, call.answers.get(status)
        expected = 405 if calls else 404
        for_people = path == "/" or path.split("/")[1] in FOR_PEOPLE
        return None, self._wrong_turns[expected, for_people] if status == expected else None

    def _calls_at(self, path: str) -> dict[str, Call]:
        if path.split("/")[1] in SLASH_ALLOWED:
            path = path.removesuffix("/")
        if path in self._calls:
            return self._calls[path]
        return next((calls for template, calls in self._templates if template.fullmatch(path)), {})

    def _call(self, operation: Operation) -> Call:
        said = operation.said
        bodies = said.get("requestBody", {"content": {}})["content"]
        answers = {
            int(status): self._answer(response) for status, response in said["responses"].items()
        }
        return Call(
            named=operation.named,
            requests={mimetype: self._validator(body) for mimetype, body in bodies.items()},
            answers=answers,
        )

    def _answer(self, response: Json) -> Answer:
        said = resolved(self._document, response)
        contents: dict[str, Json] = said.get("content", {})
        headers = {
            name: resolved(self._document, header)
            for name, header in said.get("headers", {}).items()
        }
        return Answer(
            bodies={mimetype: self._validator(content) for mimetype, content in contents.items()},
            headers={name: self._validator(header) for name, header in headers.items()},
            required_headers=frozenset(name for name in headers if headers[name].get("required")),
            problems=frozenset(
                resolved(self._document, example)["value"]["type"]
                for example in contents.get("application/problem+json", {})
                .get("examples", {})
                .values()
            ),
        )

    def _validator(self, content: Json) -> Validator:
        return Draft202012Validator(
            _absolute(content["schema"]),
            registry=self._registry,
            format_checker=FormatChecker(),
        )


def _absolute(node: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Return a part of the document whose references name the document, so that they resolve."""
    if isinstance(node, list):
        return [_absolute(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    return {
        name: f"{DOCUMENT_URI}{inner}" if name == "$ref" else _absolute(inner)
        for name, inner in node.items()
    }


def _sent(response: TestResponse) -> Json:
    """Return the body of the request: JSON, a file as text, or the fields of a form."""
    environ = response.request.environ
    environ["wsgi.input"].seek(0)
    if response.request.mimetype in FILES:
        return cast("Json", environ["wsgi.input"].read().decode(errors="replace"))
    if response.request.mimetype != "application/json":
        return Request(environ).form.to_dict()
    return cast("Json", json.load(environ["wsgi.input"]))


def _template(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def _check_headers(where: str, answer: Answer, response: TestResponse) -> None:
    for name, validator in answer.headers.items():
        if name in response.headers:
            _validate(f"{where}, header {name}", validator, response.headers[name])
        elif name in answer.required_headers:
            _fail(where, f"the header {name} is missing")
    for name in TELLING:
        if name in response.headers and name not in answer.headers:
            _fail(where, f"the header {name} is not documented")


def _check_body(where: str, answer: Answer, response: TestResponse) -> None:
    mimetype = response.mimetype or "(none)"
    if not answer.bodies and not response.get_data():
        return
    validator = answer.bodies.get(mimetype)
    if validator is None:
        _fail(where, f"content type {mimetype} is not documented")
    if response.request.method == "HEAD":
        return
    if mimetype == "application/yaml":
        _validate(where, validator, read_yaml(response.get_data(as_text=True)))
        return
    if mimetype in FILES or not mimetype.endswith("json"):
        _validate(where, validator, response.get_data(as_text=True))
        return
    body = json.loads(response.get_data())
    _validate(where, validator, body)
    if mimetype == "application/problem+json":
        _check_problem(where, answer, response.status_code, body)


def _check_problem(where: str, answer: Answer, status: int, body: Json) -> None:
    if body["type"] not in answer.problems:
        _fail(where, f"the problem {body['type']} has no example there")
    if body["status"] != status:
        _fail(where, "the body names another status")


def _validate(where: str, validator: Validator, instance: Any) -> None:  # noqa: ANN401 - any JSON
    error = best_match(validator.iter_errors(instance))
    if error is None:
        return
    rule = f"{error.validator}: {error.validator_value!r}"
    broken = error.message if error.validator in _NAMES_ONLY else f"breaks {rule[:200]}"
    _fail(where, f"at {error.json_path}: {broken}")


def _fail(where: str, what: str) -> NoReturn:
    raise AssertionError(f"{where}: {what} (openapi.yaml)")


CONTRACT = Contract(read_document())
"""The compiled contract. It is made once, because compiling is slow and validating is quick."""
