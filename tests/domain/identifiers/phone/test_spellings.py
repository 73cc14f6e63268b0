from __future__ import annotations

import pytest
from phonenumbers import PhoneNumber

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import KeyUse
from suppression.domain.identifiers.phone.parsing import (
    canonical_phone,
    has_all_digits,
    phone_texts,
    stable_e164,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "12",
        "+",
        "0612",
        "06 12 34 56 78 / 06 98 76 54 32",
        "+999123456789",
        "06123456789",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(IdentifierParseError) as refused:
        canonical_phone(text, "FR")
    assert refused.value.code == "malformed"


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("0692 12 34 56", "FR", "+262692123456"),
        ("0692 12 34 56", "RE", "+262692123456"),
        ("06 12 34 56 78", "RE", "+33612345678"),
        ("06 12 34 56 78", "GP", "+33612345678"),
        ("0590 27 12 34", "FR", "+590590271234"),
        ("0596 50 12 34", "FR", "+596596501234"),
        ("0262 20 12 34", "FR", "+262262201234"),
        ("+33 692 12 34 56", "FR", "+262692123456"),
    ],
)
def test_overseas_numbers_belong_to_their_region(text: str, region: str, expected: str) -> None:
    assert canonical_phone(text, region) == expected


def test_a_number_that_is_possible_but_not_assigned_is_taken() -> None:
    assert canonical_phone("+33199000001", "FR") == "+33199000001"
    assert canonical_phone("01 99 00 00 01", "FR") == "+33199000001"


def test_a_national_number_needs_a_region_that_exists() -> None:
    with pytest.raises(IdentifierParseError):
        canonical_phone("0612345678", "XX")
    assert canonical_phone("+33612345678", "XX") == "+33612345678"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+22507123456", "+2250707123456"),
        ("+22545012345", "+2250545012345"),
        ("+22501234567", "+2250101234567"),
        ("+22520212223", "+2252720212223"),
        ("+22921301234", "+2290121301234"),
        ("+5215512345678", "+525512345678"),
        ("+551187654321", "+5511987654321"),
    ],
)
def test_a_renumbered_phone_is_asked_and_released_under_both_numbers(old: str, new: str) -> None:
    for number, other in ((old, new), (new, old)):
        texts = phone_texts(number, "FR")
        assert (texts[0].text, texts[0].use) == (number, KeyUse.BOTH)
        assert (other, KeyUse.ALIAS) in {(text.text, text.use) for text in texts[1:]}
        assert not any(text.use.is_stored for text in texts[1:])


def test_numbers_that_never_changed_have_one_form() -> None:
    for number in ("+33612345678", "+551132165432", "+447912345678"):
        assert len(phone_texts(number, "FR")) == 1


def test_trunk_zeros_are_taken_off_until_the_number_reads_as_itself() -> None:
    assert canonical_phone("+4400000000000", "FR") == canonical_phone("+440000000000", "FR")


def test_a_number_that_cannot_be_read_again_has_no_spelling() -> None:
    nowhere = PhoneNumber(country_code=999, national_number=12345678)
    assert stable_e164(nowhere) == ""


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("06 12 34 56 7", "FR"),  # possible under +33 with its 0, and nobody's
        ("06 12 34 5", "FR"),  # six digits are a number of Saint-Pierre
        ("0470 12 34", "BE"),
        ("abc", "FR"),
    ],
)
def test_a_person_who_leaves_a_digit_out_is_noticed(text: str, region: str) -> None:
    assert not has_all_digits(text, region)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("0692 12 34 56", "FR"),
        ("07 00 12 34 56", "FR"),  # not assigned, but whole
        ("02 99 12 34 56 poste 12", "FR"),
        ("41 12 34", "PM"),
        ("06 698 12345", "IT"),  # there the 0 belongs to the number
        ("97 12 34 56", "BJ"),  # as it was before the country renumbered
        ("+508 41 12 34", "FR"),
    ],
)
def test_a_whole_number_of_any_plan_is_believed(text: str, region: str) -> None:
    assert has_all_digits(text, region)


@pytest.mark.parametrize(
    ("text", "region", "number", "before"),
    [
        ("+41 78 123 45 67 dom", "FR", "+41781234567", "+41781234567366"),
        ("078 123 45 67 (p12)", "CH", "+41781234567", "+41078123456712"),
        ("Tel.: 0151 12345678 ab 18h", "DE", "+4915112345678", "+4915112345678"),
        ("33692123456", "RE", "+262692123456", "+33692123456"),
        ("0696 12 34 56", "FR", "+596696123456", "+33696123456"),
    ],
)
def test_a_number_is_asked_as_it_was_read_before_too(
    text: str, region: str, number: str, before: str
) -> None:
    first, *others = phone_texts(text, region)
    assert first.text == number
    certain = before.startswith("+33")
    assert {other.use for other in others} <= {KeyUse.ALIAS if certain else KeyUse.LOOKUP}
    assert before in {first.text, *(other.text for other in others)}


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("tel:+33-6-12-34-56-78", "FR", "+33612345678"),
        ("33612345678", "RE", "+33612345678"),
        ("06 12 34 56 78 poste 12", "FR", "+33612345678"),
    ],
)
def test_letters_that_are_the_number_stay(text: str, region: str, number: str) -> None:
    assert phone_texts(text, region)[0].text == number


def test_a_bare_33_is_read_where_33_may_be_meant_alone() -> None:
    with pytest.raises(IdentifierParseError):
        phone_texts("33692123456", "BE")


@pytest.mark.parametrize(
    "text",
    [
        "0612345678 ou 0144556677",
        "Tel 0612345678 Fax 0144556677",
        "0612345678 (pro 01 44 55 66 77)",
        "0612345678;0144556677",
        "+33612345678; 01 44 55 66 77",
        "0612345678\uff1b0144556677",
        "0612345678,,0144556677",
        "0612345678 ext. 0144556677",
        "tel:0612345678;isub=0144556677",
    ],
)
def test_two_numbers_in_one_text_are_refused(text: str) -> None:
    with pytest.raises(IdentifierParseError):
        canonical_phone(text, "FR")


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("06 12 34 5O6 78", "FR", "+33612345678"),
        ("0470 12 3O4 56", "FR", "+33470123456"),
        ("06 12 34 o56 78", "IT", "+390612345678"),
        ("040 12345o678", "DE", "+494012345678"),
    ],
)
def test_a_letter_between_digits_cuts_no_number_off(text: str, region: str, number: str) -> None:
    """The digits before the letter are a shorter number, which is another person's."""
    assert canonical_phone(text, region) == number


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("06 12 34 5é 78", "FR"),
        ("030 1234567é8", "DE"),
        ("+43 1 5134é567", "AT"),
        ("0698765 portable", "FR"),
        ("06 98 76 5? (smudge)", "FR"),
    ],
)
def test_a_number_that_was_cut_off_is_refused(text: str, region: str) -> None:
    with pytest.raises(IdentifierParseError):
        canonical_phone(text, region)


def test_hours_beside_a_number_are_no_number() -> None:
    assert canonical_phone("0612345678 entre 9h30 et 18h30", "FR") == "+33612345678"


@pytest.mark.parametrize(
    ("text", "region", "whole"),
    [
        ("06 12 34 56 78 (mobile)", "FR", True),
        ("06 12 34 56 78, merci", "FR", True),
        ("0692 12 34 56 portable", "FR", True),
        ("Portable : 06 12 34 56 78 (perso)", "FR", True),
        ("06 698 12345 (cell)", "IT", True),
        ("06 12 34 56 7 (mobile)", "FR", False),
        ("06 12 34 5 mobile", "FR", False),
        ("06 12 34 home", "FR", False),  # the letters are no digits: 06 12 34 46 63
        ("06 12 34 56 78 ou 06 12 34 56 79", "FR", False),
    ],
)
def test_words_behind_a_number_neither_hide_nor_add_digits(
    text: str, region: str, *, whole: bool
) -> None:
    assert has_all_digits(text, region) is whole
