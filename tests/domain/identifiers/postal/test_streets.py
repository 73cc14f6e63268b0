from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from tests.domain.identifiers.examples import street_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12 rue Foch", "rue foch|12"),
        ("N° 12, rue Foch", "rue foch|12"),
        ("num 12 rue Foch", "rue foch|12"),
        ("12 D RUE FOCH", "rue foch|12d"),
        ("12 L EGLISE", "eglise|12"),
        ("12 R FOCH", "rue foch|12"),
        ("12 T rue Foch", "rue foch|12ter"),
        ("12Q rue Foch", "rue foch|12quater"),
        ("12 C rue Foch", "rue foch|12c"),
        ("12 quinquies rue Foch", "rue foch|12quinquies"),
        ("rue Foch n° 12 bis", "rue foch|12bis"),
        ("rue Foch 12 B", "rue foch|12bis"),
        ("12/3 rue Foch", "rue foch|12"),
        ("1er mai", "1mai|"),
        ("8 mai 1945", "8mai|"),
        ("12 Nd de Lorette", "notredamelorette|12"),
        ("rue 12", "rue 12|"),
        ("route départementale 940", "rd 940|"),
        ("rue du 4 septembre 12", "rue 4septembre|12"),
        ("rue A. Briand", "rue aristidebriand|"),
        ("rue de l Aragon", "rue aragon|"),
        ("rue L. Aragon", "rue louisaragon|"),
        ("rue de la", "rue dela|"),
        ("place du 3e RI", "place 3ri|"),
        ("rue de mai", "rue mai|"),
        ("rue du joli mai", "rue jolimai|"),
        ("Le Clos des Pins 12 rue Foch appt 3", "rue foch|12"),
        ("12 rue Foch 1er étage", "rue foch|12"),
        ("1 de la gare", "gare|1"),
    ],
)
def test_a_street_line_has_one_key(written: str, key: str) -> None:
    assert street_key(written) == key


@pytest.mark.parametrize(
    "unit",
    [
        "appt 3",
        "Apt. n° 12",
        "bât. B",
        "Bâtiment B2 Esc 3 porte 4",
        "3ème étage",
        "étage 3",
        "RDC",
        "rez-de-chaussée gauche",
        "premier étage",
        "3e étage droite",
        "BP 123",
        "B.P. 123",
        "CS 12345",
        "boîte postale 12",
        "cedex 08",
        "appartement gauche",
        "chez Mme Martin",
        "c/o M. Martin",
        "résidence Les Pins",
        "- ZA Nord",
        "porte 12 gauche",
        "boîte 12",
        "3 étage",
        "lot 3",
        "dernier étage",
    ],
)
def test_what_leads_to_a_flat_is_no_part_of_the_key(unit: str) -> None:
    assert street_key(f"12 rue Foch {unit}") == "rue foch|12"
    assert street_key(f"12 rue Foch, {unit}") == "rue foch|12"
    assert street_key("12 rue Foch", line1=unit) == "rue foch|12"


@pytest.mark.parametrize("name", ["Tour", "Porte", "Villa", "Boîte à Lettres", "Résidence", "Cité"])
def test_a_street_may_be_named_like_a_unit(name: str) -> None:
    assert street_key(f"12 rue de la {name}").startswith("rue ")
    assert street_key(f"12 rue de la {name}") != street_key("12 rue de la Gare")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("BP 123", "bp 123|"),
        ("boîte postale 12 345", "bp 12345|"),
        ("CS 10001", "cs 10001|"),
        ("chez Bernard", "chezbernard|"),
        ("résidence les Pins", "residence pins|"),
        ("12 résidence les Pins", "residence pins|12"),
        ("Immeuble le Mistral", "immeublemistral|"),
    ],
)
def test_what_else_leads_to_a_door_stands_in_for_a_street(written: str, key: str) -> None:
    assert street_key(written) == key


@pytest.mark.parametrize("written", ["", " ", ",", "lieu-dit", "appt 3", "???", "cedex"])
def test_an_address_without_a_street_is_refused(written: str) -> None:
    with pytest.raises(IdentifierParseError, match="street"):
        street_key(written)


@pytest.mark.parametrize(
    ("country", "postcode", "written", "key"),
    [
        ("BE", "1000", "Rue de la Loi 16 bte 3", "rue loi|16"),
        ("BE", "1000", "Kerkstr. 12 bus 3", "kerkstraat|12"),
        ("CH", "1204", "Rue du Rhône 8, case postale 12", "rue rhone|8"),
        ("LU", "1611", "16, rue de la Gare", "rue gare|16"),
        ("DE", "10115", "Str. des 17. Juni 135", "strassedes17juni|135"),
        ("AT", "1010", "Kärntner Straße 5", "karntnerstrasse|5"),
        ("GB", "SW1A 1AA", "10 St John's Rd", "road saintjohns|10"),
        ("ES", "28013", "Avda. de la Paz, 3, 2º izq", "avenida paz|3"),
        ("IT", "00100", "P.za del Popolo 3", "piazza popolo|3"),
        ("IT", "00100", "Via 4 Novembre 12", "via 4novembre|12"),
        ("ES", "28013", "Calle 2 de Mayo 12", "calle 2mayo|12"),
        ("US", "10001", "12 Main Street", "mainstreet|12"),
        ("NL", "1011 AB", "Damrak 1", "damrak|1"),
    ],
)
def test_neighbouring_countries_have_their_street_words(
    country: str, postcode: str, written: str, key: str
) -> None:
    assert street_key(written, country=country, postcode=postcode) == key
