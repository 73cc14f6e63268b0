"""Letters to people: their kinds, the filling of templates, and the parts that are fixed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from suppression.domain.cases.vocabulary import CaseKind

_WORD = re.compile(r"\{([a-z_]+)\}")


class AnswerKind(StrEnum):
    """The kind of a letter to the person of a case."""

    RECEIVED = "received"
    DONE = "done"
    EXTENDED = "extended"
    REFUSED = "refused"
    PROOF_ASKED = "proof_asked"
    IDENTIFIER_MISSING = "identifier_missing"


def fill_in(template: str, words: Mapping[str, str]) -> str:
    """Return a template with its `{words}` replaced; an unknown word remains visible.

    A replacement is not searched again: a name with braces brings in no other word.

    >>> fill_in("{salutation} {name} {what}", {"salutation": "Dear", "name": "{salutation}"})
    'Dear {salutation} {what}'
    """
    return _WORD.sub(lambda match: words.get(match[1], match[0]), template)


def unknown_words(template: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return the `{names}` in a template for which `words` has no text, each once, with braces.

    >>> unknown_words("{salutation} {nmae}", {"salutation": "Dear"})
    ('{nmae}',)
    """
    unknown = (match[0] for match in _WORD.finditer(template) if match[1] not in words)
    return tuple(dict.fromkeys(unknown))


def fixed_parts(answer: AnswerKind, kind: CaseKind) -> tuple[str, ...]:
    """Return the names of the fixed parts that end a letter of this kind for this kind of case.

    `remedies`, in a refusal: the authority and the courts (GDPR Art. 12(4)). `stop_kept`, once an
    erasure is done: that the stop stays in force (docs/rules.md#g5); no law requires this part.

    >>> fixed_parts(AnswerKind.REFUSED, CaseKind.ACCESS)
    ('remedies',)
    """
    parts = {
        "remedies": answer is AnswerKind.REFUSED,
        "stop_kept": answer is AnswerKind.DONE and kind is CaseKind.ERASURE,
    }
    return tuple(name for name, required in parts.items() if required)


def answer_kinds_for(kind: CaseKind) -> tuple[AnswerKind, ...]:
    """Return the kinds of letter that may be sent in a case of this kind."""
    unfit = set() if kind.refusable else {AnswerKind.REFUSED, AnswerKind.PROOF_ASKED}
    if kind.reason is None:
        unfit.add(AnswerKind.IDENTIFIER_MISSING)
    return tuple(answer for answer in AnswerKind if answer not in unfit)
