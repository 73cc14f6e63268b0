from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from tests.domain.identifiers.examples import people

NAMES: list[tuple[str, list[str]]] = [
    ("", []),
    ("M.", []),
    ("Occupant", []),
    ("À l'occupant", []),
    ("SARL", []),
    ("Jean", ["jean|"]),
    ("M. Dupont", ["dupont|"]),
    ("Jean DUPONT", ["dupont|j"]),
    ("Dupont, Jean", ["dupont|j"]),
    ("Dupont, M.", ["dupont|"]),
    (", Jean", ["jean|"]),
    ("Jean DUPONT, Directeur", ["dupont|j"]),
    ("Le Goff, Marie", ["legoff|m"]),
    ("JP Dupont", ["dupont|j"]),
    ("JP DUPONT", ["dupont|j"]),
    ("J P", ["p|j", "j|p"]),
    ("Dupont J", ["dupont|j"]),
    ("Dupont Jean M", ["dupont|j", "jean|d"]),
    ("Jean M Dupont", ["dupont|j"]),
    ("jean paul dupont", ["dupont|j"]),
    ("marie claude martin durand", ["durand|m"]),
    ("dupont jean paul", ["dupont|j", "jeanpaul|d", "jean|d", "paul|d"]),
    ("LI Wei", ["li|w"]),
    ("Jean St Martin", ["saintmartin|j"]),
    ("VILLEPIN (de) Dominique", ["devillepin|d"]),
    ("Dominique VILLEPIN de", ["devillepin|d"]),
    ("Jean Dupont (M.)", ["dupont|j"]),
    ("Jean Dupont ()", ["dupont|j"]),
    ("Marie DUPONT (née MARTIN)", ["dupont|m", "martin|m"]),
    ("Marie DUPONT (Martinet)", ["dupont|m", "martinet|m"]),
    ("Jean Dupont (Paul)", ["dupont|j"]),
    ("Mme née Martin", ["martin|"]),
    ("Famille", []),
    ("Les Dupont", ["dupont|"]),
    ("Dupont & Martin", ["dupont|", "martin|"]),
    ("Jean et Marie", ["jean|", "marie|"]),
    ("Marie Dupont et Jean", ["dupont|m", "dupont|j"]),
    ("M. et Mme", []),
    ("Jean Dupont Jr", ["dupont|j"]),
    ("SARL Dupont et Fils", ["dupontetfils|firm"]),
    ("Müller", ["muller|", "mueller|"]),
    ("123", []),
    ("& Dupont", ["dupont|"]),
    ("Dupont et Dupont Marie et (", ["dupont|", "dupont|m", "marie|d"]),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_means_these_people(name: str, expected: list[str]) -> None:
    assert sorted(people(name)) == sorted(expected)


def test_more_people_than_a_couple_and_children_are_refused() -> None:
    with pytest.raises(IdentifierParseError, match="one couple"):
        people("Jean et Paul et Marie et Anne et Luc et Eve et Max")
