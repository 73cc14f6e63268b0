"""Read openapi.yaml, and find its operations and references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from tests.strict_yaml import read_yaml

PATH = Path(__file__).parents[2] / "openapi.yaml"
METHODS = ("get", "put", "post", "delete", "patch")

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """A method of a path, and its operation object in openapi.yaml (`said`)."""

    path: str
    method: str
    said: Json = field(repr=False)

    @property
    def named(self) -> str:
        """Return the operation's name in errors, as `POST /v1/checks`."""
        return f"{self.method} {self.path}"


def read_document() -> Json:
    """Read openapi.yaml and return it."""
    return cast("Json", read_yaml(PATH.read_text("utf-8")))


def operations(document: Json) -> Iterator[Operation]:
    """Yield every operation of the document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield Operation(path=path, method=method.upper(), said=item[method])


def resolved(document: Json, node: Json) -> Json:
    """Return the node, or the node that its `$ref` points to."""
    while "$ref" in node:
        place: Any = document
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            place = place[step.replace("~1", "/").replace("~0", "~")]
        node = place
    return node


def strict(node: object) -> object:
    """Return a copy of the document that is stricter than integrators may assume.

    An answer must not have an undocumented property, though integrators must ignore those; an
    extensible enumeration has all of today's values; an item that is read one by one may be
    anything.
    """
    if isinstance(node, list):
        return [strict(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    if node.get("x-read-one-by-one"):
        return {}
    copy = {name: strict(inner) for name, inner in node.items()}
    pattern = copy.get("pattern")
    if isinstance(pattern, str):
        # JSON Schema's $ matches only at the very end; Python's also before a last line break.
        copy["pattern"] = re.sub(r"\$$", r"\\Z", pattern)
    if "x-extensible-enum" in copy:
        copy["enum"] = copy["x-extensible-enum"]
    if copy.get("type") == "object" and "properties" in copy:
        copy.setdefault("additionalProperties", False)
    return copy
