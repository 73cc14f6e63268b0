"""A check of a spelling finds what an older version stored for that spelling.

tests/vectors/older_forms.json has the forms that commit a43df63 stored and looked up for 502
spellings.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.parsing import canonical_texts
from suppression.domain.vocabulary import Kind
from tests.domain.identifiers.examples import VECTORS

ROWS: list[dict[str, Any]] = json.loads((VECTORS / "older_forms.json").read_text("utf-8"))


@pytest.mark.parametrize("kind", list(Kind))
def test_every_older_form_is_still_asked(kind: Kind) -> None:
    rows = [row for row in ROWS if row["kind"] == kind]
    for row in rows:
        value = row["value"]
        if not isinstance(value, str):
            value = PostalAddress(**{**value, "lines": tuple(value.get("lines", ()))})
        texts = canonical_texts(kind, value, region=row["region"])
        lookups = {text.text for text in texts if text.use.is_looked_up}
        someone = {text for text in row["written"] if text.endswith("|?")}
        assert set(row["written"]) - someone <= lookups | {
            text.text for text in texts if text.use.is_stored
        }
        assert set(row["asked"]) <= lookups
    assert len(rows) > 10
