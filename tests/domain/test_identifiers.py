"""Identifiers: what is joined, what is kept apart, what is refused."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.email import canonical_email
from suppression.domain.identifiers.forms import Digest, PostalAddress
from suppression.domain.identifiers.hashed import raw_sha256
from suppression.domain.identifiers.phone import canonical_phone
from suppression.domain.identifiers.postal import canonical_postal
from suppression.domain.identifiers.reading import read_identifier
from suppression.domain.vocabulary import Kind


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  Jean.Dupont@Example.FR\n", "jean.dupont@example.fr"),
        ("\u200bjean@example.fr\ufeff", "jean@example.fr"),
        ("mailto:jean@example.fr?subject=x", "jean@example.fr"),
        ("MAILTO:jean%2Bshop@example.fr", "jean+shop@example.fr"),
        ('"Dupont, Jean" <jean@example.fr>', "jean@example.fr"),
        ("valéry@example.fr", "valéry@example.fr"),
        ("vale\u0301ry@example.fr", "valéry@example.fr"),
        ("contact@société.fr", "contact@xn--socit-esab.fr"),
        ("contact@XN--SOCIT-ESAB.fr.", "contact@xn--socit-esab.fr"),
        ("jean..dupont.@example.fr", "jean..dupont.@example.fr"),
        ("jean@under_score.example", "jean@under_score.example"),
        ("jean@-é_.example", "jean@xn---_-bja.example"),
        ("root@localhost", "root@localhost"),
        ('"jean dupont"@example.fr', '"jean dupont"@example.fr'),
        ("o'brien!#$%&*/=?^`{|}~@example.fr", "o'brien!#$%&*/=?^`{|}~@example.fr"),
    ],
)
def test_every_spelling_of_an_email_leads_to_one(text: str, canonical: str) -> None:
    assert canonical_email(text) == canonical


@pytest.mark.parametrize(
    "text", ["", "@", "jean", "jean@", "@example.fr", "a b@example.fr", "a@b@c", "a@b,c@d", "a@.fr"]
)
def test_what_is_no_email_is_refused(text: str) -> None:
    with pytest.raises(UnreadableIdentifierError) as refused:
        canonical_email(text)
    assert refused.value.code == "malformed"


@given(st.emails())
def test_canonical_twice_is_canonical_once_for_emails(text: str) -> None:
    once = canonical_email(text)
    assert canonical_email(once) == once


@given(st.text(max_size=80))
def test_no_text_at_all_breaks_an_email(text: str) -> None:
    try:
        once = canonical_email(text)
    except UnreadableIdentifierError:
        return
    assert canonical_email(once) == once


@pytest.mark.parametrize(
    ("text", "region", "canonical"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06.12.34.56.78", "FR", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "FR", "+33612345678"),
        ("0033612345678", "FR", "+33612345678"),
        ("0692 12 34 56", "FR", "+262692123456"),
        ("0696 12 34 56", "FR", "+596696123456"),
        ("06 12 34 56 78", "RE", "+33612345678"),
        ("+44 20 7946 0018", "FR", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("01 99 00 00 01", "FR", "+33199000001"),
        ("tel:+33612345678", "FR", "+33612345678"),
    ],
)
def test_every_spelling_of_a_number_leads_to_e164(text: str, region: str, canonical: str) -> None:
    assert canonical_phone(text, region) == canonical


@pytest.mark.parametrize("text", ["", "12", "abc", "+", "+999 123", "0" * 30])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableIdentifierError):
        canonical_phone(text, "FR")


@pytest.mark.parametrize(
    "other",
    [
        {"name": "DUPONT Jean"},
        {"name": "jean  dupont"},
        {"street": "12, RUE DE L'EGLISE"},
        {"street": "12 rue de l\u2019église"},
        {"postcode": "75 011"},
        {"city": "PARIS 11"},
        {"country": "FR"},
    ],
)
def test_other_spellings_of_an_address_are_joined(other: dict[str, str]) -> None:
    one = {"name": "Jean Dupont", "street": "12 rue de l'Église", "postcode": "75011"}
    assert canonical_postal(_address(one), "FR") == canonical_postal(
        _address({**one, **other}), "FR"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Marie Dupont"},
        {"street": "12 bis rue de l'Église"},
        {"street": "13 rue de l'Église"},
        {"street": "12 place de l'Église"},
        {"postcode": "75012"},
        {"country": "BE"},
    ],
)
def test_other_addresses_are_kept_apart(other: dict[str, str]) -> None:
    one = {"name": "Jean Dupont", "street": "12 rue de l'Église", "postcode": "75011"}
    assert canonical_postal(_address(one), "FR") != canonical_postal(
        _address({**one, **other}), "FR"
    )


def test_lines_and_fields_of_an_address_are_joined() -> None:
    lines = ("Jean Dupont", "Appartement 4", "12 rue de l'Église", "75011 PARIS")
    fields = PostalAddress(name="Jean Dupont", street="12 rue de l'Église", postcode="75011")
    assert canonical_postal(PostalAddress(lines=lines), "FR") == canonical_postal(fields, "FR")


def test_the_same_hash_is_read_in_hex_and_in_base64() -> None:
    raw = bytes(range(32))
    spellings = [raw.hex(), raw.hex().upper(), base64.b64encode(raw).decode()]
    spellings.append(base64.urlsafe_b64encode(raw).decode().rstrip("="))
    assert {raw_sha256(one) for one in spellings} == {raw}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ab" * 31,
        "zz" * 32,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ],
)
def test_what_is_no_hash_of_anything_is_refused(text: str) -> None:
    with pytest.raises(UnreadableIdentifierError):
        read_identifier(Kind.EMAIL, Digest(sha256=text), region="FR")


def _address(fields: dict[str, str]) -> PostalAddress:
    return PostalAddress(**fields)  # type: ignore[arg-type]  # `lines` is not among them
