"""Read who calls and what stands in one statement: what most single checks need.

A key mostly means whom it meant at the request before. So the question is made as if it still did,
and the statement that reads what stands says whether it does. Where it does not, or where more has
to be read, nothing is foreseen, and the request goes the way of all others. Nothing is decided
here, and nobody is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.controllers.api_keys import key_digest
from suppression.domain.controllers.model import Caller
from suppression.storage.checks.active_rows import StateLookup
from suppression.storage.checks.prefetch import prefetch_state, supports_prefetch
from suppression.storage.controllers.callers import cached_caller
from suppression.storage.engine.prepared_statements import reader_connection
from suppression.usecases.checks.check import longest_call_history


class Prefetched(NamedTuple):
    """A caller who was authenticated, the question, and what stands under it."""

    caller: Caller
    question: CheckRequest
    standing: StateLookup


def prefetch(key: str, ask: Callable[[Caller], CheckRequest | None]) -> Prefetched | None:
    """All of it, read by one statement; None where it could not be supposed, or was not so."""
    digest = key_digest(key)
    supposed = cached_caller(digest)
    if supposed is None:
        return None
    caller = supposed.caller
    question = ask(caller)
    if question is None or question.scope.topic:
        return None
    if longest_call_history(caller.policies.policies, [question]) is not None:
        return None
    with reader_connection() as reader:
        if not supports_prefetch(reader):
            return None
        subject = question.subject
        standing = prefetch_state(
            reader,
            digest,
            supposed,
            lookup_fingerprints=subject.lookup_fingerprints,
            consent_fingerprints=subject.consent_fingerprints,
        )
    return None if standing is None else Prefetched(caller, question, standing)
