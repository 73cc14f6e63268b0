"""A street of joined columns is the plain street: no key is shared by every house or street."""

from __future__ import annotations

from itertools import product

import pytest

from suppression.domain.identifiers.postal.mended.columns import joined_columns
from tests.domain.identifiers.examples import street_readings

BETWEEN = [", ", ";", " ; ", "|", ", , ", " - ", "\n", " / "]
NUMBERS = ["{}", "{}.0", "{},0", "{}.00", "N\u00b0 {}", "n\u00b0 : {}", "{}?", "{}:", "'{}'", "#{}"]
STREETS = [("rue", "Victor Hugo"), ("AV.", "DE LA GARE"), ("R", "du Chemin Vert")]
OTHERS = [("rue", "Foch"), ("AV.", "PASTEUR"), ("R", "de la Paix")]
FULL = {"AV.": "avenue", "R": "rue"}


def _writings(number: str, suffix: str, street: tuple[str, str]) -> list[str]:
    """Every writing of one house: its columns in three orders, parted in several ways."""
    kind, name = street
    orders = [(kind, name)], [(name, kind)], [(kind, name)]
    texts = []
    for between, form, (at, ((first, second),)) in product(BETWEEN, NUMBERS, enumerate(orders)):
        house = [form.format(number), *([suffix] if suffix else [])]
        columns = [first, second, *house] if at == 2 else [*house, first, second]
        if suffix != "B" or at != 2:
            texts.append(between.join(columns))
        if at == 0:
            texts.append(between.join([*house, f"{first} {second}"]))
            texts.append(f"{' '.join(house)} {first}{between}{second}")
            texts.append(f"{' '.join(house)} {first} {second}")
    return texts


@pytest.mark.parametrize("suffix", ["", "bis", "B"])
@pytest.mark.parametrize(("street", "other"), list(zip(STREETS, OTHERS, strict=True)))
def test_columns_are_the_plain_street_and_never_another_house(
    street: tuple[str, str], other: tuple[str, str], suffix: str
) -> None:
    """A release of `14.0, rue Hugo` or of `12,rue,Foch` lifts no stop of `12.0, rue Hugo`."""
    kind, name = FULL.get(street[0], street[0]), street[1]
    plain = set(street_readings(f"12 {suffix} {kind} {name}".replace("  ", " "))[0])
    missed = []
    written = _writings("12", suffix, street)
    houses, streets = _writings("14", suffix, street), _writings("12", suffix, other)
    for text, house, elsewhere in zip(written, houses, streets, strict=True):
        stored = set(street_readings(text)[0])
        shared = stored & (set(street_readings(house)[0]) | set(street_readings(elsewhere)[0]))
        if not plain <= stored or shared:
            missed.append((text, stored))
    assert missed == []


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("12;RUE;8 mai 1945", ["rue 8mai|12"]),
        ("12;RUE;4 VENTS", ["rue 4vents|12"]),
        ("12, rue, 3e \u00e9tage", ["rue|12"]),
        ("12 quai, B\u00e2t B", ["quai|12"]),
        ("rue, Victor Hugo, 12 bis", ["rue victorhugo|12bis"]),
        ("rue, Victor Hugo 12 bis", ["rue victorhugo|12bis"]),
        ("12, b\u00e2t B, rue Foch", ["rue foch|12"]),
        ("12;RUE;FOCH (Rennes)", ["rue foch|12"]),
        ("B\u00e2t B;12;RUE;FOCH", ["rue foch|12"]),
        ("rue Foch, 12 B", ["rue foch|12bis"]),
        ("rue du 8 mai 1945 - 12", ["rue 8mai|12"]),
        ("Le Bourg, 12 rue Foch", ["rue foch|12"]),
        ("R\u00e9sidence du Parc, 12, RUE, FOCH", ["rue foch|12"]),
    ],
)
def test_columns_are_read_by_what_they_are(written: str, keys: list[str]) -> None:
    assert street_readings(written)[0] == keys


def test_what_was_stored_of_columns_is_looked_up() -> None:
    """An older stop of `12,rue,Foch`, stored as `rue`, still denies that writing."""
    assert "rue|12" in street_readings("12,rue,Foch")[1]
    assert "rue victorhugo|" in street_readings("12.0, rue Victor Hugo")[1]


def test_the_text_around_columns_stays() -> None:
    for text in (
        ",,;",
        "|",
        "12;",
        "12;.;foch",
        "rue foch, n\u00b0 12 b studio",
        "12 r, chemin vert",
    ):
        assert joined_columns([text]) == [text]
    assert joined_columns(["12;rue;bat b;foch"]) == ["12;rue;bat b;foch"]
    assert joined_columns(["12;lotissement foch"]) == ["12;lotissement foch"]
    assert joined_columns(["bat b;12;rue;foch"]) == ["bat b;12 rue foch"]
    assert joined_columns(["foch 12 rue, hugo"]) == ["foch 12 rue, hugo"]
