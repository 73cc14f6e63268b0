"""Load the caller of a single check together with the state that decides it, in one statement.

An API key names its controller, whose slug and country never change. So the fingerprints are made
before the database is asked who calls, and nothing that may change is remembered.
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
    """Return the caller of an API key, and all that is on record for the check that they send.

    The check request is the one for the controller that the key names. What stands on partners'
    lists is not loaded. Raises InvalidApiKeyError if the key is unknown or revoked, or names
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
