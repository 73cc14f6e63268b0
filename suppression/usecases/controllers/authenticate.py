"""Find out who calls."""

from __future__ import annotations

from suppression.domain.controllers.api_keys import key_digest, looks_like_key
from suppression.domain.controllers.model import Caller
from suppression.domain.errors import WrongKeyError
from suppression.storage.controllers.callers import caller_of_key
from suppression.storage.engine.prepared_statements import asking_in_need


def authenticate(key: str) -> Caller:
    """The caller behind an API key; WrongKeyError if it is unknown or revoked.

    Asked of the database each time, so that a revocation holds at once.
    """
    if not looks_like_key(key):
        raise WrongKeyError
    with asking_in_need() as source:
        caller = caller_of_key(source, key_digest(key))
    if caller is None:
        raise WrongKeyError
    return caller
