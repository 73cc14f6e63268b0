"""Streets that were misread until 0.9.0, and what was stored under the older reading."""

from __future__ import annotations

import pytest

from suppression.domain.identifiers.match_keys import KeyUse, MatchKeyLabel, PostalAddress
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
        assert written == keys
        assert not set(written) & set(lookups)


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
    assert keys == [key]
    assert key not in lookups


@pytest.mark.parametrize(
    "written", ["12 - 14 rue Foch", "12, 14 rue Foch", "12/13/14 rue Foch", "12-14 rue Foch"]
)
def test_two_numbers_are_two_houses(written: str) -> None:
    assert street_readings(written)[0] == ["rue foch|12", "rue foch|14"]


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
