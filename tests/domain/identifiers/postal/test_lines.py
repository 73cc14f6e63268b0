from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import KeyUse, MatchKeyLabel, PostalAddress
from suppression.domain.identifiers.postal.free_lines import couple_on_lines
from suppression.domain.identifiers.postal.match_keys import postal_texts


@pytest.mark.parametrize(
    "lines",
    [
        ("M. Jean Dupont", "12 rue Foch", "35000 Rennes"),
        ("Jean Dupont", "12 rue Foch", "35000 Rennes", "France"),
        ("Jean Dupont", "", "Appt 3", "Résidence Les Pins", "12 rue Foch", "F-35000 RENNES CEDEX"),
        ("Société Exemple", "M. Jean Dupont", "12 rue Foch", "35000 Rennes"),
        ("12 rue Foch", "M. Jean Dupont", "35 000 Rennes"),
        ("Jean Dupont, 12 rue Foch, 35000 Rennes",),
        ("Jean Dupont\n12 rue Foch\n35000 Rennes",),
        ("Dupont, Jean", "12, rue Foch", "35000 Rennes"),
    ],
)
def test_lines_as_on_an_envelope_lead_to_the_key_of_fields(lines: tuple[str, ...]) -> None:
    assert _first(PostalAddress(lines=lines)) == "fr|35000|rue foch|12|dupont|j"


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (("12 rue Foch", "35000 Rennes"), "fr|35000|rue foch|12"),
        (("12 rue Foch", "Résidence X", "35000 Rennes"), "fr|35000|rue foch|12"),
        (("rue Foch", "Bât B", "35000 Rennes"), "fr|35000|rue foch|"),
        (("Jean Dupont", "Bahnhofstr. 5", "CH-8001 Zürich"), "ch|8001|bahnhofstrasse|5|dupont|j"),
        (
            ("Jean Dupont", "5 rue Foch", "1000 Bruxelles", "BELGIQUE"),
            "be|1000|rue foch|5|dupont|j",
        ),
        (("J Dupont", "10 High St", "London SW1A 1AA", "UK"), "gb|sw1a1aa|street high|10|dupont|j"),
    ],
)
def test_lines_tell_the_person_and_the_country(lines: tuple[str, ...], key: str) -> None:
    country = "GB" if lines[-1] == "UK" else ""
    known_lines = tuple(line for line in lines if line != "UK")
    assert _first(PostalAddress(lines=known_lines, country=country)) == key


def test_fields_beside_lines_win() -> None:
    address = PostalAddress(
        name="Paul Roux", postcode="56000", lines=("1 rue Foch", "35000 Rennes")
    )
    assert _first(address) == "fr|56000|rue foch|1|roux|p"


@pytest.mark.parametrize("field", ["street", "line1", "line2"])
def test_lines_beside_a_street_are_refused(field: str) -> None:
    lines = ("Jean Dupont", "1 rue Foch", "35000 Rennes")
    assert _first(PostalAddress(lines=lines, **{field: " "}))
    with pytest.raises(IdentifierParseError, match="Send either") as refused:
        _first(PostalAddress(lines=lines, **{field: "5 rue Hugo"}))
    assert refused.value.code == "malformed"


@pytest.mark.parametrize("lines", [("Jean Dupont", "12 rue Foch"), ("", " "), ("35000",), ("x",)])
def test_lines_without_a_postcode_are_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(IdentifierParseError) as refused:
        _first(PostalAddress(lines=lines))
    assert refused.value.code == "malformed"


def _first(address: PostalAddress) -> str:
    return postal_texts(address, "FR")[0].text


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (
            ("M. Jean Dupont", "Mme Marie Durand", "1 rue Foch"),
            "M. Jean Dupont et Mme Marie Durand",
        ),
        (("Jean Dupont &", "Marie Durand", "1 rue Foch"), "Jean Dupont et Marie Durand"),
        (("Jean Dupont", "et Durand", "1 rue Foch"), "Jean Dupont et Durand"),
        (
            ("Jean Dupont", "Mme Marie Durand", "1 rue Foch"),
            "Jean Dupont et Mme Marie Durand",
        ),
        (
            ("Jean Dupont", "Marie Durand", "Paul Roux", "Anne Petit"),
            "Jean Dupont et Marie Durand et Paul Roux",
        ),
        (("Jean Dupont", "Résidence Les Pins", "1 rue Foch"), ""),
        (("Société Exemple", "M. Jean Dupont", "1 rue Foch"), ""),
        (("1 rue Foch", "Marie Durand", "35000 Rennes"), ""),
        (("Jean Dupont", "Place Marie Durand", "35000 Rennes"), ""),
        (("",), ""),
    ],
)
def test_names_on_lines_of_their_own_are_a_couples(lines: tuple[str, ...], names: str) -> None:
    assert _couple(PostalAddress(lines=lines)) == names


def test_more_people_than_are_read_are_those_of_the_first_line() -> None:
    names = ("M. Jean et Paul et Louis Dupont et", "Mme Anne et Rose et Claire et Zoe Durand")
    below = ("1 rue Foch", "35000 Rennes")
    first = PostalAddress(lines=(names[0], *below))
    texts = postal_texts(PostalAddress(lines=names + below), "FR", consent=True)
    assert texts == postal_texts(first, "FR", consent=True)


def test_a_name_in_its_field_is_all_the_names() -> None:
    assert _couple(PostalAddress(name="Jean Dupont", lines=("Mme Roux", "M. Roux"))) == ""


def test_a_couple_on_two_lines_of_the_name_leaves_the_street_as_it_is() -> None:
    address = PostalAddress(
        name="M. Jean Dupont\nMme Marie Durand", street="Le Bourg", postcode="35000"
    )
    assert couple_on_lines(address, address) == ("M. Jean Dupont et Mme Marie Durand", address)


def test_both_of_a_couple_are_among_the_forms_the_first_line_first() -> None:
    address = PostalAddress(lines=("Jean Dupont et", "Marie Durand", "1 rue Foch", "35000 Rennes"))
    texts = [text.text for text in postal_texts(address, "FR") if text.use.is_stored]
    key = "fr|35000|rue foch|1"
    assert texts[0] == f"{key}|dupontet|j"
    assert {f"{key}|dupont|j", f"{key}|durand|m"} < set(texts)


def _couple(address: PostalAddress) -> str:
    """Return the names of a couple on several lines."""
    return couple_on_lines(address, address)[0]


@pytest.mark.parametrize(
    ("lines", "houses", "person"),
    [
        (("VILLA Jean", "12 rue Foch"), ["rue foch|12"], "rue foch|12|villa|j"),
        (("PLACE Nguyen", "12 rue Foch"), ["rue foch|12"], "rue foch|12|place|n"),
        (("VILLA Jean", "Le Bourg"), ["villa jean|", "bourg|"], "bourg||villa|j"),
        (("Cours Anne Marie", "3 rue Foch"), ["rue foch|3"], "rue foch|3|cours|a"),
    ],
)
def test_a_surname_that_is_a_kind_of_street_is_read_in_both_ways(
    lines: tuple[str, ...], houses: list[str], person: str
) -> None:
    texts = postal_texts(PostalAddress(lines=(*lines, "35000 Rennes")), "FR")
    keys = {text.text.removeprefix("fr|35000|"): text for text in texts}
    assert [
        key for key, text in keys.items() if text.label is MatchKeyLabel.WHOLE_ADDRESS
    ] == houses
    assert keys[person].use is KeyUse.BOTH
    assert texts[0].label is MatchKeyLabel.WHOLE_ADDRESS


@pytest.mark.parametrize(
    "lines",
    [
        ("Place de la Mairie", "12 rue Foch"),
        ("VILLA Jean",),
        ("rue Foch", "B\u00e2t B"),
        ("Avenue Paul Albert Jean Foch", "12 rue Foch"),
        ("12 VILLA Jean", "12 rue Foch"),
        ("Villa Foch", "Le Bourg"),
        ("VILLA Jean", "cedex"),
    ],
)
def test_what_is_no_name_names_nobody(lines: tuple[str, ...]) -> None:
    texts = postal_texts(PostalAddress(lines=(*lines, "35000 Rennes")), "FR")
    assert {text.label for text in texts} == {MatchKeyLabel.WHOLE_ADDRESS}


def test_a_surname_beside_its_name_is_a_street() -> None:
    address = PostalAddress(name="Jean Roux", lines=("VILLA Jean", "12 rue Foch", "35000 Rennes"))
    assert not [text for text in postal_texts(address, "FR") if "|villa|" in text.text]


@pytest.mark.parametrize(
    "lines",
    [
        ("Jean Dupont", "12 rue Foch, 35000 Rennes"),
        ("Jean Dupont", "12 rue Foch 35000 Rennes"),
        ("Jean Dupont, 12 rue Foch 35000 Rennes",),
        ("Jean Dupont", "R\u00e9sidence Les Pins, 12 rue Foch, 35000 Rennes", "France"),
    ],
)
def test_a_postcode_behind_the_street_is_found(lines: tuple[str, ...]) -> None:
    assert _first(PostalAddress(lines=lines)) == "fr|35000|rue foch|12|dupont|j"


@pytest.mark.parametrize(
    "first", ["R\u00e9sidence Les Pins", "B\u00e2t. A", "HLM Les Pins", "Hameau de Kerbihan"]
)
def test_a_residence_on_the_first_line_names_nobody(first: str) -> None:
    texts = postal_texts(PostalAddress(lines=(first, "12 rue Foch", "35000 Rennes")), "FR")
    assert [text.text for text in texts if text.use.is_stored] == ["fr|35000|rue foch|12"]
    assert texts[0].label is MatchKeyLabel.WHOLE_ADDRESS


def test_what_0_9_0_stored_under_a_residence_is_asked() -> None:
    lines = ("R\u00e9sidence Les Pins", "12 rue Foch", "35000 Rennes")
    lookups = [text.text for text in postal_texts(PostalAddress(lines=lines), "FR")]
    assert "fr|35000|rue foch|12|pins|r" in lookups


@pytest.mark.parametrize("first", ["Immeuble Jean", "Jean Lot"])
def test_a_name_with_a_known_first_name_is_a_persons(first: str) -> None:
    texts = postal_texts(PostalAddress(lines=(first, "12 rue Foch", "35000 Rennes")), "FR")
    assert texts[0].label is MatchKeyLabel.PERSON


@pytest.mark.parametrize(
    "address",
    [
        PostalAddress(
            lines=("SARL X", "\u00e0 l'attention de M. Jean Dupont", "12 rue Foch", "35000 Rennes")
        ),
        PostalAddress(
            name="SARL X", street="12 rue Foch", line1="Attn: Jean Dupont", postcode="35000"
        ),
    ],
)
def test_the_person_in_a_firm_is_stopped_too(address: PostalAddress) -> None:
    texts = postal_texts(address, "FR", consent=True)
    stored = [text.text for text in texts if text.use.is_stored]
    assert stored[0] == "fr|35000|rue foch|12|x|firm"
    assert "fr|35000|rue foch|12|dupont|j" in stored
    assert not any(text.label is MatchKeyLabel.PERSON_FULL for text in texts)


def test_a_crowd_behind_a_firm_is_nobody() -> None:
    crowd = "Attn: " + " et ".join(["Jean Dupont"] * 7)
    address = PostalAddress(name="SARL X", street="12 rue Foch", line1=crowd, postcode="35000")
    assert _first(address) == "fr|35000|rue foch|12|x|firm"


@pytest.mark.parametrize(
    "lost",
    [
        {"name": "Jean Dup\ufffdnt"},
        {"street": "12 rue F\ufffdch"},
        {"city": "Saint-\ufffdtienne"},
        {"postcode": "3500\ufffd"},
    ],
    ids=lambda lost: next(iter(lost)),
)
def test_a_plain_address_that_lost_a_character_is_refused_in_each_field(
    lost: dict[str, Any],
) -> None:
    plain = PostalAddress(name="Jean Dupont", street="12 rue Foch", postcode="35000", city="Rennes")
    with pytest.raises(IdentifierParseError, match="A character was lost"):
        postal_texts(dataclasses.replace(plain, **lost), "FR")
