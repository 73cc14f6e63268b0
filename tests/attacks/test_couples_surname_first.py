"""A stop that names people as customer files write them denies each of these people.

The fault: a customer file has the surname first, a comma after it, and two people in one field; a
mailing list has `M MME` side by side, a label without a colon, or a lost apostrophe. The stop was
answered 201, but one of the people was allowed.
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.api import Api
from tests.length import length

STREET = {"street": "12 rue Foch", "postcode": "35000", "city": "Rennes"}
JEAN, MARIE = "Jean Dupont", "Marie Durand"
FIRST = ["Jean DUPONT", "DUPONT Jean", "Dupont, Jean", "DUPONT JEAN", "M. J. Dupont", "J. Dupont"]
SECOND = ["DURAND Marie", "Durand, Marie", "Mme DURAND Marie", "MME DURAND MARIE", "Mme DURAND"]
COUPLES = [
    f"{first}{between}{second}"
    for first, second, between in product(FIRST, SECOND, [" ; ", " | ", "\n", " - ", ", "])
][:: length(7, long=1)]
OTHERS = [
    ("Martin, Jean ; Durand, Marie", ["Jean Martin", "Marie Durand"]),
    ("Petrova, Oksana ; Petrov, Dmytro", ["Oksana Petrova", "Dmytro Petrov"]),
    ("MR MME DUPONT JEAN", ["Jean Dupont", "Marie Dupont"]),
    ("M MME DUPONT JEAN", ["Jean Dupont", "Marie Dupont"]),
    ("Madame Monsieur DUPONT", ["Jean Dupont", "Marie Dupont"]),
    ("M D ORMESSON JEAN", ["Jean d'Ormesson"]),
    ("MME L HERMITE ANNE", ["Anne L'Hermite"]),
    ("D' ORMESSON Jean", ["Jean d'Ormesson"]),
    ("D`ORMESSON Jean", ["Jean d'Ormesson"]),
    ("ATTN M. JEAN DUPONT", [JEAN]),
    ("\u00c0 M. Jean Dupont", [JEAN]),
    ("Pour M. Jean Dupont", [JEAN]),
    ("Pour Jean Dupont", [JEAN]),
    ("\u00c0 l'att. de M. Jean Dupont", [JEAN]),
    ("MmeMarie Durand", [MARIE]),
    ("Jean, Dupont", [JEAN]),
    ("EI Jean DUPONT", [JEAN]),
    ("E.I. Jean DUPONT", [JEAN]),
    ("SARL Machin, M. Jean Dupont", [JEAN]),
    ("Jean DUPONT - SARL Machin", [JEAN]),
    ("SARL Machin (M. Jean DUPONT)", [JEAN]),
    ("M. et Mme DUPONT-DURAND", [JEAN, MARIE]),
    ("Mme DUPONT-DURAND", ["Marie Dupont", MARIE]),
    ("Famille DUPONT / MARTIN", [JEAN, "Paul Martin"]),
    ("Famille DUPONT - MARTIN", [JEAN, "Paul Martin"]),
    ("Mc Donald John", ["John Mac Donald"]),
]


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(
    ("name", "people"), [*((couple, [JEAN, MARIE]) for couple in COUPLES), *OTHERS]
)
def test_each_who_is_named_is_stopped(
    api: Api, name: str, people: list[str], *, back: bool
) -> None:
    stops, checks = (people, [name]) if back else ([name], people)
    for stopped in stops:
        assert api.stop("postal", STREET | {"name": stopped}).status_code in {200, 201}
    for checked in checks:
        assert api.decision("post", STREET | {"name": checked}) == "deny"


@pytest.mark.parametrize("first", ["DUPONT Jean", "Dupont, Jean", "DUPONT JEAN", "J. Dupont"])
@pytest.mark.parametrize("second", ["DURAND Marie", "Durand, Marie", "Mme DURAND Marie"])
def test_each_of_two_lines_is_stopped(api: Api, first: str, second: str) -> None:
    api.stop("postal", {"lines": [first, second, "12 rue Foch", "35000 Rennes"]})
    for person in (JEAN, MARIE):
        assert api.decision("post", STREET | {"name": person}) == "deny"


def test_a_letter_to_somebody_is_theirs(api: Api) -> None:
    api.stop("postal", {"lines": ["\u00c0 Monsieur Jean Dupont", "12 rue Foch", "35000 Rennes"]})
    assert api.decision("post", STREET | {"name": JEAN}) == "deny"


@pytest.mark.parametrize("name", ["Dupont, Jean ; Durand, Marie", "DUPONT Jean\nDURAND Marie"])
def test_a_couple_is_lifted_by_nobody_alone(api: Api, name: str) -> None:
    """Jean's release lifted the couple's stop, because only he was stored."""
    api.stop("postal", STREET | {"name": name})
    for alone in (JEAN, MARIE, "Jean Dupont-Durand"):
        assert _released(api, alone) == []
    assert api.decision("post", STREET | {"name": MARIE}) == "deny"
    assert len(_released(api, name)) == 1
    assert api.decision("post", STREET | {"name": MARIE}) == "allow"


@pytest.mark.parametrize(
    ("stopped", "other"),
    [
        ("M. et Mme Dupont", "M. et Mme DUPONT-DURAND"),
        ("Marie Durand", "Famille DUPONT - DURAND"),
        ("Marie Dupont", "M MME DUPONT JEAN"),
        ("Denis Jean", "Jean, Dupont"),
        ("Jean d'Ormesson", "Denis Ormesson"),
        ("SARL Machin", "M. Jean Dupont"),
    ],
)
def test_a_less_likely_reading_lifts_nothing(api: Api, stopped: str, other: str) -> None:
    api.stop("postal", STREET | {"name": stopped})
    _released(api, other)
    assert api.decision("post", STREET | {"name": stopped}) == "deny"


def test_a_lieu_dit_below_a_name_stays_the_street(api: Api) -> None:
    """Otherwise two houses at `Le Bourg` would become one address."""
    for house in ("KER Anna", "TY Marie", "DOMAINE Martin"):
        lines = ["Jean Dupont", house, "Le Bourg", "35000 Rennes"]
        api.stop("postal", {"lines": lines})
        assert api.decision("post", {"lines": lines}) == "deny"
    assert api.decision("post", {"lines": ["Jean Dupont", "Le Bourg", "35000 Rennes"]}) == "allow"


def _released(api: Api, name: str) -> list[object]:
    told = api.release("postal", STREET | {"name": name}, channels=["post"], reasons=["objection"])
    released: list[object] = told.get_json()["released"]
    return released
