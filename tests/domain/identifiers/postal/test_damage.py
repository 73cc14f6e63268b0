"""Text with a damaged encoding is repaired if one reading is certain, else refused."""

from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.postal.match_keys import postal_texts

PLAIN = PostalAddress(
    name="H\u00e9l\u00e8ne D'Ornano", street="12 rue de l'\u00c9glise", postcode="35000"
)


def _damaged(text: str, times: int = 1) -> str:
    """Return UTF-8 text as a program decodes it that takes it for Windows-1252."""
    for _ in range(times):
        text = "".join(
            chr(byte) if byte in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes([byte]).decode("cp1252")
            for byte in text.encode()
        )
    return text


@pytest.mark.parametrize(
    ("name", "street"),
    [
        (_damaged(PLAIN.name), _damaged(PLAIN.street)),
        (_damaged(PLAIN.name, 2), _damaged(PLAIN.street, 2)),
        (PLAIN.name, _damaged(PLAIN.street)),
        ("H&eacute;l&egrave;ne D&#039;Ornano", "12 rue de l&#39;&Eacute;glise"),
        ("H&#xE9;l&#xe8;ne D&apos;Ornano", PLAIN.street),
        (_damaged("H\u00e9l\u00e8ne D\u2019Ornano"), PLAIN.street),
    ],
)
def test_damaged_text_is_read_as_it_was(name: str, street: str) -> None:
    address = PostalAddress(name=name, street=street, postcode="35000")
    stored = [text.text for text in postal_texts(address, "FR") if text.use.is_stored]
    assert stored == [text.text for text in postal_texts(PLAIN, "FR") if text.use.is_stored]


def test_lines_and_cities_are_repaired_too() -> None:
    lines = ("Ren\u00c3\u00a9 Roux", "12 rue Foch", "35000 N\u00c3\u00aemes")
    address = PostalAddress(lines=lines)
    assert postal_texts(address, "FR")[0].text == "fr|35000|rue foch|12|roux|r"


def test_what_was_stored_under_the_damaged_text_is_asked() -> None:
    address = PostalAddress(name="Ren&eacute; Roux", street="12 rue Foch", postcode="35000")
    texts = {text.text: text.use.value for text in postal_texts(address, "FR")}
    assert texts["fr|35000|rue foch|12|roux|r"] == "both"
    assert set(texts.values()) == {"both", "asked", "written"}


@pytest.mark.parametrize(
    "name",
    [
        "H?l\u00e8ne Roux",
        "Ren? Roux",
        "D'?tang Jean",
        "?tienne Roux",
        "Ren\u00c3\u00a9 No\u00ebl\u00c3\u00a9",
    ],
)
def test_a_lost_character_is_refused(name: str) -> None:
    with pytest.raises(IdentifierParseError, match="lost"):
        postal_texts(PostalAddress(name=name, street="12 rue Foch", postcode="35000"), "FR")


@pytest.mark.parametrize(
    "name",
    [
        "JO\u00c3O SILVA",
        "Fran\u00e7ois \u00c2ge",
        "Jean Roux ?",
        "Roux & Fils",
        "Roux &co; Petit",
        "???",
    ],
)
def test_other_signs_are_no_damage(name: str) -> None:
    assert postal_texts(PostalAddress(name=name, street="12 rue Foch", postcode="35000"), "FR")


def test_damage_that_cannot_be_read_without_a_street_is_refused_once() -> None:
    with pytest.raises(IdentifierParseError, match="street"):
        postal_texts(PostalAddress(name="Ren&eacute;", postcode="35000"), "FR")
    damaged_street = PostalAddress(street="&#63;&#63; 12", postcode="35000")
    assert postal_texts(damaged_street, "FR")
