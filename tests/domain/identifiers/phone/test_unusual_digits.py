"""Phone numbers are read in the digits that spreadsheets, phones and other countries write."""

from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import KeyUse, MatchKeyLabel
from suppression.domain.identifiers.phone.candidates import number_with_code
from suppression.domain.identifiers.phone.parsing import canonical_phone, phone_texts


@pytest.mark.parametrize(
    "text",
    [
        "#31#0612345678",
        "*31#0612345678",
        "#31#+33612345678",
        "06'12'34'56'78",
        "06\u00b712\u00b734\u00b756\u00b778",
        "06:12:34:56:78",
        "06_12_34_56_78",
        "06,12,34,56,78",
        "06|12|34|56|78",
        "612345678.0",
        "612345678,00",
        "33612345678.0",
        "+33612345678.0",
        "3.3612345678E+10",
        "3,3612345678e10",
        '="0612345678"',
        "'0612345678'",
    ],
)
def test_what_spreadsheets_and_telephones_add_is_no_part_of_a_number(text: str) -> None:
    assert canonical_phone(text, "FR") == "+33612345678"


@pytest.mark.parametrize("text", ["3.36E+10", "3.4E+10", "6E+8", "3.361234567E+10"])
def test_a_number_that_was_rounded_is_refused(text: str) -> None:
    with pytest.raises(IdentifierParseError, match="rounded"):
        canonical_phone(text, "FR")


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("0033612345678", "KR", "+33612345678"),
        ("00 33 6 12 34 56 78", "HK", "+33612345678"),
        ("0033 (6) 12 34 56 78", "HK", "+33612345678"),
        ("0033612345678", "FR", "+33612345678"),
        ("4915123456789", "FR", "+4915123456789"),
        ("33612345678", "BE", "+33612345678"),
        ("612345678", "FR", "+33612345678"),
        ("468123456", "FR", "+33468123456"),
    ],
)
def test_digits_that_begin_with_a_country_code_are_read_so(
    text: str, region: str, number: str
) -> None:
    first, *others = phone_texts(text, region)
    assert first.text == number
    assert not any(other.use.is_stored for other in others)


@pytest.mark.parametrize(
    ("text", "region", "number", "national"),
    [
        ("4915123456789", "DE", "+4915123456789", "+494915123456789"),
        ("468123456", "SE", "+468123456", "+46468123456"),
    ],
)
def test_where_both_readings_are_valid_both_are_stored_and_the_two_together(
    text: str, region: str, number: str, national: str
) -> None:
    first, second, both = phone_texts(text, region)
    assert (first.text, first.label) == (number, MatchKeyLabel.E164)
    assert (second.text, second.label) == (national, MatchKeyLabel.READING)
    assert second.use is KeyUse.BOTH
    assert both[:3] == (MatchKeyLabel.EITHER, f"{number}|{national}", KeyUse.STORE)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("612345678 12", "FR"),
        ("612345678-12", "FR"),
        ("612345678 (12)", "FR"),
        ("612345678.12", "FR"),
        ("6 12 34 56 78 12", "FR"),
        ("6 12 34 56 78 1 2", "FR"),
        ("7 83 12 34 56 78", "FR"),
        ("692123456 12", "RE"),
        ("470123456 12", "BE"),
        ("415 555 2671 12", "US"),
    ],
)
def test_a_number_without_its_zero_and_more_digits_is_no_number_of_another_country(
    text: str, region: str
) -> None:
    with pytest.raises(IdentifierParseError):
        phone_texts(text, region)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("32 470 12 34 56", "+32470123456"),
        ("61 234 567 812", "+61234567812"),
        ("(61) 234567812", "+61234567812"),
        ("7 831 234 56 78", "+78312345678"),
        ("49 1512 3456789", "+4915123456789"),
    ],
)
def test_a_code_in_a_group_of_its_own_is_read_as_one(text: str, number: str) -> None:
    assert [form.text for form in phone_texts(text, "FR")] == [number]


def test_what_was_read_of_00_in_a_country_that_dials_otherwise_is_asked() -> None:
    assert ("+820033612345678", KeyUse.LOOKUP) in {
        (text.text, text.use) for text in phone_texts("0033612345678", "KR")
    }


@pytest.mark.parametrize("text", ["0508 41 23 45", "+33 508 41 23 45", "+508 41 23 45"])
def test_a_number_of_saint_pierre_is_its_own(text: str) -> None:
    assert [form.text for form in phone_texts(text, "FR")] == ["+508412345", "+33508412345"]


@pytest.mark.parametrize("text", ["0100000000", "1000000000", "0000000000000"])
def test_digits_that_are_valid_with_no_code_are_read_as_before(text: str) -> None:
    assert number_with_code(text, "BE") is None
