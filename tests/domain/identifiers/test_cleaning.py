"""Invisible characters are removed from texts, in any block of Unicode."""

from __future__ import annotations

import sys
import unicodedata

from suppression.domain.identifiers.cleaning import clean_text

JOINERS = "\u200c\u200d"


def test_every_format_character_but_the_joiners_goes() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    unseen = [char for char in every if unicodedata.category(char) == "Cf" and char not in JOINERS]
    assert len(unseen) > 150
    assert [char for char in unseen if clean_text(f"a{char}b", limit=10) != "ab"] == []
