"""Read YAML as strict readers do: a mapping that names a key twice is an error.

PyYAML silently keeps the last of two values; the reader of Swagger UI refuses the document.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml


class RepeatedKeyError(ValueError):
    """A mapping names a key twice."""


class StrictLoader(yaml.CSafeLoader):
    """PyYAML's safe loader, by libyaml, which also refuses repeated keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        """Return the mapping of a node. Raises RepeatedKeyError if a key occurs twice.

        The error names the line of the second key.
        """
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key: Hashable = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise RepeatedKeyError(f"line {line} repeats the key {key!r}")
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(text: str) -> object:
    """Return the value of a YAML text. Raises RepeatedKeyError, or YAMLError for invalid YAML."""
    # A safe loader: StrictLoader makes nothing that CSafeLoader would not.
    return yaml.load(text, StrictLoader)  # noqa: S506
