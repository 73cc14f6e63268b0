from __future__ import annotations

import pytest

from suppression.domain.controllers.branding import Branding, valid_contact, valid_resubscribe_url
from suppression.domain.controllers.contrast import (
    NIGHT,
    WHITE,
    contrast,
    readable_on,
    valid_colour,
)
from suppression.domain.errors import InvalidValueError


@pytest.mark.parametrize("colour", ["#1d4ed8", "#000000", "#767676", " #0F766E "])
def test_a_colour_on_which_white_can_be_read_is_taken(colour: str) -> None:
    assert valid_colour(colour) == colour.strip().lower()


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345", "#12345g", ""])
def test_what_is_no_colour_is_refused_with_an_example(colour: str) -> None:
    with pytest.raises(InvalidValueError, match="#1d4ed8"):
        valid_colour(colour)


def test_a_pale_colour_is_refused_and_a_darker_one_offered() -> None:
    with pytest.raises(InvalidValueError) as refused:
        valid_colour("#ffcc00")
    offered = refused.value.detail.rpartition(" ")[2].rstrip(".")
    assert valid_colour(offered) == offered


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert contrast("#ffffff", "#ffffff") == 1


@pytest.mark.parametrize("colour", ["#000000", "#00008b", "#1d4ed8", "#ffffff"])
def test_any_colour_can_be_read_in_the_dark(colour: str) -> None:
    assert contrast(readable_on(colour, NIGHT), NIGHT) >= 4.5


def test_white_on_white_ends_where_it_can_be_read() -> None:
    assert contrast(readable_on("#ffffff", WHITE), WHITE) >= 4.5


def test_on_a_paper_that_nothing_fits_the_far_end_is_the_best() -> None:
    assert readable_on("#777777", "#777777") in {"#000000", "#ffffff"}


@pytest.mark.parametrize("contact", ["", "  ", "a\nb", "x" * 121])
def test_a_contact_stands_on_one_short_line(contact: str) -> None:
    with pytest.raises(InvalidValueError):
        valid_contact(contact)


@pytest.mark.parametrize(
    ("contact", "email"),
    [
        ("dpo@okwind.example", "dpo@okwind.example"),
        ("DPO, 1 rue X, 44000 Nantes", ""),
        ("a@b.fr?subject=x", ""),
        ("", ""),
    ],
)
def test_only_a_plain_address_becomes_a_link(contact: str, email: str) -> None:
    assert Branding(dpo_contact=contact).dpo_email == email


@pytest.mark.parametrize(
    "url",
    [
        "http://okwind.example/",
        "https://okwind.example/a b",
        "https://user@okwind.example/",
        "https://localhost/",
        "javascript:alert(1)",
        f"https://okwind.example/{'x' * 200}",
    ],
)
def test_a_sign_up_page_that_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidValueError, match="resubscribe-url: use an https address"):
        valid_resubscribe_url(url)


def test_no_sign_up_page_is_none() -> None:
    assert valid_resubscribe_url(" ") == ""
