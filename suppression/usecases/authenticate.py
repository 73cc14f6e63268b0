"""Authenticate the caller of the API by its key."""

from __future__ import annotations

from suppression.domain.controllers.api_keys import controller_number, key_digest, looks_like_key
from suppression.domain.controllers.model import Caller, Controller, ControllerIdentity
from suppression.domain.errors import InvalidApiKeyError
from suppression.storage.controllers.callers import find_caller, find_identity
from suppression.storage.engine.prepared_statements import last_resort_reader, reader_connection
from suppression.usecases.services import Services


def authenticate(key: str) -> Caller:
    """Return the caller of an API key.

    Raises InvalidApiKeyError if the key is malformed, unknown or revoked, or names another
    controller than its own. The database is read at each call, except for a malformed key, so that
    a revocation takes effect at once.
    """
    if not looks_like_key(key):
        raise InvalidApiKeyError
    with last_resort_reader() as source:
        caller = find_caller(source, key_digest(key))
    if caller is None or controller_number(key) not in {None, caller.controller.number}:
        raise InvalidApiKeyError
    return caller


def identity_of(services: Services, key: str) -> ControllerIdentity | None:
    """Return the identity of the controller that an API key names, even if the key is not in use.

    Return None for a key that names no controller. The process remembers the identity, which may
    become wrong: see `still_is`. Raises InvalidApiKeyError for a malformed key, or one that names a
    controller that does not exist.
    """
    if not looks_like_key(key):
        raise InvalidApiKeyError
    number = controller_number(key)
    if number is None:
        return None
    identity = services.identities.get(number)
    if identity is None:
        with reader_connection() as reader:
            identity = find_identity(reader, number)
        if identity is None:
            raise InvalidApiKeyError
        services.identities[number] = identity
    return identity


def still_is(services: Services, identity: ControllerIdentity, controller: Controller) -> bool:
    """Return whether a remembered identity is that of the controller; forget it if it is not.

    They differ only if another controller now has the number, because the database was replaced,
    for example by a restored backup. Fingerprints made for the old identity then match no row.
    """
    if (identity.slug, identity.country) == (controller.slug, controller.country):
        return True
    services.identities.pop(identity.number, None)
    return False
