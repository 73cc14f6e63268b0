from __future__ import annotations

import csv

from suppression.domain.identifiers.phone.parsing import parse_e164
from tests.domain.identifiers.examples import VECTORS
from tests.domain.identifiers.phone.golden_numbers import rows


def test_this_metadata_moves_no_number_that_is_on_record() -> None:
    moved = [
        f"{text} in {region}: was {before or 'refused'}, is {now or 'refused'}"
        for (text, region, before), (_, _, now) in zip(_recorded(), rows(), strict=True)
        if before != now
    ]
    assert moved == []


def test_the_record_has_numbers_of_every_french_prefix() -> None:
    texts = {text[:2] for text, region, e164 in _recorded() if region == "FR" and e164}
    assert texts == {f"0{digit}" for digit in range(1, 10)}


def test_what_is_on_record_reads_as_itself() -> None:
    recorded = {e164 for _, _, e164 in _recorded() if e164}
    assert {parse_e164(e164, "FR") for e164 in recorded} == recorded


def _recorded() -> list[tuple[str, str, str]]:
    with (VECTORS / "phones.csv").open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["region"], row["e164"]) for row in csv.DictReader(file)]
