from __future__ import annotations

import pytest

from suppression.domain.consents.names_in_wording import contains_name, split_name
from suppression.domain.display_names import MAX_NAME, valid_name
from suppression.domain.errors import InvalidValueError


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "  ",
            "\u00a0",
            "ACME\r\nBcc: all",
            "ACME\x00",
            "ACME\u2028SA",
            "\u202eEMCA",
            "A" * 121,
        ),
        *("ACME\u200e", "AC\u200fME", "\u061cACME"),
    ],
    ids=[
        *("none", "spaces", "nbsp", "line", "nul", "separator", "turned", "long"),
        *("left mark", "right mark", "arabic mark"),
    ],
)
def test_a_name_of_no_line_or_of_several_is_refused_by_its_field(name: str) -> None:
    with pytest.raises(InvalidValueError, match=f"topic: use one line of 1 to {MAX_NAME}"):
        valid_name(name, field="topic")


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 201, "12345", "A et B et C et D et E et F et G", "ACME SARL"]
)
def test_what_is_no_persons_name_is_told_by_no_text(name: str) -> None:
    assert not contains_name(f"M. {name} accepte", name)


@pytest.mark.parametrize(
    ("text", "contained"),
    [
        ("J. Dupont accepte", True),
        ("Dupont J accepte", True),
        ("accepte, Dupont, le 3 mai Jean", True),
        ("j'accepte de Martin", False),
        ("un pont", False),
    ],
)
def test_a_surname_is_told_with_a_first_name_or_an_initial(text: str, *, contained: bool) -> None:
    assert contains_name(text, "Jean Dupont") is contained


@pytest.mark.parametrize(
    ("text", "name", "contained"),
    [
        ("Je soussigné Jean-Pierre DUPONT accepte", "M. Jean-Pierre Dupont", True),
        ("Dupont, Jean Pierre, accepte", "Jean-Pierre Dupont", True),
        ("Marie de La Fontaine accepte", "Marie de La Fontaine", True),
        ("Jean accepte, Pierre aussi", "Jean-Pierre Dupont", False),
        ("Marie boit à la fontaine", "Marie de La Fontaine", False),
    ],
)
def test_names_of_several_words_are_told_too(text: str, name: str, *, contained: bool) -> None:
    assert contains_name(text, name) is contained


@pytest.mark.parametrize("address", ["Ana Silva", "ana@example.com", '"ana@example.com"'])
def test_nothing_is_beside_what_is_an_address_alone_or_none(address: str) -> None:
    assert split_name(address) == ""
