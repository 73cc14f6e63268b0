"""Each component of openapi.yaml agrees with its marshmallow class, and each class has one."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any, cast

import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from suppression.web import schemas
from suppression.web.schemas import base
from suppression.web.schemas.base import DateTimeField, StrictList
from tests.contract.document import Json, read_document, strict

COMPONENTS: Json = read_document()["components"]["schemas"]


def test_classes_and_components_are_the_same() -> None:
    assert set(CLASSES) == set(COMPONENTS)


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_properties_and_required_ones_are_those_of_the_class(name: str) -> None:
    assert set(COMPONENTS[name]["properties"]) == set(MADE[name]["properties"])
    assert set(COMPONENTS[name].get("required", [])) == set(MADE[name].get("required", []))


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_types_and_enumerations_are_those_of_the_class(name: str) -> None:
    for field, made in MADE[name]["properties"].items():
        told = COMPONENTS[name]["properties"][field]
        assert shape(told, like=made) == shape(made, like=made), field


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_what_has_no_plain_type_is_told_as_a_choice(name: str) -> None:
    """Identifiers and channels have field classes of our own, which apispec does not know."""
    for field, made in MADE[name]["properties"].items():
        if not made:
            assert "oneOf" in COMPONENTS[name]["properties"][field]


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_patterns_of_the_class_are_told(name: str) -> None:
    for field, made in MADE[name]["properties"].items():
        if "pattern" in made:
            told = cast("Json", strict(COMPONENTS[name]["properties"][field]))
            assert told["pattern"] == made["pattern"]


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_lists_of_requests_tell_how_many_they_take(name: str) -> None:
    if COMPONENTS[name].get("additionalProperties") is not False:
        return
    for field_name, field in CLASSES[name]().fields.items():
        if isinstance(field, StrictList):
            told = COMPONENTS[name]["properties"][field_name]
            assert (told["minItems"], told["maxItems"]) == (1, field.limit)


def shape(schema: Json, *, like: Json) -> Json:
    """Return what both sides must agree on: type, format, reference, enumeration and items.

    It is {} if `like`, the class's side, is empty.
    """
    if not like:
        return {}
    facets: Json = {name: schema[name] for name in ("type", "format", "$ref") if name in schema}
    if "enum" in schema:
        facets["enum"] = set(schema["enum"])
    if like.get("items"):
        facets["items"] = shape(schema["items"], like=like["items"])
    return facets


def component_name(schema: Any) -> str:  # noqa: ANN401 - apispec gives a class, an instance or a name
    """Return the name of a class's component: CheckSchema becomes Check."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


def concrete_classes() -> Iterator[type[Schema]]:
    """Yield every schema class that has no subclass among the schemas."""
    every = [
        kind
        for module in pkgutil.iter_modules(schemas.__path__, f"{schemas.__name__}.")
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
        if issubclass(kind, base.StrictSchema) and kind.__module__ == module.name
    ]
    for kind in every:
        if not any(other is not kind and issubclass(other, kind) for other in every):
            yield kind


def made_of(classes: dict[str, type[Schema]]) -> Json:
    """Return the components that apispec makes of the classes, by name."""
    plugin = MarshmallowPlugin(schema_name_resolver=component_name)
    spec = APISpec("suppression", "1", "3.1.0", plugins=[plugin])
    if plugin.converter is None:
        raise TypeError("apispec has not set up its plugin")
    plugin.map_to_openapi_type(DateTimeField, "string", "date-time")  # type: ignore[no-untyped-call]
    for name, kind in classes.items():
        if name not in spec.components.schemas:
            spec.components.schema(name, schema=kind)
    return cast("Json", spec.to_dict()["components"]["schemas"])


CLASSES = {component_name(kind): kind for kind in concrete_classes()}
MADE = made_of(CLASSES)
