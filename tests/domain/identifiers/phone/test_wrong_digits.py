"""A number with a letter for a digit, or without a digit, is refused: it would be nobody's."""

from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.phone.parsing import phone_texts


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("01 40 20 50 8O", "FR"),
        ("06 12 34 56 7B", "FR"),
        ("06 12 34 S6 78", "FR"),
        ("06 12 34 S 6 78", "FR"),
        ("0l 40 20 50 80", "FR"),
        ("+32 47O 12 34 56", "FR"),
        ("+33 l 40 20 50 80", "FR"),
        ("004l 78 123 45 61", "FR"),  # +47 8123 4561 is somebody in Norway
        ("+4l 78 123 45 61", "FR"),
        ("+l 415 555 2671", "FR"),
        ("Tel. 004l 78 123 45 61", "FR"),
        ("OO33 6 12 34 56 78", "FR"),
        ("0o49 151 12345678", "DE"),
    ],
)
def test_a_wrong_digit_is_refused_with_what_to_do(text: str, region: str) -> None:
    """The stop is not lost: whoever sends it is told, and a check of the text allows nothing."""
    with pytest.raises(IdentifierParseError, match=r"digit|one phone number"):
        phone_texts(text, region)


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("O6 12 34 56 78", "FR", "+33612345678"),
        ("06 12 34 56 78b", "FR", "+33612345678"),
        ("06 12 34 56 78 (portable)", "FR", "+33612345678"),
        ("06 12 34 56 78 poste 12", "FR", "+33612345678"),
        ("+41 (0)78 123 45 61", "FR", "+41781234561"),
        ("07 00 12 34 56", "FR", "+33700123456"),
        ("0470 12 34 5", "BE", "+3247012345"),
        ("0470 12 34 5 ext. 12", "BE", "+3247012345"),
        ("06 698 12345", "IT", "+390669812345"),
        ("07 12 34 56", "CI", "+22507123456"),
    ],
)
def test_a_number_that_somebody_may_have_is_taken(text: str, region: str, number: str) -> None:
    assert phone_texts(text, region)[0].text == number
