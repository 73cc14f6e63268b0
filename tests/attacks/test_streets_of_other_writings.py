"""A stop in one writing of a street denies the plain writing, and the other way round.

Words before the house number, or after the street, were read as part of it, so both directions were
an allow. Some writings were read as another house number.
"""

from __future__ import annotations

import pytest

from tests.api import Api

JEAN = {"name": "Jean Dupont", "postcode": "35000", "city": "Rennes"}
WRITINGS = {
    "R\u00e9sidence Les Pins 12, rue Foch": "12 rue Foch",
    "BP 123 12 rue Foch": "12 rue Foch",
    "Centre social 12 rue Foch": "12 rue Foch",
    "12 rue Foch lieu-dit Le Bourg": "12 rue Foch",
    "12 rue Foch - Le Bourg": "12 rue Foch",
    "12 rue des 4 chemins b\u00e2t B": "12 rue des 4 chemins",
    "12-bis rue Foch": "12 bis rue Foch",
    "12 - 14 rue Foch": "14 rue Foch",
}


@pytest.mark.parametrize(("written", "plain"), WRITINGS.items())
def test_either_way_denies(api: Api, written: str, plain: str) -> None:
    api.stop("postal", JEAN | {"street": written})
    assert api.decision("post", JEAN | {"street": plain}) == "deny"
    paul = JEAN | {"name": "Paul Roux"}
    api.stop("postal", paul | {"street": plain})
    assert api.decision("post", paul | {"street": written}) == "deny"


@pytest.mark.parametrize(
    ("written", "another"),
    [
        ("BP 123 12 rue Foch", "BP 456 14 rue Foch"),
        ("B\u00e2t A 12, rue Foch", "B\u00e2t A 14, rue Foch"),
        ("12 rue des 4 chemins b\u00e2t B", "14 rue des 4 chemins b\u00e2t B"),
        ("R\u00e9sidence Les Pins 12, rue Foch", "R\u00e9sidence Les Pins 12, rue des Lilas"),
    ],
)
def test_another_door_stays_allowed(api: Api, written: str, another: str) -> None:
    api.stop("postal", JEAN | {"street": written})
    assert api.decision("post", JEAN | {"street": another}) == "allow"
