"""Versions of canonicalisation: the rules that made a match key, and the lookup of older keys.

A suppression records the version it was stored under. When rules change, the version goes up and
the older rules remain, as one entry of `OLDER`: a check then looks up their match keys too, so that
no stop is lost by an upgrade. docs/decisions/0010-canonicalisation-versions.md says for how long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from suppression.domain.identifiers.match_keys import CanonicalText, KeyUse, MatchKey, PostalAddress
from suppression.domain.vocabulary import Kind

VERSION = 1
"""The version of the rules in this package."""

OLDEST = 1
"""The version that is recorded if the real one is unknown: for a digest, or for any link."""


class Rules(Protocol):
    """An older version's rules for one kind: a frozen copy of its canonicalisation."""

    def __call__(self, value: str | PostalAddress, region: str) -> list[CanonicalText]:
        """Return the canonical texts that this version's rules make of `value`.

        `region` is the country (ISO 3166-1 alpha-2) of a national number, or of a postal address
        that names none. Raise IdentifierParseError if these rules refuse the value.
        """


OLDER: Mapping[int, Mapping[Kind, Rules]] = {}
"""The rules of older versions, under which suppressions may be stored, by version; none yet."""


def older_forms(
    texts: Iterable[CanonicalText], current_match_keys: Iterable[MatchKey]
) -> list[MatchKey]:
    """Return the match keys, for lookup only, that an older version makes and today's rules do not.

    `texts` are the canonical texts of the older version. A match key keeps its label, so that
    `Subject.whole_address` has the older ones too. The older text may be somebody else's: no
    release lifts a stop under it, and no consent under it allows.
    """
    prehashes = {match_key.prehash for match_key in current_match_keys}
    older_match_keys = [
        MatchKey.from_spelling(text.label, text.text, KeyUse.LOOKUP)
        for text in texts
        if text.use.is_looked_up
    ]
    return [match_key for match_key in older_match_keys if match_key.prehash not in prehashes]
