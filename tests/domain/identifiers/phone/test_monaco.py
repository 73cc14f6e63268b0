"""Many in Monaco have a French number: a national number there may be of either country."""

from __future__ import annotations

import pytest

from suppression.domain.identifiers.match_keys import KeyUse, MatchKeyLabel
from suppression.domain.identifiers.phone.parsing import phone_texts


@pytest.mark.parametrize("text", ["06 12 34 56 78", "0612345678"])
def test_a_number_that_both_countries_may_have_is_stopped_in_both(text: str) -> None:
    first, second, both = phone_texts(text, "MC")
    assert (first.text, second.text) == ("+377612345678", "+33612345678")
    assert (second.label, second.use) == (MatchKeyLabel.READING, KeyUse.BOTH)
    assert both[:3] == (MatchKeyLabel.EITHER, f"{first.text}|{second.text}", KeyUse.STORE)


@pytest.mark.parametrize("text", ["04 93 12 34 56", "01 40 20 50 50"])
def test_a_number_that_only_france_has_is_french_and_asked_as_before(text: str) -> None:
    first, *others = phone_texts(text, "MC")
    national = first.text.removeprefix("+33")
    assert text.replace(" ", "") == f"0{national}"
    assert [(other.text, other.use) for other in others] == [(f"+377{national}", KeyUse.LOOKUP)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("93 30 12 34", "+37793301234"),
        ("+33612345678", "+33612345678"),
        ("+377 612345678", "+377612345678"),
        ("33612345678", "+33612345678"),
    ],
)
def test_other_numbers_of_monaco_have_one_reading(text: str, number: str) -> None:
    assert [form.text for form in phone_texts(text, "MC")] == [number]


def test_the_former_code_of_metropolitan_france_is_france() -> None:
    for text in ("06 12 34 56 78", "0692 12 34 56", "06 12 34 56 78 (dom)"):
        assert phone_texts(text, "FX") == phone_texts(text, "FR")
