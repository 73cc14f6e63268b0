"""API keys: their shape finds a typo before any query."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.controllers.api_keys import format_key, key_digest, key_hint, looks_like_key

RANDOM = st.binary(min_size=20, max_size=20)


@given(RANDOM, st.integers(4, 41), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_changed_character_is_noticed(random: bytes, place: int, letter: str) -> None:
    key = format_key(random)
    changed = key[:place] + letter + key[place + 1 :]
    assert looks_like_key(key)
    assert looks_like_key(changed) is (changed == key)


@given(RANDOM)
def test_what_is_kept_tells_nothing_of_the_rest(random: bytes) -> None:
    key = format_key(random)
    assert len(key_digest(key)) == 32
    assert key.startswith(key_hint(key))
    assert len(key_hint(key)) == 10
