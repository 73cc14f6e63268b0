from __future__ import annotations

from collections import Counter

import pytest

from suppression.domain.identifiers.explain import compare, explain
from suppression.domain.identifiers.match_keys import KeyUse
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind
from tests.domain.identifiers.examples import Pair, pairs

PAIRS = pairs()


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_every_pair_holds_in_both_directions(pair: Pair) -> None:
    comparison = compare(pair.kind, pair.first, pair.second, region=pair.region)
    there, back = comparison.stop_on_first_denies_second, comparison.stop_on_second_denies_first
    assert (there, back) == (pair.match, pair.match)
    assert (comparison.parting is None) == pair.match


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_the_service_makes_the_forms_that_explain_shows(pair: Pair) -> None:
    for value in (pair.first, pair.second):
        served = parse_identifier(pair.kind, value, region=pair.region)
        shown = explain(pair.kind, value, region=pair.region)
        expected = [
            (explained_match_key.sha256, explained_match_key.use)
            for explained_match_key in shown.forms
            if explained_match_key.use is not KeyUse.CONSENT
        ]
        assert [(match_key.prehash.hex(), match_key.use) for match_key in served.forms] == expected


def test_there_are_enough_pairs_of_each_sort() -> None:
    counted = Counter((pair.kind, pair.match) for pair in PAIRS)
    assert len(PAIRS) >= 400
    assert counted[Kind.POSTAL, True] + counted[Kind.POSTAL, False] >= 150
    assert min(counted.values()) >= 30
    assert len({pair.id for pair in PAIRS}) == len(PAIRS)
