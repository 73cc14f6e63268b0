"""The fingerprints of the people or line that an identifier certainly names, for a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import chain

from suppression.domain.identifiers.fingerprints import Fingerprint, KeyedMatchKey, Subject
from suppression.domain.identifiers.match_keys import MatchKeyLabel

_WHOLE_IDENTIFIER = -1


def names_among(subject: Subject, forms: Collection[Fingerprint]) -> frozenset[Fingerprint]:
    """Return the fingerprints that certainly belong to the people or line that a subject names.

    `forms` are the fingerprints of a stop. The fingerprint of a less likely reading belongs to them
    only if `forms` have every reading of a person or line (`people`), or all that a stop of the
    subject has: the stop was then stored for that very name.
    """
    sets: dict[int, list[KeyedMatchKey]] = defaultdict(list)
    for key in subject.forms:
        if key.use.is_stored and key.label is not MatchKeyLabel.WHOLE_ADDRESS:
            for number in (_WHOLE_IDENTIFIER, *key.people):
                sets[number].append(key)
    names = set(subject.own_fingerprints - subject.labelled(MatchKeyLabel.READING))
    for keys in sets.values():
        if not any(set(key.versions).isdisjoint(forms) for key in keys):
            names.update(chain.from_iterable(key.versions for key in keys))
    return frozenset(names)
