"""Versions of canonicalisation: which rules made a form, and how older rules' forms are asked.

A suppression records the version it was written under. When rules change, the version goes up and
the older rules stay, as one entry of `OLDER`: a check then asks their forms too, so that no stop is
lost by an upgrade. How long and at what cost: docs/decisions/0010-canonicalisation-versions.md
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from suppression.domain.identifiers.match_keys import CanonicalText, KeyUse, MatchKey, PostalAddress
from suppression.domain.vocabulary import Kind

VERSION = 1
"""The version of the rules in this package."""

OLDEST = 1
"""What is recorded where the version is not known: a digest, a link of whatever day."""


class Rules(Protocol):
    """An older version's rules for one kind: a frozen copy of its spellings."""

    def __call__(self, value: str | PostalAddress, region: str) -> list[CanonicalText]:
        """Spell an identifier as that version did; raise UnreadableIdentifierError as it did."""


OLDER: Mapping[int, Mapping[Kind, Rules]] = {}
"""Older versions that stored suppressions may have been written under; none yet."""


def older_forms(texts: Iterable[CanonicalText], known: Iterable[MatchKey]) -> list[MatchKey]:
    """The forms of an older version that today's rules do not make: asked, never written.

    A form keeps its label, so that whoever looks for whole addresses finds the older ones too.
    """
    seen = {form.prehash for form in known}
    made = [
        MatchKey.from_spelling(text.label, text.text, KeyUse.ASKED)
        for text in texts
        if text.use.asked
    ]
    return [form for form in made if form.prehash not in seen]
