"""A stop denies whether its street is written plainly or as exports write it.

Exports write `R` for `rue`, a spreadsheet's apostrophe, or words before `12`. A stop in either
writing was an allow for the other. When the number was lost, or `au` was read as the street, the
release of one house lifted the stop of another.
"""

from __future__ import annotations

import pytest

from tests.api import Api

JEAN = {"name": "Jean Dupont", "postcode": "35000", "city": "Rennes"}
WRITINGS = {
    "12-14 R VICTOR HUGO": "14 rue Victor Hugo",
    "15 R FBG ST ANTOINE": "15 rue du Faubourg Saint-Antoine",
    "12 R CHEMIN VERT": "12 rue du Chemin Vert",
    "'12 rue Victor Hugo": "12 rue Victor Hugo",
    "Au 12, rue Victor Hugo": "12 rue Victor Hugo",
    "12/B rue Victor Hugo": "12 bis rue Victor Hugo",
    "12 a 14, rue Victor Hugo": "14 rue Victor Hugo",
    "12 rue Victor Hugo (Lieu-dit Le Roc)": "12 rue Victor Hugo",
    "12 rue Victor Hugo Bureau 12": "12 rue Victor Hugo",
    "12 rue Victor Hugo, 2e": "12 rue Victor Hugo",
    "num. 3, 5 R VICTOR HUGO": "5 rue Victor Hugo",
}


@pytest.mark.parametrize(("written", "plain"), WRITINGS.items())
def test_either_way_denies(api: Api, written: str, plain: str) -> None:
    api.stop("postal", JEAN | {"street": written})
    assert api.decision("post", JEAN | {"street": plain}) == "deny"
    paul = JEAN | {"name": "Paul Roux"}
    api.stop("postal", paul | {"street": plain})
    assert api.decision("post", paul | {"street": written}) == "deny"


@pytest.mark.parametrize(
    ("stopped", "released"),
    [
        ("'12, rue Victor Hugo", "'14, rue Victor Hugo"),
        ("Au 12, rue Victor Hugo", "Au 12, avenue Foch"),
        ("- 12, rue Victor Hugo", "- 14, rue Victor Hugo"),
        ("12-14 R VICTOR HUGO", "12-14 AV VICTOR HUGO"),
        ("12 R CHEMIN VERT", "12 chemin Vert"),
    ],
)
def test_the_release_of_another_house_lifts_no_stop(api: Api, stopped: str, released: str) -> None:
    api.stop("postal", JEAN | {"street": stopped})
    answer = api.release(
        "postal", JEAN | {"street": released}, channels=["post"], reasons=["objection"]
    )
    assert answer.get_json()["released"] == []
    assert api.decision("post", JEAN | {"street": stopped}) == "deny"


def test_a_district_in_roman_figures_is_its_postcode(api: Api) -> None:
    api.stop("postal", JEAN | {"street": "12 rue Foch", "postcode": "75000", "city": "Paris XIIe"})
    paris = JEAN | {"street": "12 rue Foch", "postcode": "75012", "city": "Paris"}
    assert api.decision("post", paris) == "deny"
    assert api.decision("post", paris | {"postcode": "75011"}) == "allow"
