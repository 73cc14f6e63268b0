from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import clean_text
from suppression.domain.well_formed import REPLACEMENT, well_formed, well_formed_json

TEXTS = st.text(st.characters(codec=None), max_size=30)


@given(TEXTS)
def test_every_text_can_be_stored_and_keeps_its_length(text: str) -> None:
    stored = well_formed(text)
    stored.encode("utf-8")
    assert len(stored) == len(text)


@given(TEXTS)
def test_json_says_the_same_with_lost_characters_replaced(text: str) -> None:
    # Two halves that follow each other in JSON are one character.
    parsed = json.loads(json.dumps(text))
    assert json.loads(well_formed_json(json.dumps(text))) == well_formed(parsed)


def test_json_without_an_escaped_half_stays_as_it_is() -> None:
    assert well_formed_json('{"text": "STOP \\u00e9"}') == '{"text": "STOP \\u00e9"}'


def test_an_identifier_that_lost_a_character_is_nobodys() -> None:
    with pytest.raises(IdentifierParseError, match="U\\+FFFD"):
        clean_text(f"j{REPLACEMENT}an@example.fr", limit=320)
