"""Streets of other countries in unusual writings, and postcodes as spreadsheets write them."""

from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.postal.match_keys import postal_texts
from tests.domain.identifiers.examples import street_readings

SAME = [
    ("GB", "NW1 6XE", "12 N Street", "12 North Street"),
    ("GB", "NW1 6XE", "12 W. Park Road", "12 West Park Road"),
    ("GB", "NW1 6XE", "Number 12 High Street", "12 High Street"),
    ("DE", "10115", "Am Falkpl. 5", "Am Falkplatz 5"),
    ("DE", "10115", "Marktpl 5", "Marktplatz 5"),
    ("DE", "10115", "Hauptstr. Nr. 5", "Hauptstrasse 5"),
    ("IT", "00153", "Via XXV Aprile 3", "Via 25 Aprile 3"),
    ("ES", "28013", "Calle Mayor, n\u00fam. 12", "Calle Mayor 12"),
    ("ES", "28013", "Calle Mayor s/n", "Calle Mayor"),
    ("ES", "28013", "Calle Mayor, S/N", "Calle Mayor"),
    ("ES", "08011", "Carrer d'Arag\u00f3 155", "C/ d'Arag\u00f3 155"),
    ("ES", "08011", "Pla\u00e7a Major 3", "Plaza Major 3"),
    ("CH", "1003", "Place St-Fran\u00e7ois 2", "Place Saint-Fran\u00e7ois 2"),
    ("LU", "1611", "4 rue St. Pierre", "4 rue Saint-Pierre"),
    ("BE", "1000", "Rue de la Loi num\u00e9ro 16", "Rue de la Loi 16"),
]


@pytest.mark.parametrize(("country", "postcode", "written", "plain"), SAME)
def test_a_street_abroad_in_an_unusual_writing_meets_the_plain_one(
    country: str, postcode: str, written: str, plain: str
) -> None:
    keys = [
        set(street_readings(street, country=country, postcode=postcode)[0])
        for street in (written, plain)
    ]
    assert keys[0] & keys[1]


@pytest.mark.parametrize(
    ("country", "postcode", "street"),
    [
        ("CH", "8001", "St. Jakobstrasse 5"),
        ("GB", "NW1 6XE", "12N High Street"),
        ("DE", "10115", "Plauer Str. 5"),
        ("US", "10001", "12 N Street"),
    ],
)
def test_other_streets_have_one_reading(country: str, postcode: str, street: str) -> None:
    written, lookups = street_readings(street, country=country, postcode=postcode)
    assert (len(written), lookups) == (1, [])


@pytest.mark.parametrize("postcode", ["6000.0", "06000.0", "6000,0", "06000", "06000.00"])
def test_the_decimal_of_a_spreadsheet_is_no_digit_of_a_postcode(postcode: str) -> None:
    address = PostalAddress(street="1 rue Foch", postcode=postcode)
    assert postal_texts(address, "FR")[0].text == "fr|06000|rue foch|1"


def test_what_was_stored_under_the_wrong_postcode_is_asked_but_never_stored() -> None:
    texts = postal_texts(PostalAddress(street="1 rue Foch", postcode="1000.0"), "FR")
    assert [(text.text, text.use.is_stored) for text in texts] == [
        ("fr|01000|rue foch|1", True),
        ("fr|10000|rue foch|1", False),
    ]
    abroad = PostalAddress(street="1 rue Foch", postcode="1000.0", country="BE")
    assert [text.text for text in postal_texts(abroad, "FR")] == ["be|1000|rue foch|1"]


def test_half_a_postcode_is_refused() -> None:
    with pytest.raises(IdentifierParseError, match="5 digits"):
        postal_texts(PostalAddress(street="1 rue Foch", postcode="600.0"), "FR")
