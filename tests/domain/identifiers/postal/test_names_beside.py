"""A person beside something else in one name line, or a couple of whom one is named in part."""

from __future__ import annotations

import pytest

from tests.domain.identifiers.examples import people


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("SARL MACHIN M. Jean Dupont", "dupont|j"),
        ("SARL MACHIN / Jean Dupont", "dupont|j"),
        ("SARL MACHIN M. et Mme Dupont", "dupont|"),
        ("Mairie - M. Jean Dupont", "dupont|j"),
        ("Cabinet Roux, Mme Rose Petit", "petit|r"),
        ("Jean DUPONT (Marie DURAND)", "durand|m"),
        ("M. GARCIA LOPEZ", "garcialopez|"),
        ("M. et Mme GARCIA LOPEZ", "garcialopez|"),
        ("M. DUPONT Jean et Mme n\u00e9e DURAND Marie", "dupont|m"),
        ("M. Jean DUPONT et Mme Marie n\u00e9e DURAND", "dupont|m"),
        ("M. - Mme DUPONT", "dupont|"),
        ("Mme, M. DUPONT Jean", "dupont|"),
        ("Mme ; M. DUPONT", "dupont|"),
    ],
)
def test_everybody_in_the_line_is_meant(name: str, person: str) -> None:
    assert person in people(name)


@pytest.mark.parametrize(
    ("name", "nobody"),
    [
        ("Dupont, M. Jean", "jean|j"),
        ("Rose DUPONT (n\u00e9e Rose PETIT)", "dupontpetit|r"),
        ("M. Jean LOPEZ", "jeanlopez|"),
        ("M. LI LOPEZ", "lilopez|"),
        ("M. DUPONT et Mme n\u00e9e DURAND", "dupont|d"),
        ("M. et Mme Rose n\u00e9e", "n|r"),
        ("Rose Petit - (Roux)", "roux|"),
    ],
)
def test_nobody_else_is(name: str, nobody: str) -> None:
    assert nobody not in people(name)
