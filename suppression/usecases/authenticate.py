"""Find out who calls."""

from __future__ import annotations

from suppression.domain.api_keys import key_digest, looks_like_key
from suppression.domain.controllers import Caller
from suppression.domain.errors import WrongKeyError
from suppression.storage.caller_rows import caller_of_key
from suppression.storage.prepared import asking_in_need


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
