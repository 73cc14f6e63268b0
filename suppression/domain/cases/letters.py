"""Letters to people: their kinds, and the parts that are fixed whoever wrote the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from suppression.domain.cases.vocabulary import CaseKind

_WORD = re.compile(r"\{([a-z_]+)\}")


class AnswerKind(StrEnum):
    """The kind of a letter."""

    RECEIVED = "received"
    DONE = "done"
    EXTENDED = "extended"
    REFUSED = "refused"
    PROOF_ASKED = "proof_asked"
    IDENTIFIER_MISSING = "identifier_missing"


def fill_in(template: str, words: Mapping[str, str]) -> str:
    """Return a template with its `{words}` replaced; an unknown word remains visible.

    A replacement is not searched again, so nobody's name can bring in another word.

    >>> fill_in("{salutation} {name} {what}", {"salutation": "Dear", "name": "{salutation}"})
    'Dear {salutation} {what}'
    """
    return _WORD.sub(lambda match: words.get(match[1], match[0]), template)


def unknown_words(template: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return the `{words}` of a template that nothing replaces: mistakes of its author.

    >>> unknown_words("{salutation} {nmae}", {"salutation": "Dear"})
    ('{nmae}',)
    """
    unknown = (match[0] for match in _WORD.finditer(template) if match[1] not in words)
    return tuple(dict.fromkeys(unknown))


def fixed_parts(answer: AnswerKind, kind: CaseKind) -> tuple[str, ...]:
    """Return the names of the parts that law or honesty requires after the controller's wording.

    `remedies`: the authority and the courts (GDPR Art. 12(4)). `stop_kept`: an erasure elsewhere
    leaves the stop in force (docs/rules.md#g5).

    >>> fixed_parts(AnswerKind.REFUSED, CaseKind.ACCESS)
    ('remedies',)
    """
    parts = {
        "remedies": answer is AnswerKind.REFUSED,
        "stop_kept": answer is AnswerKind.DONE and kind is CaseKind.ERASURE,
    }
    return tuple(name for name, required in parts.items() if required)


def answer_kinds_for(kind: CaseKind) -> tuple[AnswerKind, ...]:
    """Return the kinds of letter that a kind of request may get."""
    unfit = set() if kind.refusable else {AnswerKind.REFUSED, AnswerKind.PROOF_ASKED}
    if kind.reason is None:
        unfit.add(AnswerKind.IDENTIFIER_MISSING)
    return tuple(answer for answer in AnswerKind if answer not in unfit)
