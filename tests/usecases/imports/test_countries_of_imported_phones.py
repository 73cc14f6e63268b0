"""A phone number of a file is read in the country that its row names, or not at all."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api import Api
from tests.importing import Imports, listed

ANNA = "anna.martin@example.fr"
NATIONAL = "0470 12 34 57"
OURS, THEIRS = "+33470123457", "+32470123457"


@pytest.mark.parametrize("country", ["Belgie / Belgique", "Nowhere", "32", "+999"])
def test_a_national_number_of_an_unknown_country_stops_no_stranger(
    imports: Imports, api: Api, app: Flask, country: str
) -> None:
    import_ = imports.apply(f"telephone;pays\n{NATIONAL};{country}\n")
    (fault,) = imports.faults(import_)
    assert (fault.column, fault.reason) == ("country", "identifier_unreadable")
    assert country not in fault.change
    assert listed(app) == []
    assert api.decision("sms", OURS) == "allow"


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+32 470 12 34 57", "Belgie / Belgique"),
        (NATIONAL, "Belgique"),
        (NATIONAL, "+32"),
        (NATIONAL, "0032"),
    ],
)
def test_a_number_whose_country_is_known_is_stopped_there(
    imports: Imports, api: Api, number: str, country: str
) -> None:
    import_ = imports.apply(f"telephone;pays\n{number};{country}\n")
    assert imports.faults(import_) == []
    assert [api.decision("sms", number) for number in (OURS, THEIRS)] == ["allow", "deny"]


def test_a_number_that_is_not_stopped_loses_no_row(imports: Imports, api: Api) -> None:
    text = f"email;telephone;pays\n{ANNA};{NATIONAL};Nowhere\n"
    import_ = imports.apply(text, channels="email")
    assert imports.faults(import_) == []
    assert api.decision("email", ANNA) == "deny"


@pytest.fixture
def imports(app: Flask, api: Api, seen: set[str]) -> Imports:
    assert api.key
    seen.update({ANNA, NATIONAL, OURS, THEIRS})
    return Imports(app)
