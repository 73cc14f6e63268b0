"""Real street names in many writings match their plain writing, and no other street."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from suppression.domain.identifiers.cleaning import TraceCallback
from suppression.domain.identifiers.match_keys import CanonicalText, MatchKeyLabel, PostalAddress
from suppression.domain.identifiers.postal.match_keys import postal_texts
from tests.domain.identifiers.examples import VECTORS
from tests.length import length

SHORT = {
    "rue": "r",
    "impasse": "imp",
    "chemin": "che",
    "place": "pl",
    "all\u00e9e": "all",
    "route": "rte",
    "avenue": "av",
    "boulevard": "bd",
    "passage": "pas",
    "square": "sq",
    "grande rue": "gde rue",
    "promenade": "prom",
}
FRONTS = (
    *("R\u00e9sidence Les Pins", "B\u00e2t A", "BP 123", "CS 12345", "TSA 12345", "CIDEX 12"),
    *("Hameau du Bas", "Centre commercial Leclerc", "Esc 2", "Appt 3", "HLM Les Pins"),
)
BEHIND = (
    *("appt 3", "b\u00e2t B", "3e \u00e9tage", "r\u00e9sidence Les Pins", "- Le Bourg", "BP 123"),
    *("lieu-dit Le Bourg", "studio", "3e \u00e9t.", "Belfort", "chez Mme Martin", "cedex 08"),
)
NUMBERED = (
    *(" n\u00b0 12", ", no 12", " 12", ", 12", " n\u00b012", ", num\u00e9ro 12"),
    *(" n\u00b0 12 studio", " n\u00b0 12, appt 3", " n\u00b0 12 - Le Bourg", " n\u00b0 12 RD 940"),
)


class Street(NamedTuple):
    """A street's type and its name, as in FANTOIR, the French register of streets."""

    type: str
    name: str


def streets() -> list[Street]:
    with (VECTORS / "streets" / "belfort.csv").open(encoding="utf-8", newline="") as file:
        return [Street(type=row["type"], name=row["name"].lower()) for row in csv.DictReader(file)]


def writings(street: Street) -> Iterator[str]:
    """Yield the writings of number 12 of a street."""
    kind, name = street
    plain = f"12 {kind} {name}"
    apostrophes = f" {name}".replace(" d ", " d'").replace(" l ", " l'").strip()
    yield from (plain.upper(), plain.title(), f"12, {kind} {name}", f"n\u00b0 12 {kind} {name}")
    yield from (f"012 {kind} {name}", f"12  {kind}  {name} ", f"12 {kind} {apostrophes}")
    yield f"12 {kind} {apostrophes}".replace("'", "\u2019")
    yield f"12 {kind} {name.replace(' ', '-')}"
    yield from (f"12 {SHORT.get(kind, kind)}{end} {name}" for end in ("", "."))
    yield from (f"{front}{comma} {plain}" for front in FRONTS for comma in ("", ","))
    yield from (f"{plain} {behind}" for behind in BEHIND)
    yield from (f"{kind} {name}{number}" for number in NUMBERED)


def test_nearly_all_writings_of_a_street_meet_its_plain_writing() -> None:
    tried, missed = 0, []
    for street in streets()[:: length(40, long=1)]:
        plain = _texts(f"12 {street.type} {street.name}")
        for written in writings(street):
            tried += 1
            if not _meet(plain, _texts(written)):
                missed.append(written)
    assert tried > 2_000
    assert len(missed) <= tried * 0.005, missed


def test_the_quick_way_answers_as_the_long_way_does() -> None:
    for street in streets()[:: length(40, long=1)]:
        for written in writings(street):
            assert _texts(written) == _texts(written, _listening)


def test_no_two_streets_meet_but_those_of_one_name() -> None:
    """Streets like `rue d'Alsace` and `rue Alsace` match; 52 groups of them did in 0.9.0 too."""
    owners: dict[str, set[Street]] = defaultdict(set)
    for street in streets():
        for text in _texts(f"12 {street.type} {street.name}"):
            if text.label is MatchKeyLabel.PERSON:
                owners[text.text].add(street)
    assert len({frozenset(group) for group in owners.values() if len(group) > 1}) <= 52


def _listening(step: str, text: str, *, key: bool = False) -> None:
    """Ignore a step of the parser; passing a callback switches its fast paths off."""


def _texts(street: str, note: TraceCallback | None = None) -> list[CanonicalText]:
    address = PostalAddress(name="Jean Dupont", street=street, postcode="90000", city="Belfort")
    return postal_texts(address, "FR", note) if note else postal_texts(address, "FR")


def _meet(first: Sequence[CanonicalText], second: Sequence[CanonicalText]) -> bool:
    """Return whether a person's stop under either street denies the other."""
    stored, lookups = [], []
    for texts in (first, second):
        persons = [text for text in texts if text.label is MatchKeyLabel.PERSON]
        stored.append({text.text for text in persons if text.use.is_stored})
        lookups.append({text.text for text in persons if text.use.is_looked_up})
    return bool(stored[0] & lookups[1] and stored[1] & lookups[0])
