"""Authenticate the caller of the API by its key."""

from __future__ import annotations

from suppression.domain.controllers.api_keys import key_digest, looks_like_key
from suppression.domain.controllers.model import Caller
from suppression.domain.errors import InvalidApiKeyError
from suppression.storage.controllers.callers import find_caller
from suppression.storage.engine.prepared_statements import last_resort_reader


def authenticate(key: str) -> Caller:
    """Return the caller of an API key.

    Raises InvalidApiKeyError if the key is malformed, unknown or revoked. The database is read at
    each call, except for a malformed key, so that a revocation takes effect at once.
    """
    if not looks_like_key(key):
        raise InvalidApiKeyError
    with last_resort_reader() as source:
        caller = find_caller(source, key_digest(key))
    if caller is None:
        raise InvalidApiKeyError
    return caller
