from __future__ import annotations

import random
from collections.abc import Iterator

import phonenumbers
import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.phone.fast_path import fast_e164
from suppression.domain.identifiers.phone.parsing import canonical_phone, parse_e164
from tests.length import length

REGIONS = [
    "FR",
    "RE",
    "GP",
    "MQ",
    "GF",
    "YT",
    "PM",
    "BE",
    "CH",
    "LU",
    "DE",
    "AT",
    "GB",
    "IE",
    "ES",
    "PT",
    "IT",
    "NL",
    "DK",
    "SE",
    "NO",
    "FI",
    "PL",
    "CZ",
    "SK",
    "HU",
    "RO",
    "BG",
    "GR",
    "RU",
    "TR",
    "US",
    "CA",
    "MX",
    "BR",
    "AR",
    "MA",
    "DZ",
    "TN",
    "SN",
    "CI",
    "BJ",
    "CM",
    "IL",
    "AU",
    "NZ",
    "JP",
    "IN",
]
NUMBERS = length(40_000, long=200_000)
SEED = 20_260_811


def test_the_quick_way_answers_as_libphonenumber_does() -> None:
    assert wrong(NUMBERS, SEED) == []


def test_the_quick_way_is_taken_for_clean_french_numbers() -> None:
    texts = ["0612345678", "06 12 34 56 78", "+33612345678", "0033 7 51 23 45 67", "01.42.68.53.00"]
    assert all(fast_e164(text, "FR") for text in texts)


@pytest.mark.parametrize("text", ["+44 0 7912 345678", "+7 8 812 1234567", "+33 06 12 34 56 78"])
def test_a_trunk_digit_behind_the_country_code_is_not_clean(text: str) -> None:
    assert fast_e164(text, "FR") is None
    assert canonical_phone(text, "FR") == parse_e164(text, "FR")


def wrong(count: int, seed: int) -> list[tuple[str, str]]:
    """Return the generated numbers, of any seed, that the fast path reads otherwise."""
    differing = []
    quick = 0
    for text, region in generated(count, seed):
        answer = fast_e164(text, region)
        if answer is None:
            continue
        quick += 1
        if answer != _long_way(text, region):
            differing.append((text, region))
    assert quick > count / 10
    return differing


def generated(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield numbers of all regions and writings, valid or not, with a region to read them in."""
    chance = random.Random(seed)
    for at in range(count):
        region = REGIONS[at % len(REGIONS)] if at % 2 else "FR"
        code = str(phonenumbers.country_code_for_region(region))
        national = _national(chance, region)
        text = chance.choice(_WRITINGS).format(code=code, trunk="0", national=national)
        yield _spaced(chance, text), region if chance.random() < 0.8 else chance.choice(REGIONS)


_WRITINGS = (
    *("{trunk}{national}", "+{code}{national}", "00{code}{national}", "{national}"),
    *("+{code}{trunk}{national}", "+{code}8{national}", "{code}{national}", "+{code}(0){national}"),
)


def _national(chance: random.Random, region: str) -> str:
    """Return the digits of a national number: half of them like a real number, half random."""
    digits = "".join(chance.choices("0123456789", k=chance.choice((8, 9, 9, 9, 10, 11))))
    if chance.random() < 0.5:
        return digits
    example = phonenumbers.example_number_for_type(
        region, chance.choice((phonenumbers.PhoneNumberType.MOBILE, 0))
    )
    national = str(example.national_number) if example else digits
    keep = chance.randint(1, 4)
    return national[:keep] + "".join(chance.choices("0123456789", k=len(national) - keep))


def _spaced(chance: random.Random, text: str) -> str:
    separator = chance.choice(("", "", " ", ".", "-", "\u00a0", "/"))
    if not separator:
        return text
    size = chance.choice((2, 3))
    return separator.join(text[at : at + size] for at in range(0, len(text), size))


def _long_way(text: str, region: str) -> str:
    try:
        return parse_e164(text, region)
    except IdentifierParseError:
        return ""
