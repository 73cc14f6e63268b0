"""Letters to people: an objection has no refusal, and each letter says what it must say."""

from __future__ import annotations

from suppression.domain.cases.letters import (
    AnswerKind,
    answer_kinds_for,
    fill_in,
    fixed_parts,
    unknown_words,
)
from suppression.domain.cases.vocabulary import CaseKind


def test_an_objection_has_no_letter_of_refusal() -> None:
    assert AnswerKind.REFUSED not in answer_kinds_for(CaseKind.OBJECTION_MARKETING)
    assert AnswerKind.REFUSED in answer_kinds_for(CaseKind.ACCESS)
    assert AnswerKind.IDENTIFIER_MISSING not in answer_kinds_for(CaseKind.ACCESS)


def test_a_done_erasure_says_that_the_stop_is_kept() -> None:
    assert fixed_parts(AnswerKind.DONE, CaseKind.ERASURE) == ("stop_kept",)
    assert fixed_parts(AnswerKind.DONE, CaseKind.ACCESS) == ()
    assert fixed_parts(AnswerKind.RECEIVED, CaseKind.ERASURE) == ()


def test_a_word_that_is_not_known_stays_to_be_seen() -> None:
    assert fill_in("{unknown} {name}", {"name": "Zoé"}) == "{unknown} Zoé"


def test_a_word_that_nothing_replaces_is_named_once() -> None:
    assert unknown_words("{nmae} {name} {nmae}", {"name": "Zoé"}) == ("{nmae}",)
