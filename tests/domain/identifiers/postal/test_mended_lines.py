"""French streets with several unusual writings at once match their plain writings."""

from __future__ import annotations

import pytest

from tests.domain.identifiers.examples import street_readings

LABELS = ["#", "n°", "N° ", "Nº", "no ", "No. ", "num. ", "numéro ", "N.° ", "n°: "]
FRONTS = ["", "Bât B ", "Bât B, ", "Résidence Les Pins ", "Hall A ", "Appt 3, ", "Esc. C - "]
BEHIND = [
    " bât B",
    " Esc. C",
    ", Résidence du Parc",
    " Résidence du Parc",
    " lieu-dit Le Bourg",
    " Immeuble Le Parc",
    " Imm. Le Parc",
    " bât Le Parc",
    " bât. C Le Parc",
]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("front", FRONTS)
def test_a_label_before_the_house_number_is_no_part_of_the_street(front: str, label: str) -> None:
    for plain, written in (
        ("8 bis route de l'Église", "8 B, route de l'Église"),
        ("8 bis route de l'Église", "8-B rte de l'Église"),
        ("45 quai des Acacias", "45, quai des Acacias"),
        ("8 rue de la Gare", "8 R de la Gare"),
        ("12 square Victor Hugo", "12 SQ. V. Hugo"),
        ("12 impasse Jean Jaurès", "12 imp. J. Jaurès"),
        ("1 boulevard du 8 Mai 1945", "1 bd du huit mai 1945"),
        ("12 quai Foch", "12, q Foch"),
    ):
        for behind in ("", *BEHIND):
            assert _meet(plain, f"{front}{label}{written}{behind}"), (plain, behind)


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("front", ["", "Bât B ", "Résidence Les Pins, "])
@pytest.mark.parametrize(
    "street", ["8 impasse des Lilas", "12 rue du 8 mai 1945", "12 rue Louis XIV", "8-B rue Foch"]
)
def test_a_building_or_a_place_behind_a_street_is_no_part_of_it(
    street: str, front: str, behind: str
) -> None:
    assert _meet(street, f"{front}{street}{behind}")


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("12 rue du 11 Novembre 1918", "12 rue du Onze nov. 1918"),
        ("12 rue du 11 Novembre 1918", "12 rue du 11-nov-1918"),
        ("12 rue du 11 Novembre 1918", "12 rue du onze-nov"),
        ("12 rue du 11 Novembre 1918", "12 rue du 11nov.1918"),
        ("12 rue du 1er Novembre", "12 rue du premier nov."),
        ("12 rue du 24 Février", "12 rue du vingt-quatre févr."),
        ("12 rue du 17 Octobre 1961", "12 rue du dix-sept oct. 1961 bât B"),
        ("12 impasse Louis XIV", "12 imp Louis 14 étage 2"),
        ("12 rue Jean XXIII", "12 rue Jean 23 etg 2"),
        ("8 bis quai Foch", "8-B q Foch"),
        ("8 bis quai Foch", "Bât B 8 bis, q. Foch"),
    ],
)
def test_dates_ranks_and_quais_are_read_in_any_writing(plain: str, written: str) -> None:
    assert _meet(plain, written)


def test_lines_of_print_are_mended_alone() -> None:
    plain = street_readings("8 rue de la Gare")[0]
    for fields in ({"line1": "Bât B"}, {"line1": "n° 3 esc. C"}, {"line2": "Résidence du Parc"}):
        assert plain[0] in street_readings("N° 8 R de la Gare bât B", **fields)[0]


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("N 12", ["rn 12|"]),
        ("RN 12", ["rn 12|"]),
        ("D 8", ["rd 8|"]),
        ("n° 5 chemin rural n° 3", ["cr 3|5"]),
        ("Bât n° 12, rue Foch", ["rue foch|"]),
        ("Appt n°3, 12 rue Foch", ["rue foch|12"]),
        ("Boîte aux lettres n°3, rue Foch", ["rue foch|"]),
        ("Hameau du Bas n°12, résidence Les Pins", ["hameau bas|12"]),
        ("Bât 8-B rue Foch", ["rue foch|"]),
        ("Lot 12 Q Foch", ["foch|"]),
        ("12 Q rue Foch", ["rue foch|12quater"]),
        ("12 rue Saint Louis 3 étage 2", ["rue saintlouis2|12"]),
        ("rue Foch n°12 place", ["rue foch|12", "rue fochn12place|"]),
        ("3 Le Bourg, n°12 rue Foch", ["rue foch|12"]),
        ("Résidence Les Pins, 12 rue Foch, n°3 allée Hugo", ["rue foch|12"]),
        ("12 rue du Bât Le Parc", ["rue batparc|12"]),
        ("Angle avenue Foch n°3, rue Hugo", ["angleavenuefoch|3"]),
    ],
)
def test_roads_units_and_others_numbers_are_no_labelled_house(
    written: str, keys: list[str]
) -> None:
    assert street_readings(written)[0] == keys


def test_only_french_lines_are_mended() -> None:
    keys = street_readings("Bât B n°45, quai Foch", country="BE", postcode="1000")
    assert "quai foch|45" not in keys[0]


@pytest.mark.parametrize(
    ("written", "older"),
    [
        ("n°8 B, route de l'Église", "route eglise|"),
        ("N° 8-B route de l'Église", "rn 8 brouteeglise|"),
        ("Résidence Les Pins n°45, quai des Acacias", "quai acacias|"),
        ("N° 8 R de la Gare Résidence du Parc", "rn 8 rgareresidenceparc|"),
        ("Hall A n°12 imp. J. Jaurès", "rn 12 impjeanjaures|"),
        ("N° 1 bd du huit mai 1945, Résidence du Parc", "residence parc|1945"),
        ("12 imp Louis 14 étage 2", "impasse louis2|12"),
    ],
)
def test_what_was_stored_under_another_door_is_only_looked_up(written: str, older: str) -> None:
    stored, lookups = street_readings(written)
    assert older in lookups
    assert older not in stored


@pytest.mark.parametrize(
    ("written", "older"),
    [
        ("n°1 rue Foch lieu-dit Le Bourg", "rue fochbourg|1"),
        ("n°1 rue Foch Immeuble Le Parc", "rue fochimmeubleparc|1"),
        ("8 impasse des Lilas bât Le Parc", "impasse lilasbatparc|8"),
        ("12 rue du 11-nov-1918", "rue 11nov1918|12"),
    ],
)
def test_the_older_reading_of_the_same_house_is_stored_first(written: str, older: str) -> None:
    assert street_readings(written)[0][0] == older


def _meet(plain: str, written: str) -> bool:
    """Return whether a stop of either street denies the other."""
    first, second = street_readings(plain), street_readings(written)
    return all(
        set(stop[0]) & {*check[0], *check[1]} for stop, check in ((first, second), (second, first))
    )
