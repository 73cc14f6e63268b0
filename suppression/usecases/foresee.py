"""Read who calls and what stands in one statement: what most single checks need.

A key mostly means whom it meant at the request before. So the question is made as if it still did,
and the statement that reads what stands says whether it does. Where it does not, or where more has
to be read, nothing is foreseen, and the request goes the way of all others. Nothing is decided
here, and nobody is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from suppression.domain.api_keys import key_digest
from suppression.domain.controllers import Caller
from suppression.domain.questions import Question
from suppression.storage.caller_rows import seen
from suppression.storage.foreseen_rows import can_foresee, foreseen_rows
from suppression.storage.prepared import asking
from suppression.storage.standing_rows import StandingRows
from suppression.usecases.check import contacts_within


class Foreseen(NamedTuple):
    """A caller who was authenticated, the question, and what stands under it."""

    caller: Caller
    question: Question
    standing: StandingRows


def foresee(key: str, ask: Callable[[Caller], Question | None]) -> Foreseen | None:
    """All of it, read by one statement; None where it could not be supposed, or was not so."""
    digest = key_digest(key)
    supposed = seen(digest)
    if supposed is None:
        return None
    caller = supposed.caller
    question = ask(caller)
    if question is None or question.extent.topic:
        return None
    if contacts_within(caller.policies.policies, [question]) is not None:
        return None
    with asking() as reader:
        if not can_foresee(reader):
            return None
        subject = question.subject
        standing = foreseen_rows(
            reader, digest, supposed, asked=subject.asked, given=subject.consent
        )
    return None if standing is None else Foreseen(caller, question, standing)
