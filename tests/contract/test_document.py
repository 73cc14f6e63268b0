"""openapi.yaml is valid OpenAPI 3.1, and its examples fit its schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openapi_spec_validator import validate

from suppression.domain.vocabulary import Decision
from suppression.web.http.problems import PROBLEMS
from tests.contract.contract import CONTRACT
from tests.contract.document import Json, operations, read_document, resolved

DOCUMENT = read_document()
EXAMPLES: Json = DOCUMENT["components"]["examples"]
TYPE = "urn:suppression:problem:"
# The problem of an unexpected error (suppression.web.http.problems): slug, status, title.
BUG = ("internal", 500, "Something went wrong here")


def test_it_is_openapi_31() -> None:
    assert str(DOCUMENT["openapi"]).startswith("3.1.")
    validate(DOCUMENT)


def test_it_reads_the_same_with_yaml_12() -> None:
    assert "<<" not in str(DOCUMENT), "merge keys are YAML 1.1"
    assert all(
        type(status) is str
        for operation in operations(DOCUMENT)
        for status in responses(operation.said)
    )


def test_every_body_has_an_example() -> None:
    assert [place for place, content in contents() if not content.get("examples")] == []


def test_every_example_is_valid() -> None:
    seen = 0
    for place, content in contents():
        for name, example in content["examples"].items():
            value = resolved(DOCUMENT, example)["value"]
            CONTRACT.check_example(f"{place}, example {name}", content["schema"], value)
            seen += 1
    assert seen > 50


def test_every_example_of_a_property_is_valid() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            for value in said.get("examples", ()):
                CONTRACT.check_example(f"{name}.{field}", said, value)


def test_every_problem_has_an_example_and_every_example_is_a_problem() -> None:
    told = {
        (
            example["value"]["type"].removeprefix(TYPE),
            example["value"]["status"],
            example["value"]["title"],
        )
        for example in EXAMPLES.values()
    }
    known = {(problem.slug, problem.status.value, problem.title) for problem in PROBLEMS.values()}
    assert told == known | {BUG}


def test_an_example_is_named_after_its_problem() -> None:
    for name, example in EXAMPLES.items():
        suffix = "-on-check" if "decision" in example["value"] else ""
        assert name == example["value"]["type"].removeprefix(TYPE) + suffix


def test_problems_stand_under_their_own_status() -> None:
    for operation in operations(DOCUMENT):
        for status, response in responses(operation.said).items():
            content = response.get("content", {}).get("application/problem+json", {"examples": {}})
            for example in content["examples"].values():
                assert str(resolved(DOCUMENT, example)["value"]["status"]) == status


def test_a_failed_check_says_unknown() -> None:
    for operation in operations(DOCUMENT):
        if operation.said.get("x-required-scope") == "check":
            for status in ("500", "503"):
                problem = responses(operation.said)[status]["content"]["application/problem+json"]
                values = [
                    resolved(DOCUMENT, example)["value"] for example in problem["examples"].values()
                ]
                assert {value["decision"] for value in values} == {Decision.UNKNOWN}


def test_requests_refuse_what_they_do_not_know() -> None:
    assert [name for name in requested() if schema(name)["additionalProperties"] is not False] == []
    assert "Postal" in requested()


def test_every_component_is_used() -> None:
    text = str(DOCUMENT)
    for section in ("schemas", "parameters", "headers"):
        for name in DOCUMENT["components"][section]:
            assert f"#/components/{section}/{name}'" in text, name


def test_people_find_words_at_every_place() -> None:
    for path, item in DOCUMENT["paths"].items():
        assert item["summary"], path
        assert item["description"], path
    for operation in operations(DOCUMENT):
        assert operation.said["summary"], operation.named
        assert operation.said["operationId"], operation.named


def responses(said: Json) -> Json:
    """Return the responses of an operation, by status."""
    return {status: resolved(DOCUMENT, answer) for status, answer in said["responses"].items()}


def contents() -> Iterator[tuple[str, Json]]:
    """Yield the place and the media type object of every body that is sent or answered."""
    for operation in operations(DOCUMENT):
        body = operation.said.get("requestBody")
        for content in body["content"].values() if body else ():
            yield f"{operation.named} request", content
        for status, response in responses(operation.said).items():
            for content in response.get("content", {}).values():
                yield f"{operation.named} {status}", content
    for name, response in DOCUMENT["components"]["responses"].items():
        for content in response["content"].values():
            yield f"response {name}", content


def schema(name: str) -> Json:
    """Return a schema of the components."""
    named_schema: Json = DOCUMENT["components"]["schemas"][name]
    return named_schema


def requested() -> set[str]:
    """Return the names of all components that a request may contain."""
    bodies = [operation.said.get("requestBody") for operation in operations(DOCUMENT)]
    names: set[str] = set()
    waiting = named_in([body for body in bodies if body])
    while waiting:
        names |= waiting
        waiting = named_in([schema(name) for name in waiting]) - names
    return names


def named_in(nodes: list[Json]) -> set[str]:
    """Return the names of the components that these nodes refer to."""
    return set(re.findall(r"#/components/schemas/(\w+)", str(nodes)))
