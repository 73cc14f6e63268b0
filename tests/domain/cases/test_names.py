"""Two names in cases are recognised as one person's or two people's, who may share a line."""

from __future__ import annotations

import pytest

from suppression.domain.cases.names import is_same_name


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Zoé Petit", "ZOE PETIT"),
        ("Zoé Petit", "Mme Petit Zoé"),
        ("Zoé Petit", "Attn: Mme Zoé Petit"),
        ("Mme Zoé Petit", "Mademoiselle Petit, Zoé"),
        ("Dr Zoé Petit", "Mme Zoé Petit"),
        ("Mme Dupont", "Madame DUPONT"),
        ("Mme Dupont", "Dupont Mme"),
        ("M.Dupont", "Monsieur Dupont"),
        ("M. de La Tour", "Monsieur de la Tour"),
        ("Dr Dupont", "Docteur Dupont"),
        ("Dupont", "DUPONT"),
        ("M. et Mme Dupont", "Monsieur et Mme Dupont"),
        ("Jean Dupont jr", "M. Jean Dupont junior"),
    ],
)
def test_the_same_name_in_another_writing(name: str, other: str) -> None:
    assert is_same_name(name, other) is True
    assert is_same_name(other, name) is True


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Zoé Petit", "Paul Petit"),
        ("Zoé Petit", "Zoé et Paul Petit"),
        ("Zoé Petit", "Petit"),
        ("Veuve Jean Dupont", "Jean Dupont"),
        ("Mme Vve Jean Dupont", "Jean Dupont"),
        ("M. Dupont", "Mme Dupont"),
        ("M. Dupont", "Mlle Dupont"),
        ("M. Dupont", "Dupont Mme"),
        ("M. Dupont", "Dupont"),
        ("Mme Dupont", "Dupont"),
        ("Dr Dupont", "Mme Dupont"),
        ("Dr Dupont", "Dupont"),
        ("Vve Dupont", "M. Dupont"),
        ("M. Dupont", "M. et Mme Dupont"),
        ("M. Martin", "Mme Martin"),
        ("M. Petit-Dubois", "Petit-Dubois"),
        ("M. de Martin", "de Martin"),
        ("M. J. Dupont", "Mme J. Dupont"),
        ("M. J. Dupont", "J. Dupont"),
        ("M. Camille Dupont", "Mme Camille Dupont"),
        ("Jean Dupont", "Jean Dupont junior"),
        ("M. Jean Dupont senior", "M. Jean Dupont jr"),
    ],
)
def test_the_name_of_another(name: str, other: str) -> None:
    assert is_same_name(name, other) is False
    assert is_same_name(other, name) is False


@pytest.mark.parametrize("name", ["", " ", "M.", "Mme", "?"])
def test_where_one_has_no_name_nothing_is_known(name: str) -> None:
    assert is_same_name(name, "Zoé Petit") is None
    assert is_same_name("Zoé Petit", name) is None
