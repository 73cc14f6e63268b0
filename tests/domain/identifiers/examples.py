"""Parse identifiers for tests, and read the pairs of tests/vectors/identifiers.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from suppression.domain.identifiers.match_keys import CanonicalText, MatchKeyLabel, PostalAddress
from suppression.domain.identifiers.parsing import canonical_texts
from suppression.domain.vocabulary import Kind

VECTORS = Path(__file__).parents[2] / "vectors"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two spellings, and whether (`match`) a stop of either denies the other."""

    id: str
    kind: Kind
    region: str
    match: bool
    first: str | PostalAddress
    second: str | PostalAddress


def pairs() -> list[Pair]:
    content = json.loads((VECTORS / "identifiers.json").read_text(encoding="utf-8"))
    return [
        Pair(
            id=row["id"],
            kind=Kind(row["kind"]),
            region=row["region"],
            match=row["match"],
            first=_value(row["first"]),
            second=_value(row["second"]),
        )
        for row in content["pairs"]
    ]


def _value(written: str | dict[str, Any]) -> str | PostalAddress:
    if isinstance(written, str):
        return written
    return PostalAddress(**{**written, "lines": tuple(written.get("lines", ()))})


def street_key(street: str, **fields: str) -> str:
    """Return the street and number in the whole-address key of an address, as `rue foch|12`."""
    written = {"postcode": "35000", **fields}
    address = replace(PostalAddress(street=street), **written)  # type: ignore[arg-type]
    region = fields.get("country") or "FR"
    whole = [text for text in _postal(address, region) if text.label is MatchKeyLabel.WHOLE_ADDRESS]
    return whole[0].text.split("|", 2)[2]


def street_readings(street: str, **fields: str) -> tuple[list[str], list[str]]:
    """Return streets and numbers of the stored whole-address keys, and of those only looked up."""
    address = PostalAddress(street=street, **{"postcode": "35000", "city": "Rennes", **fields})  # type: ignore[arg-type]
    whole = [
        text
        for text in _postal(address, fields.get("country", "FR"))
        if text.label is MatchKeyLabel.WHOLE_ADDRESS
    ]
    keys = [(text.text.split("|", 2)[2], text.use.is_stored) for text in whole]
    return [key for key, stored in keys if stored], [key for key, stored in keys if not stored]


def people(name: str) -> list[str]:
    """Return the stored keys of a name: surname and initial, or the surname of a household."""
    address = PostalAddress(name=name, street="1 rue Foch", postcode="35000")
    labels = {MatchKeyLabel.PERSON, MatchKeyLabel.SURNAME, MatchKeyLabel.READING}
    texts = [text for text in _postal(address, "FR") if text.label in labels and text.use.is_stored]
    return [text.text.split("|", 4)[4] for text in texts]


def _postal(address: PostalAddress, region: str) -> list[CanonicalText]:
    return canonical_texts(Kind.POSTAL, address, region=region)
