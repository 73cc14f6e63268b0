"""Pairs of identifiers that people reported as misread are read rightly.

They are in tests/vectors/reported_pairs.json.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.explain import Explanation, explain
from suppression.domain.identifiers.match_keys import MatchKeyLabel, PostalAddress
from suppression.domain.vocabulary import Kind
from tests.domain.identifiers.examples import VECTORS

ROWS: list[dict[str, Any]] = json.loads((VECTORS / "reported_pairs.json").read_text("utf-8"))
SEVERAL = (
    "Jean <jean.dupont@example.fr>; Marie <marie@example.fr>",
    "Jean <jean.dupont@example.fr>, Marie <marie@example.fr>",
    "06 12 34 56 78 / 06 98 76 54 32",
    "0612345678;0698765432",
)
"""Texts with two identifiers, which are refused so that no stop is lost."""


@pytest.mark.parametrize("row", [row for row in ROWS if row["a"] not in SEVERAL], ids=ascii)
def test_a_reported_pair_is_read_rightly(row: dict[str, Any]) -> None:
    first, second = _explained(row, "a"), _explained(row, "b")
    there = bool(_stored(first) & second.texts(lookup=True))
    back = bool(_stored(second) & first.texts(lookup=True))
    if row["expect"] == "same":
        assert (there, back) == (True, True)
    else:
        assert not _stored(first) & _stored(second)


@pytest.mark.parametrize("text", SEVERAL)
def test_several_in_one_text_are_refused(text: str) -> None:
    with pytest.raises(IdentifierParseError):
        explain(Kind.EMAIL if "@" in text else Kind.PHONE, text, region="FR")


def test_none_of_the_reported_pairs_is_left_out() -> None:
    assert len(ROWS) == 160
    assert {row["a"] for row in ROWS if isinstance(row["a"], str)} >= set(SEVERAL)


def _explained(row: dict[str, Any], side: str) -> Explanation:
    value = row[side]
    if not isinstance(value, str):
        value = PostalAddress(**{**value, "lines": tuple(value.get("lines", ()))})
    return explain(Kind(row["kind"]), value, region=row.get(f"country_{side}", "FR"))


def _stored(explanation: Explanation) -> frozenset[str]:
    """Return the forms under which a stop is stored: the whole address only without a name."""
    whole = {form.text for form in explanation.forms if form.label is MatchKeyLabel.WHOLE_ADDRESS}
    return (explanation.texts(stored=True) - whole) or frozenset(whole)
