"""A release by name lifts the stops of the people in the name's likeliest reading only."""

from __future__ import annotations

import dataclasses

import pytest

from suppression.domain.vocabulary import Kind
from tests.domain.suppressions.test_whose_stop import (
    AT,
    digest_of,
    lifts,
    named_at,
    postal,
    rows_of,
    subject_of,
)


@pytest.mark.parametrize(
    ("stopped", "asks", "lifted"),
    [
        ("\u00c9lodie Dupont + Zo\u00e9 Martin", ["M. Zo\u00e9 Martin / Mme Marie Dupont"], False),
        ("Marie Dupont et Rose Martin", ["M.Jean Dupont et Mme Rose Martin"], False),
        ("Marie Dupont", ["M.Jean Dupont et Mme Rose Martin"], False),
        ("Jean Dupont", ["M.Jean Dupont et Mme Rose Martin"], True),
        ("Rose Martin et Marie Dupont", ["Rose Martin", "M.Jean Dupont"], False),
        ("Rose Martin et Marie Dupont", ["Rose Martin", "Mme Marie Dupont"], True),
        ("Marie Dupont", ["M.Dupont"], False),
        ("Marie Dupont-Durand", ["M.DUPONT-DURAND Paul"], False),
        ("M.DUPONT-DURAND Paul", ["M.DUPONT-DURAND Paul"], True),
        ("M.Dupont", ["M.Dupont"], True),
        ("Jean M\u00fcller", ["Jean M\u00fcller et Rose Roux"], True),
        ("Jean Mueller", ["Jean M\u00fcller et Rose Roux"], False),
        ("Jean Martin", ["Jean et Rose Martin"], False),
        ("Rose M\u00dcLLER", ["M\u00dcLLER Rose + Paul Petit"], True),
        ("Rose M\u00dcLLER", ["Mme M\u00dcLLER Rose"], True),
        ("PETIT-ROUX J\u00fcrgen", ["J\u00fcrgen Petit-Roux"], True),
        ("Rose Petit", ["Rose Petit-Roux et Paul Durand"], False),
        ("Famille Dupont", ["M. et Mme Jean Dupont"], True),
        ("Jean Dupont", ["M. et Mme Jean Dupont"], True),
        ("SARL Dupont & Fils", ["Sarl Dupont et Fils"], True),
        ("M,DUPONT,Jean", ["Jean Dupont"], True),
        ("Jean Dupont", ["M;DUPONT;Jean"], True),
        ("DUPONT J - MOREAU L", ["Jean Dupont", "Louise Moreau"], False),
        ("DUPONT J - MOREAU L", ["DUPONT J - MOREAU L"], True),
        ("David NG", ["David NG"], True),
        ("David NG", ["Denis NG"], False),
    ],
)
def test_each_person_of_a_line_is_named_by_the_likeliest_reading_alone(
    stopped: str,
    asks: list[str],
    lifted: bool,  # noqa: FBT001
) -> None:
    rows = rows_of(named_at(stopped))
    assert lifts(rows, [named_at(name) for name in asks]) is lifted


NAMES = [
    "M. Zo\u00e9 Martin / Mme Marie Dupont",
    "M.Jean Dupont et Mme Rose Martin",
    "Jean Dupont, Marie Durand",
    "Jean et Marie Martin",
    "M. Jean et Mme Marie Dupont",
    "M. et Mme MARTIN PAUL",
    "Jean M\u00fcller & Marie DUPONT n\u00e9e MARTIN",
    "Jean Dupont-Durand et son \u00e9pouse",
    "Attn: Jean Dupont",
    "A, B, C",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_line_lifts_what_was_stopped_by_the_same_line(name: str) -> None:
    assert lifts(rows_of(named_at(name)), [named_at(name)])
    behind = postal(dataclasses.replace(AT, name=name, street="12-14 rue Foch"))
    assert lifts(rows_of(named_at(name)), [behind])
    assert lifts(rows_of(behind), [behind])


def test_what_0_9_0_stored_by_a_line_is_lifted_by_the_same_line() -> None:
    """0.9.0 knew fewer readings: here none of `Marie Durand`, and three of `Jean Dupont`."""
    texts = [
        f"fr|35000|rue foch|12|{name}"
        for name in ("jeandupont|m", "jean|m", "dupont|m", "jeandupont|?", "jean|?", "dupont|?")
    ]
    stored = rows_of(named_at("Jean Dupont"))[0]
    forms = [subject_of(Kind.POSTAL, digest_of(text)).forms[0].versions[-1] for text in texts]
    older = dataclasses.replace(stored, forms=tuple(forms))
    assert lifts([older], [named_at("Jean Dupont, Marie Durand")])
    assert not lifts([older], [named_at("Marie Dupont")])


@pytest.mark.parametrize(
    ("stopped", "asks"),
    [
        ("M,DUPONT,Jean", "M,DURAND,Paul"),
        ("MR,DUPONT,JEAN", "MR,DURAND,PAUL"),
        ("MME,DURAND,MARIE", "MME,DUPONT,ANNE"),
        ("M;DUPONT;Jean", "Marie Dupont"),
        ("Marie Dupont", "M;DUPONT;Jean"),
        ("J. NG", "N. NG"),
        ("NG, David", "PR, Denis"),
    ],
)
def test_no_name_of_a_table_lifts_the_stop_of_another(stopped: str, asks: str) -> None:
    """Both were stored under a surname that nobody has."""
    rows = rows_of(named_at(stopped))
    assert not lifts(rows, [named_at(asks)])
