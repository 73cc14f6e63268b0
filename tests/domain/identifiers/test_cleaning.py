"""What nobody sees is taken away, wherever Unicode keeps it."""

from __future__ import annotations

import sys
import unicodedata

from suppression.domain.identifiers.cleaning import clean_text

JOINERS = "\u200c\u200d"


def test_every_format_character_but_the_joiners_goes() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    unseen = [one for one in every if unicodedata.category(one) == "Cf" and one not in JOINERS]
    assert len(unseen) > 150
    assert [one for one in unseen if clean_text(f"a{one}b", limit=10) != "ab"] == []
