"""Read the caller and the state of a check in one statement; most single checks need no other.

A key mostly identifies the same caller as in its previous request. So the check request is built
for that cached caller, and the statement that reads the state verifies the caller too. If the
caller has changed, or more has to be read, nothing is prefetched and the request takes the usual
path. This module decides no check and refuses no caller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.controllers.api_keys import key_digest
from suppression.domain.controllers.model import Caller
from suppression.storage.checks.active_rows import StateLookup
from suppression.storage.checks.prefetch import prefetch_state
from suppression.storage.controllers.callers import cached_caller
from suppression.storage.engine.prepared_statements import reader_connection
from suppression.usecases.checks.check import longest_call_history


class Prefetched(NamedTuple):
    """An authenticated caller, the check request, and the state under its fingerprints."""

    caller: Caller
    request: CheckRequest
    lookup: StateLookup


def prefetch(key: str, build_request: Callable[[Caller], CheckRequest | None]) -> Prefetched | None:
    """Return the caller of a key, the check request built for it, and the state that decides it.

    Return None if the caller is not cached or has changed, if `build_request` returns None, or if
    the request has a topic or needs call history; on SQLite, return None always.
    """
    digest = key_digest(key)
    supposed = cached_caller(digest)
    if supposed is None:
        return None
    caller = supposed.caller
    request = build_request(caller)
    if request is None or request.scope.topic:
        return None
    if longest_call_history(caller.policies.policies, [request]) is not None:
        return None
    with reader_connection() as reader:
        subject = request.subject
        lookup = prefetch_state(
            reader,
            digest,
            supposed,
            lookup_fingerprints=subject.lookup_fingerprints,
            consent_fingerprints=subject.consent_fingerprints,
        )
    return None if lookup is None else Prefetched(caller, request, lookup)
