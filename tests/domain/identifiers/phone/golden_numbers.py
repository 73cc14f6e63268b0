"""Print how libphonenumber reads the kinds of numbers that French lists contain.

After an upgrade run `python -m tests.domain.identifiers.phone.golden_numbers` and write its output
to tests/vectors/phones.csv: its diff shows the numbers that the upgrade reads otherwise. The old
E.164 of each of them must go into the renumbering table, or its stop is lost.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator

import phonenumbers

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.phone.parsing import parse_e164

HEADER = ("text", "region", "e164")
_PREFIXES = [f"0{first}{second}" for first in range(1, 10) for second in range(10)]
_REGIONS = [
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
    "GB",
    "ES",
    "IT",
    "PT",
    "NL",
    "MA",
    "DZ",
    "TN",
    "SN",
    "CI",
    "BJ",
    "US",
    "CA",
    "BR",
]


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield the text, region and E.164 of each number; the last is "" if it cannot be read.

    There are three for each French and overseas prefix, and examples of other countries.
    """
    for text, region in _texts():
        yield text, region, _answer(text, region)


def _texts() -> Iterator[tuple[str, str]]:
    chance = random.Random(1996)
    for prefix in [
        *_PREFIXES,
        "0262",
        "0269",
        "0590",
        "0594",
        "0596",
        "0639",
        "0690",
        "0691",
        *("0692", "0693", "0694", "0696", "0697", "07090", "07091", "07092", "07093", "07094"),
    ]:
        for _ in range(3):
            missing = 10 - len(prefix)
            yield prefix + "".join(chance.choices("0123456789", k=missing)), "FR"
    for region in _REGIONS:
        for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
            example = phonenumbers.example_number_for_type(region, kind)
            if example:
                national = phonenumbers.PhoneNumberFormat.NATIONAL
                yield phonenumbers.format_number(example, national), region


def _answer(text: str, region: str) -> str:
    try:
        return parse_e164(text, region)
    except IdentifierParseError:
        return ""


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows())
