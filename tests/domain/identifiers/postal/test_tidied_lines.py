"""French streets with `R` for `rue`, signs before the number or units after it match plain ones."""

from __future__ import annotations

import pytest

from tests.domain.identifiers.examples import street_readings

RANGES = ["12-14", "12/14", "12 - 14", "12 et 14", "12 a 14", "12, 14", "12 & 14", "12,14"]
SIGNS = ["'", "\u2019", '"', '="', "\u00ab ", "- ", "* ", "\u2022 ", "=", "+", "_", "/", "|", "@"]
WORDS = [
    "au ",
    "Au n\u00b0 ",
    "\u00e0 ",
    "domicili\u00e9e au ",
    "J'habite au ",
    "demeurant au num\u00e9ro ",
    "N.P.A.I. ",
    "H.L.M. ",
    "N. ",
    "2e d., ",
]
BEHIND = [
    "(Lieu-dit Le Roc)",
    "(Hameau du Bas)",
    "(Immeuble Le Parc)",
    "(4e gauche)",
    "(Sous-sol)",
    "(3e \u00e9t.)",
    "(Rennes)",
    "(35)",
    "[b\u00e2t B]",
    "(Rennes",
    "Bureau 12",
    "Log 5",
    "Niveau 2",
    "Chb n\u00b0 12",
    "Aile B",
    "3e G",
    "3\u00e8me dte",
    "3e \u00e9t.",
    ", 2e",
    "- 2e",
    ", 1er, b\u00e2t B",
    "2\u00e8me",
    ", 3e \u00e9t.",
    "/ Bureau 12",
    "(4e gauche) b\u00e2t B",
]
# Streets whose name begins with the word for a street.
NAMES = [
    "Chemin Vert",
    "Faubourg Saint-Antoine",
    "Pont Neuf",
    "Port",
    "Porte Neuve",
    "Clos Fleuri",
    "Place d'Armes",
    "Villa Marie",
    "Quai",
    "Route Neuve",
    "Voie Romaine",
    "Avenue",
]


@pytest.mark.parametrize("numbers", RANGES)
@pytest.mark.parametrize("street", ["Victor Hugo", "de la Gare", "d'Alsace", "Chemin Vert"])
@pytest.mark.parametrize("front", ["", "n\u00b0 ", "num. ", "Au "])
def test_r_behind_a_range_is_a_rue(front: str, street: str, numbers: str) -> None:
    for r in ("R", "R.", "r"):
        written = f"{front}{numbers} {r} {street}"
        assert _meet(f"12 rue {street}", written), written
        assert _meet(f"14 rue {street}", written), written


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("gap", [" ", ", ", ","])
def test_r_before_a_name_that_begins_with_a_type_is_a_rue(gap: str, name: str) -> None:
    for r in ("R", "R.", "r"):
        assert _meet(f"12 rue {name}", f"12{gap}{r} {name.upper()}")


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("12 R rue Foch", ["rue foch|12r"]),
        ("12 R AV FOCH", ["avenue foch|12r"]),
        ("12-14 R rue Foch", ["rue foch|12", "rue foch|14r"]),
        ("12-14R chemin Vert", ["chemin vert|12", "chemin vert|14r"]),
        ("12 R FBG ST ANTOINE", ["rue faubourgsaintantoine|12"]),
        ("12 R PL D ARMES", ["rue placearmes|12"]),
        ("12 R PAS DE CALAIS", ["rue pascalais|12"]),
        ("12 R CHE GUEVARA", ["rue cheguevara|12"]),
        ("12-14 R D ALSACE", ["rue alsace|12", "rue alsace|14"]),
        ("12 R PT DU JOUR", ["rondpoint jour|12"]),
        ("12 R N 7", ["rn 7|12"]),
    ],
)
def test_r_is_read_by_what_stands_behind_it(written: str, keys: list[str]) -> None:
    assert street_readings(written)[0] == keys


def test_the_letter_and_the_rue_are_looked_up_for_each_other() -> None:
    for letter in ("12R chemin Vert", "12 R, chemin Vert", "N\u00b0 12 R, CHE. VERT"):
        assert street_readings(letter)[0] == ["chemin vert|12r"]
        assert _meet(letter, "12 R CHEMIN VERT")
    assert (
        "12 rue chemin vert"
        not in street_readings("12R chemin Vert", country="BE", postcode="1000")[1]
    )


@pytest.mark.parametrize("front", SIGNS + WORDS)
@pytest.mark.parametrize("street", ["rue Victor Hugo", "r\u00e9sidence du Parc"])
def test_signs_and_words_before_the_house_number_are_no_part_of_the_street(
    street: str, front: str
) -> None:
    for numbers in ("12", "12,", "12 -14", "12 a 14,"):
        written = f"{front}{numbers} {street}"
        assert _meet(f"12 {street}", written), written
        key = street_readings(f"12 {street}")[0][0]
        assert key in street_readings(written)[0], written
    assert _meet(f"12 bis {street}", f"{front}12 bis, {street}")


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("12 rue Victor Hugo", "(12 rue Victor Hugo)"),
        ("12 rue Victor Hugo", "(12) rue Victor Hugo"),
        ("12-14 rue Victor Hugo", "(12-14) rue Victor Hugo"),
        ("12 rue Victor Hugo", "[12, rue Victor Hugo]"),
        ("12 rue Victor Hugo", "12 'rue Victor Hugo'"),
        ("12 Le Bourg", "Au 12, Le Bourg"),
        ("12 Le Bourg", "'12 Le Bourg"),
        ("12 rue Victor Hugo", "APPT 3 12-14 R VICTOR HUGO"),
        ("12 rue du Chemin Vert", "R CHEMIN VERT N\u00b0 12"),
        ("12 rue Foch", "n\u00b0 12 au 14 rue Foch"),
        ("12 bis rue Victor Hugo", "12/B rue Victor Hugo"),
        ("12 bis rue Victor Hugo", "12/B, rue Victor Hugo"),
        ("8 C rue Victor Hugo", "Au 8/C, rue Victor Hugo"),
        ("14 rue Victor Hugo", "12 a 14, rue Victor Hugo"),
        ("14 Le Bourg", "12 et 14, Le Bourg"),
        ("5 rue Victor Hugo", "num. 3, 5 R VICTOR HUGO"),
        ("5 rue Victor Hugo", "# 3, 5 R VICTOR HUGO"),
        ("12 rue du 21 Septembre", "N. 12 RUE DU VINGT ET UN SEPTEMBRE - BP 12"),
    ],
)
def test_numbers_are_read_in_any_writing(plain: str, written: str) -> None:
    assert _meet(plain, written)


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("front", ["", "B\u00e2t B, ", "'", "n\u00b0 "])
@pytest.mark.parametrize(
    "street", ["12 rue Victor Hugo", "12-14 av. du 8 Mai 1945", "12 rue Albert 1er"]
)
def test_brackets_units_and_floors_behind_a_street_are_no_part_of_it(
    street: str, front: str, behind: str
) -> None:
    assert _meet(street, f"{front}{street} {behind}".replace(" ,", ","))


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("rue Foch (12)", ["rue foch12|"]),
        ("12 rue du (Vieux) Moulin", ["rue vieuxmoulin|12"]),
        ("Aile B n\u00b0 12 / 14 R FOCH", ["rue foch|12", "rue foch|14"]),
        ("12 rue Albert 1er", ["rue albert1|12"]),
        ("12 rue Napol\u00e9on 3e", ["rue napoleon3|12"]),
        ("12 rue de la 2e DB", ["rue 2db|12"]),
        ("12 rue du Bureau", ["rue bureau|12"]),
        ("12 rue Bureau 3", ["rue bureau3|12"]),
        ("12 rue du Bureau 3", ["rue bureau3|12"]),
        ("12 route nationale (7)", ["rn 7|12"]),
        ("Au 14 juillet", ["14juillet|"]),
        ("Rue du Pr\u00e9 au 12 chemins", ["rue pre12chemins|"]),
        ("B.P. 12 rue Foch", ["rue foch|"]),
        ("T.S.A. 12 rue Foch", ["tsa12ruefoch|"]),
        ("B\u00e2t 8/B rue Foch", ["bruefoch|"]),
        ("rue Foch 12 et 14, rue Hugo", ["rue foch|12", "rue foch|14"]),
        ("Chb 12 / 45 R FOCH", ["foch|12", "foch|45r", "chb1245rfoch|"]),
        ("(4e gauche)\n12 Kerbihan", ["kerbihan|12"]),
        ("du 12 au 14 rue Foch", ["rue foch|12", "rue foch|14"]),
    ],
)
def test_what_belongs_to_a_name_or_a_unit_stays(written: str, keys: list[str]) -> None:
    assert street_readings(written)[0] == keys


@pytest.mark.parametrize(
    ("written", "older"),
    [
        ("12-14 R VICTOR HUGO", "victorhugo|14r"),
        ("12 - 14 R VICTOR HUGO", "1214rvictorhugo|"),
        ("15 R FBG ST ANTOINE", "faubourg saintantoine|15r"),
        ("'12 rue Victor Hugo", "12ruevictorhugo|"),
        ("'12, rue Victor Hugo", "rue victorhugo|"),
        ("Au 12, rue Victor Hugo", "au|12"),
        ("12/B, rue Victor Hugo", "b|12"),
        ("12 a 14, rue Victor Hugo", "12a|14"),
        ("12 rue Victor Hugo, 2e", "rue victorhugo2|12"),
        ("n\u00b0 12-14 R FOCH b\u00e2t B", "foch|14r"),
        ("N. 12 RUE DU VINGT ET UN SEPTEMBRE - BP 12", "rn 12 rue21septembre|"),
    ],
)
def test_what_was_stored_under_another_door_is_only_looked_up(written: str, older: str) -> None:
    stored, lookups = street_readings(written)
    assert older in lookups
    assert older not in stored


def test_the_older_reading_of_the_same_house_is_stored_first() -> None:
    written = street_readings("12 rue Victor Hugo (Rennes)")[0]
    assert written == ["rue victorhugorennes|12", "rue victorhugo|12"]


def test_only_french_lines_are_tidied() -> None:
    assert street_readings("'12 rue Foch", country="BE", postcode="1000")[0] == ["12ruefoch|"]


def _meet(plain: str, written: str) -> bool:
    """Return whether a stop of either street denies the other."""
    first, second = street_readings(plain), street_readings(written)
    return all(
        set(stop[0]) & {*check[0], *check[1]} for stop, check in ((first, second), (second, first))
    )
