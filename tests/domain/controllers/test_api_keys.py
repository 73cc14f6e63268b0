"""The format of API keys reveals a typo before any query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.controllers.api_keys import (
    controller_number,
    format_key,
    key_digest,
    key_hint,
    looks_like_key,
)

RANDOM = st.binary(min_size=20, max_size=20)
NUMBER = st.integers(1, 32_767)
OF_AN_EARLIER_RELEASE = "sup_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaiipphg"


@given(NUMBER, RANDOM, st.integers(0, 47), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567_1"))
def test_one_changed_character_is_noticed(
    number: int, random: bytes, place: int, letter: str
) -> None:
    key = format_key(number, random)
    place %= len(key)
    changed = key[:place] + letter + key[place + 1 :]
    assert looks_like_key(key)
    assert looks_like_key(changed) is (changed == key)


@given(NUMBER, RANDOM)
def test_what_is_kept_tells_nothing_of_the_rest(number: int, random: bytes) -> None:
    key = format_key(number, random)
    assert len(key_digest(key)) == 32
    assert key.startswith(key_hint(key))
    assert key_hint(key).removeprefix(f"sup_{number}_") == key.split("_")[2][:6]
    assert len(key_hint(key)) <= 16, "as many as its column takes"


@given(NUMBER, RANDOM)
def test_a_key_names_its_controller(number: int, random: bytes) -> None:
    assert controller_number(format_key(number, random)) == number


def test_a_number_that_no_controller_can_have_makes_no_key() -> None:
    assert looks_like_key(format_key(32_767, bytes(20)))
    assert not looks_like_key(format_key(32_768, bytes(20)))


def test_a_key_of_an_earlier_release_names_none() -> None:
    assert looks_like_key(OF_AN_EARLIER_RELEASE)
    assert controller_number(OF_AN_EARLIER_RELEASE) is None
    assert key_hint(OF_AN_EARLIER_RELEASE) == "sup_aaaaaa"


def test_what_is_no_key_has_no_number_and_no_hint() -> None:
    assert controller_number("sup_7_short") is None
    with pytest.raises(ValueError, match="no API key"):
        key_hint("sup_7_short")
