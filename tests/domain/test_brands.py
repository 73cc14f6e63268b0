from __future__ import annotations

import pytest

from suppression.domain.brands import MAX_LOGO, Brand, valid_contact, valid_logo
from suppression.domain.colours import NIGHT, WHITE, contrast, readable_on, valid_colour
from suppression.domain.errors import InvalidValueError

PNG = b"\x89PNG\r\n\x1a\n"


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


@pytest.mark.parametrize(
    "content",
    [b"<svg/>" + b" ", b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="">', b"\n<svg viewBox=''>"],
)
def test_an_svg_is_known_by_its_beginning(content: bytes) -> None:
    assert valid_logo(content.replace(b"<svg/>", b"<svg >")).media_type == "image/svg+xml"


def test_a_png_is_known_by_its_first_bytes() -> None:
    assert valid_logo(PNG).media_type == "image/png"


@pytest.mark.parametrize("content", [b"GIF89a", b"<html><svg></html>", b""])
def test_other_pictures_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidValueError, match="PNG or an SVG"):
        valid_logo(content)


def test_a_logo_too_heavy_for_a_page_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="at most"):
        valid_logo(PNG + bytes(MAX_LOGO))


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
    assert Brand(dpo_contact=contact).dpo_email == email
