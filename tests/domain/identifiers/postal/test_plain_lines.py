"""Streets that 0.9.0 misread are read rightly, and match what 0.9.0 stored."""

from __future__ import annotations

import re

import pytest

from suppression.domain.identifiers.match_keys import (
    CanonicalText,
    KeyUse,
    MatchKeyLabel,
    PostalAddress,
)
from suppression.domain.identifiers.postal.match_keys import postal_texts
from tests.domain.identifiers.examples import street_readings

FRONTS = [
    "R\u00e9sidence Les Pins",
    "B\u00e2t A",
    "B\u00e2timent D",
    "B\u00e2t C2",
    "Esc 2 \u00e9tage 3",
    "Appt 3",
    "BP 123",
    "CS 12345",
    "TSA 12345",
    "CIDEX 12",
    "Centre social",
    "Centre commercial des 4 Chemins",
    "HLM Les Pins",
    "Foyer des Pins",
    "Hameau de Kerbihan",
    "Quartier Saint-Jean",
    "Mas des Oliviers",
    "Lieu-dit Le Bourg",
    "La Ch\u00eanaie",
    "Villa Marie",
    "Parc d'activit\u00e9s Innopole",
    "R\u00e9sidence Les Pins n\u00b0",
    "RD 940",
]
WHOLE_LINE = re.compile(r"\d(bis|b)?(rue|avenue|route)[a-z]+\|$")
BEHIND = [
    "lieu-dit Le Bourg",
    "lieudit Le Bourg",
    "lieu dit Le Bourg",
    "ld Le Bourg",
    "hameau de Kerbihan",
    "quartier Saint-Jean",
    "domaine de la For\u00eat",
    "- Le Bourg",
]


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("street", ["12 rue Foch", "12 bis, rue Foch", "7B avenue Foch"])
def test_what_stands_before_the_house_number_leaves_it_intact(front: str, street: str) -> None:
    keys, _ = street_readings(street)
    for between in (" ", ", ", " - "):
        written, lookups = street_readings(f"{front}{between}{street}")
        assert _without_whole_lines(written) == keys
        assert not set(written) & set(lookups)


def _without_whole_lines(keys: list[str]) -> list[str]:
    """Return the keys without those of 0.9.0 that read a whole line as a name: `clos12ruefoch|`."""
    return [key for key in keys if not WHOLE_LINE.search(key)]


@pytest.mark.parametrize("behind", BEHIND)
def test_a_place_behind_a_street_is_no_part_of_its_name(behind: str) -> None:
    for street in ("12 rue Foch", "rue Foch"):
        written, _ = street_readings(f"{street} {behind}")
        assert street_readings(street)[0][0] in written


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12 rue des 4 chemins b\u00e2t B", "rue 4chemins|12"),
        ("rue des 4 chemins appt 3", "rue 4chemins|"),
        ("b\u00e2t B 12 rue des 4 chemins", "rue 4chemins|12"),
        ("12 impasse des 3 ponts r\u00e9sidence Les Pins", "impasse 3ponts|12"),
        ("12-bis rue Foch", "rue foch|12bis"),
        ("12-B rue Foch", "rue foch|12bis"),
        ("12 (bis) rue Foch", "rue foch|12bis"),
        ("1 250 route de Nice", "route nice|1250"),
    ],
)
def test_the_house_number_is_its_own(written: str, key: str) -> None:
    keys, lookups = street_readings(written)
    assert _without_whole_lines(keys) == [key]
    assert key not in lookups


@pytest.mark.parametrize(
    "written", ["12 - 14 rue Foch", "12, 14 rue Foch", "12/13/14 rue Foch", "12-14 rue Foch"]
)
def test_two_numbers_are_two_houses(written: str) -> None:
    keys = street_readings(written)[0]
    assert _without_whole_lines(keys) == ["rue foch|12", "rue foch|14"]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("5, 3e avenue", "53avenue|"),
        ("5, 14 juillet", "514juillet|"),
        ("12, 4 chemins", "124chemins|"),
        ("2, 4 chemins", "24chemins|"),
        ("3, 5e avenue des Pins", "35avenuepins|"),
        ("3, 5\u00e8me avenue des Pins", "35avenuepins|"),
    ],
)
def test_a_number_of_a_name_is_no_second_house(line: str, key: str) -> None:
    assert street_readings(line) == ([key], [])


@pytest.mark.parametrize(
    "street", ["rue Foch", "grande rue", "avenue de la 2e DB", "cours Foch", "rue Nationale"]
)
@pytest.mark.parametrize(
    "number",
    ["n\u00b0 12", "n\u00b012", ", no 12", ", n\u00b0 12", "N\u00ba12", "12", ", 12", "num 12"],
)
@pytest.mark.parametrize("behind", ["", " bis", " B", ", studio", " Rennes"])
def test_a_number_behind_a_street_is_the_houses(street: str, number: str, behind: str) -> None:
    line = f"{street} {number}{behind}".replace(" ,", ",")
    suffix = behind if behind in {" bis", " B"} else ""
    written, _ = street_readings(line)
    assert street_readings(f"12{suffix} {street}")[0][0] in written
    assert not set(written) & set(street_readings(line.replace("12", "14"))[0])


@pytest.mark.parametrize(
    "behind",
    [
        *(
            "studio",
            "appt 3",
            "3e \u00e9tage",
            "lieu-dit Le Bourg",
            "- Le Bourg",
            "face \u00e0 la gare",
        ),
        *("r\u00e9sidence Les Pins", "b\u00e2t B", "Rennes", "2e gauche", "BP 123"),
    ],
)
@pytest.mark.parametrize("number", ["n\u00b0 12", "n\u00b012 bis", ", num\u00e9ro 12 B"])
def test_a_labelled_number_is_the_houses_whatever_stands_behind(number: str, behind: str) -> None:
    house = "12bis" if "b" in number.lower() else "12"
    written, _ = street_readings(f"rue Foch {number} {behind}".replace(" ,", ","))
    assert f"rue foch|{house}" in written
    assert "rue foch|" not in written


@pytest.mark.parametrize("behind", ["12 et 14", "12 face \u00e0 la gare", "12 gauche"])
def test_a_bare_number_behind_a_street_is_no_floor(behind: str) -> None:
    written, _ = street_readings(f"rue Foch {behind}")
    assert "rue foch|" not in written


ROADS = [
    *("chemin rural n\u00b0 {}", "chemin rural {}", "voie communale n\u00b0{}", "RD {}", "RN{}"),
    *("route d\u00e9partementale n\u00b0 {}", "route d\u00e9partementale RD {}"),
    *("route nationale {}", "ancienne route RN {}", "ancien chemin n\u00b0{}", "avenue {}"),
    *("chemin vicinal ordinaire n\u00b0 {}", "chemin d'exploitation n\u00b0 {}", "{}e avenue"),
    *("chemin d'int\u00e9r\u00eat commun n\u00b0 {}", "route foresti\u00e8re n\u00b0 {}"),
    *("chemin de grande communication n\u00b0 {}", "lotissement les Pins n\u00b0 {}"),
    *("rue projet\u00e9e n\u00b0 {}", "rue n\u00b0 {}", "all\u00e9e n\u00b0 {}"),
]


@pytest.mark.parametrize("front", ["", "12 ", "12, ", "B\u00e2t B 12 "])
@pytest.mark.parametrize("road", ROADS)
def test_two_numbers_of_roads_keep_apart(road: str, front: str) -> None:
    """No key of the one, stored or looked up or of consents, is a key of the other."""
    five, seven = (_texts(front + road.format(number)) for number in (5, 7))
    stored = {text.text for text in five if text.use is not KeyUse.LOOKUP}
    assert not stored & {text.text for text in seven}


def _texts(street: str) -> list[CanonicalText]:
    address = PostalAddress(name="Jean Dupont", street=street, postcode="35000", city="Rennes")
    return postal_texts(address, "FR", consent=True)


@pytest.mark.parametrize("front", ["R\u00e9sidence Les Pins,", "B\u00e2t A,", "Le Clos,"])
@pytest.mark.parametrize("street", ["3e avenue", "4 chemins", "3e avenue des Pins"])
def test_a_number_of_a_name_behind_a_house_number_is_no_house_number(
    front: str, street: str
) -> None:
    written, _ = street_readings(f"{front} 12 {street}")
    assert not set(written) & {"avenue|3e", "chemin|4", "avenue pins|3e"}
    assert street_readings("Le Clos 5, 12 rue Foch")[0][0] == "rue foch|12"


def test_a_list_of_numbers_before_grounds_is_two_houses() -> None:
    for grounds in ("cit\u00e9 Foch", "ZA Foch", "r\u00e9sidence Foch"):
        written, _ = street_readings(f"12, 14 {grounds}")
        assert written[:2] == [street_readings(f"{n} {grounds}")[0][0] for n in (12, 14)]


def test_a_hyphen_may_stand_before_the_house_number() -> None:
    for front in ("R\u00e9sidence Les Pins", "Centre commercial Leclerc", "B\u00e2t B"):
        assert "rue 1mai|12" in street_readings(f"{front}-12 rue du Premier Mai")[0]
    assert street_readings("12-14 rue Foch")[0] == ["rue foch|12", "rue foch|14"]
    assert street_readings("Appt 3-12 rue Foch")[0] == ["rue foch|"]


@pytest.mark.parametrize("front", ["Le Clos", "Hameau du Bas", "Centre commercial des 4 Chemins"])
def test_what_0_9_0_took_for_one_name_meets_today(front: str) -> None:
    first, second = (street_readings(f"{front}{between}12 rue Foch") for between in " -")
    assert set(first[0]) & {*second[0], *second[1]}
    assert set(second[0]) & {*first[0], *first[1]}


@pytest.mark.parametrize("behind", ["face \u00e0 la gare", "2e gauche", "3e \u00e9t."])
def test_a_number_between_commas_and_words_for_a_way_is_the_houses(behind: str) -> None:
    written, _ = street_readings(f"rue Foch, 12 {behind}")
    assert "rue foch|12" in written
    assert not set(written) & set(street_readings(f"rue Hugo, 12 {behind}")[0])


def test_the_number_of_a_hamlet_is_not_that_of_the_residence_behind_it() -> None:
    for front, key in (("Hameau des Lilas", "hameau lilas"), ("Clos du Roy", "clos roy")):
        for number in ("n\u00b0 12", "12"):
            line = f"{front} {number}, r\u00e9sidence Les Pins"
            assert street_readings(line)[0] == [f"{key}|12"]
    assert street_readings("B\u00e2t A 12, r\u00e9sidence Les Pins")[0] == ["residence pins|12"]


def test_a_number_alone_in_its_line_is_the_houses() -> None:
    for fields in ({"street": "rue Foch", "line1": "12"}, {"street": "12", "line1": "rue Foch"}):
        assert street_readings(**fields)[0] == ["rue foch|12"]
    assert street_readings("rue Foch 3", line1="12")[0] == ["rue foch|3"]
    assert street_readings("12", line1="B\u00e2t 3", line2="Le Bourg") == (["bourg|12"], ["12|"])


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("B\u00e2t 3 rue Foch", "rue foch|"),
        ("BP 12 rue Foch", "rue foch|"),
        ("12 rue du Vieux Hameau", "rue vieuxhameau|12"),
        ("12 rue du Hameau", "rue hameau|12"),
        ("12 place quartier", "place quartier|12"),
        ("Le Bourg hameau de Kerbihan", "bourghameaukerbihan|"),
        ("12 rue des 4 chemins", "rue 4chemins|12"),
        ("1 \u00e0 5 rue Foch", "rue foch|1"),
        ("12 et 14 rue Foch", "rue foch|12"),
        ("12 rue Foch 3 all\u00e9e des Pins", "rue foch3alleepins|12"),
        ("porte 3 rue Foch", "rue foch|"),
        ("1 250 gens", "1250gens|"),
    ],
)
def test_what_may_belong_to_a_unit_or_a_name_is_read_as_before(written: str, key: str) -> None:
    keys, lookups = street_readings(written)
    assert keys[0] == key
    assert lookups == []


def test_only_french_streets_are_read_anew() -> None:
    assert street_readings("Le Clos 12 rue Foch", country="BE", postcode="1000")[1] == []


def test_what_was_stored_under_the_older_number_is_asked_but_never_stored() -> None:
    address = PostalAddress(name="Jean Dupont", street="B\u00e2t A 12, rue Foch", postcode="35000")
    older = {
        text.label: text.use for text in postal_texts(address, "FR") if "rue foch||" in text.text
    }
    assert older == {
        MatchKeyLabel.PERSON: KeyUse.LOOKUP,
        MatchKeyLabel.SURNAME: KeyUse.LOOKUP,
    }
