"""A couple's stop denies both people, however a form, a field, an address or a file names them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import pytest
from flask import Flask

from tests.api import Api
from tests.importing import Imports

TOWN = {"postcode": "35000", "city": "Rennes"}
JEAN, MARIE = "Jean Martin", "Marie Durand"


def _decisions(api: Api, street: str) -> list[str]:
    return [api.decision("post", TOWN | {"street": street, "name": name}) for name in (JEAN, MARIE)]


@pytest.mark.parametrize("street", ["Le Bourg", "Lieu-dit Kerjean", "12 rue Foch"])
@pytest.mark.parametrize(
    "names",
    [
        ("M. Jean Martin", "Mme Marie Durand"),
        ("M. Jean Martin et", "Mme Marie Durand"),
        ("Jean Martin", "Mme Marie Durand"),
        ("Marie Durand", "Jean Martin"),
    ],
)
def test_a_couple_on_two_lines_lives_at_the_line_below(
    api: Api, names: tuple[str, ...], street: str
) -> None:
    """Without a house number, the second name was read as the street, so nobody was stopped."""
    lines = [*names, street, "35000 Rennes"]
    assert api.stop("postal", {"lines": lines}).status_code == 201
    assert _decisions(api, street) == ["deny", "deny"]
    assert api.decision("post", {"lines": lines}) == "deny"


def test_a_stop_by_fields_denies_the_couple_on_two_lines(api: Api) -> None:
    api.stop("postal", TOWN | {"street": "Le Bourg", "name": f"{JEAN} et {MARIE}"})
    lines = ["M. Jean Martin", "Mme Marie Durand", "Le Bourg", "35000 Rennes"]
    assert api.decision("post", {"lines": lines}) == "deny"


@pytest.mark.parametrize("between", ["; ", ", ", " - "])
def test_a_surname_that_is_a_first_name_too_is_a_surname(api: Api, between: str) -> None:
    """With a surname like Martin, Bernard or Thomas, neither of the two was stopped."""
    name = f"Jean Martin{between}Mme Marie Durand"
    assert api.stop("postal", TOWN | {"street": "12 rue Foch", "name": name}).status_code == 201
    assert _decisions(api, "12 rue Foch") == ["deny", "deny"]


def test_a_surname_and_two_first_names_are_one_person(api: Api) -> None:
    """Otherwise the person's own release, in another writing, would not lift the stop."""
    address = TOWN | {"street": "12 rue Foch"}
    api.stop("postal", address | {"name": "Martin, Jean Michel"})
    api.release(
        "postal", address | {"name": "Jean Michel Martin"}, channels=["post"], reasons=["objection"]
    )
    assert api.decision("post", address | {"name": "Martin, Jean Michel"}) == "allow"


@pytest.mark.parametrize("name", ["M. Jean Martin\nMme Marie Durand", "Jean Martin\nMarie Durand"])
def test_a_couple_on_two_lines_of_one_cell(app: Flask, api: Api, name: str) -> None:
    row: Mapping[str, str] = TOWN | {"street": "12 rue Foch", "name": name}
    file = io.StringIO()
    writer = csv.DictWriter(file, row, delimiter=";")
    writer.writeheader()
    writer.writerow(row)
    Imports(app).apply(file.getvalue())
    assert _decisions(api, "12 rue Foch") == ["deny", "deny"]
