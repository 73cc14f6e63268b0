"""A street with its city behind it meets the same street without, whatever the city's writing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.identifiers.match_keys import CanonicalText, PostalAddress
from suppression.domain.identifiers.postal.fast_path_address import plain_texts
from suppression.domain.identifiers.postal.match_keys import postal_texts
from tests.domain.identifiers.examples import street_readings

CITIES = [
    "Besan\u00e7on",
    "Orl\u00e9ans",
    "N\u00eemes",
    "M\u00e2con",
    "Rennes",
    "Y",
    "Le Mans",
    "Le Puy-en-Velay",
    "Saint-Malo",
    "St Malo",
    "Saint-L\u00f4",
    "Sainte-M\u00e8re-\u00c9glise",
    "Les Sables-d'Olonne",
    "L\u2019Ha\u00ff-les-Roses",
    "Rennes Cedex 9",
]
STREETS = [
    "12 rue Foch",
    "12 bis, av. du G\u00e9n\u00e9ral de Gaulle",
    "12 place Neuve",
    "rue Foch",
]
WRITINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.lower,
    lambda city: city.replace("-", " "),
    lambda city: city.replace(" ", "-"),
    lambda city: city.replace("-", "  "),
    lambda city: city.replace("\u00e9", "e\u0301"),
    lambda city: city.replace("\u2019", "'").replace("'", "\u2019"),
    lambda city: f"{city} ",
    lambda city: f" {city}",
    lambda city: f"{city}\u00a0",
]


@pytest.mark.parametrize("city", CITIES)
def test_a_stop_on_a_street_with_its_city_meets_the_street_alone(city: str) -> None:
    """A stop on `12 rue Foch Besançon` denies a letter to `12 rue Foch`, and the other way."""
    for street in STREETS:
        bare, _ = street_readings(street, city=city)
        for behind in WRITINGS:
            for beside in WRITINGS:
                written, _ = street_readings(f"{street} {behind(city)}", city=beside(city))
                assert set(bare) <= set(written), (street, behind(city), beside(city))


@pytest.mark.parametrize(
    ("street", "city", "keys"),
    [
        ("12 rue Foch St-Malo", "Saint-Malo Cedex", {"rue foch|12"}),
        ("12 rue Foch Saint Malo Cedex 2", "St Malo", {"rue foch|12"}),
        ("12 rue Foch Lyon", "Lyon 3e", {"rue foch|12"}),
        ("12 rue Foch Rennes", "35000 Rennes", {"rue foch|12"}),
        ("12 rue Foch -Rennes", "Rennes", {"rue foch|12"}),
        ("12 rue de Rennes", "Rennes", set()),
        ("12 rue Foch-Rennes", "Rennes", set()),
        ("12 rue Rennes", "Rennes", set()),
        ("12 rue Neuve", "...", set()),
        ("Rennes", "Rennes", set()),
    ],
)
def test_only_a_city_behind_a_whole_street_is_left_out(
    street: str, city: str, keys: set[str]
) -> None:
    written, _ = street_readings(street, city=city)
    assert set(written[1:]) == keys


@given(
    street=st.sampled_from(STREETS),
    behind=st.sampled_from(["", *CITIES, "Neuve", "Malo", "l'Eglise"]),
    city=st.sampled_from(["", *CITIES]),
    writings=st.tuples(st.sampled_from(WRITINGS), st.sampled_from(WRITINGS)),
    between=st.sampled_from([" ", "  ", "-", " - ", ", "]),
)
def test_the_fast_path_reads_a_street_before_its_city_as_the_long_way_does(
    street: str,
    behind: str,
    city: str,
    writings: tuple[Callable[[str], str], Callable[[str], str]],
    between: str,
) -> None:
    line = f"{street}{between}{writings[0](behind)}"
    address = PostalAddress(
        name="Jean Dupont", street=line, postcode="35000", city=writings[1](city)
    )
    quick = plain_texts(address, "FR")
    assert quick is None or quick == _read_slowly(address)
    assert postal_texts(address, "FR") == _read_slowly(address)


def test_the_fast_path_reads_any_line_that_ends_in_another_word() -> None:
    address = PostalAddress(
        name="Jean Dupont", street="12 rue Foch", postcode="25000", city="Besan\u00e7on"
    )
    assert plain_texts(address, "FR") == _read_slowly(address)


def _read_slowly(address: PostalAddress) -> list[CanonicalText]:
    """The texts of an address by the long way, which alone traces its steps."""
    return postal_texts(address, "FR", lambda *_args, **_options: None)
