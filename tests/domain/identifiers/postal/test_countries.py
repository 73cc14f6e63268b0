from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.postal.match_keys import postal_texts


@pytest.mark.parametrize(
    ("postcode", "city", "country", "key"),
    [
        ("35000", "", "", "fr|35000"),
        ("35 000", "", "FRA", "fr|35000"),
        ("F-35000", "", "France", "fr|35000"),
        ("FR35000", "", "fr", "fr|35000"),
        ("35000", "", "FX", "fr|35000"),
        ("35000", "", "France, Metropolitan", "fr|35000"),
        ("1000", "", "", "fr|01000"),
        ("", "35000 Rennes", "", "fr|35000"),
        ("", "Lyon 3ème", "", "fr|69003"),
        ("13000", "Marseille 16e arrondissement", "", "fr|13016"),
        ("75000", "Paris", "", "fr|75000"),
        ("75000", "Paris XIIe", "", "fr|75012"),
        ("69000", "LYON IIIEME", "", "fr|69003"),
        ("13000", "Marseille Ier arrondissement", "", "fr|13001"),
        ("", "Paris XX", "", "fr|75020"),
        ("75000", "Paris la Villette", "", "fr|75000"),
        ("75000", "Paris XXI", "", "fr|75000"),
        ("75000", "Paris 21", "", "fr|75000"),
        ("97400", "", "RE", "fr|97400"),
        ("98000", "", "Monaco", "fr|98000"),
        ("B-1000", "", "", "be|1000"),
        ("CH 1204", "", "", "ch|1204"),
        ("1204", "", "Schweiz", "ch|1204"),
        ("sw1a 1aa", "", "Royaume-Uni", "gb|sw1a1aa"),
        ("1011 ab", "", "NL", "nl|1011ab"),
        ("XY-123", "", "US", "us|123"),
        ("", "Hong Kong", "HK", "hk|hongkong"),
        ("", "Kingston", "JM", "jm|kingston"),
    ],
)
def test_country_and_postcode_lead_the_key(
    postcode: str, city: str, country: str, key: str
) -> None:
    assert _key(postcode, city, country) == key


@pytest.mark.parametrize(
    ("postcode", "city", "country"),
    [
        ("", "", ""),
        ("", "Rennes", ""),
        ("350", "", ""),
        ("350000", "", ""),
        ("3500a", "", ""),
        ("\u0663\u0665\u0660\u0660\u0660", "", ""),
        ("35000", "", "Atlantis"),
        ("", "", "HK"),
        ("", "", "BE"),
    ],
)
def test_an_address_that_cannot_be_placed_is_refused(
    postcode: str, city: str, country: str
) -> None:
    with pytest.raises(IdentifierParseError) as refused:
        _key(postcode, city, country)
    assert refused.value.code == "malformed"


def test_what_was_stored_in_metropolitan_france_is_looked_up() -> None:
    """A stop that an older version stored under FX still denies a letter to that address."""
    address = PostalAddress(
        name="Jean Dupont", street="12 rue Foch", postcode="75116", country="FX"
    )
    texts = {text.text: text.use.value for text in postal_texts(address, "FR")}
    assert texts["fr|75016|rue foch|12|dupont|j"] == "both"
    assert texts["fx|75116|ruefoch|12|dupont|j"] == "asked"


def _key(postcode: str, city: str, country: str) -> str:
    address = PostalAddress(street="1 rue Foch", postcode=postcode, city=city, country=country)
    return "|".join(postal_texts(address, "FR")[0].text.split("|")[:2])
