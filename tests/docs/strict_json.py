"""Read JSON as a strict reader does: a repeated name in an object, or NaN, is an error."""

from __future__ import annotations

import json
from typing import NoReturn


def read_json(text: str) -> object:
    """Return the value of a JSON text. Raises ValueError for invalid JSON, repeats and NaN."""
    return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse)


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError(f"a name stands twice among {[name for name, _ in pairs]}")
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
