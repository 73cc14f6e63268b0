"""Load the caller of a single check together with the state that decides it, in one statement.

An API key names its controller, whose slug and country never change. So the fingerprints can be
made before the database is read, and nothing that may change has to be remembered.
"""

from __future__ import annotations

from datetime import datetime

from suppression.domain.checks.call_history import LONGEST_CALL_HISTORY
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.controllers.api_keys import controller_number, key_digest
from suppression.domain.controllers.model import Caller
from suppression.domain.errors import InvalidApiKeyError
from suppression.domain.vocabulary import Kind
from suppression.storage.checks.active_rows import look_up_caller_and_state
from suppression.storage.checks.state import StateLookup
from suppression.storage.engine.prepared_statements import reader_connection


def load_with_key(
    key: str, check_request: CheckRequest, *, now: datetime
) -> tuple[Caller, StateLookup]:
    """Return the caller of an API key, and the state that decides their check request.

    `check_request` must have been made for the controller that the key names. Stops in partners'
    hash schemes are not loaded: do not decide by this state if the caller's controller has schemes
    for the identifier's kind. Raises InvalidApiKeyError if the key is unknown or revoked, or names
    another controller than its own.
    """
    calls = check_request.subject.kind is Kind.PHONE
    with reader_connection() as reader:
        state = look_up_caller_and_state(
            reader,
            key_digest(key),
            check_request,
            call_history_span=LONGEST_CALL_HISTORY if calls else None,
            now=now,
        )
    caller = state.caller
    if caller is None or caller.controller.number != controller_number(key):
        raise InvalidApiKeyError
    return caller, state
