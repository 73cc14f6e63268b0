"""Create, list and revoke API keys. A key is shown once; a revocation takes effect at once."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Collection
from datetime import datetime

from suppression.domain.controllers.api_keys import KEY_BYTES, format_key, key_digest, key_hint
from suppression.domain.controllers.model import ApiKey, Controller
from suppression.domain.display_names import valid_name
from suppression.domain.errors import NotFoundError
from suppression.domain.vocabulary import ApiScope
from suppression.storage.controllers.rows import add_api_key, load_api_keys, revoke_api_key
from suppression.storage.engine.database import reading, writing
from suppression.usecases.checks.count_service_checks import read_service_checks


def create_api_key(
    controller: Controller, *, name: str, scopes: Collection[ApiScope], now: datetime
) -> str:
    """Create an API key and return it; it can be shown only now.

    Of the key itself, only its hash and its hint are stored. Raises InvalidValueError for an
    invalid name.
    """
    key = format_key(controller.number, secrets.token_bytes(KEY_BYTES))
    with writing() as transaction:
        add_api_key(
            transaction,
            controller,
            digest=key_digest(key),
            hint=key_hint(key),
            name=valid_name(name),
            scopes=scopes,
            now=now,
        )
    return key


def list_api_keys(controller: Controller, *, now: datetime) -> list[ApiKey]:
    """Return every API key of a controller, ordered by number, revoked ones too.

    Each key has its count of identifiers checked for the purpose `service` in the last 30 days.
    """
    with reading() as transaction:
        keys = load_api_keys(transaction, controller)
        counts = read_service_checks(transaction, controller, now=now)
    return [dataclasses.replace(key, service_checks=counts.get(key.number, 0)) for key in keys]


def revoke_key(controller: Controller, number: int, *, now: datetime) -> None:
    """Revoke an API key: its next request is refused.

    Raises NotFoundError if the controller has no key in use with this number.
    """
    with writing() as transaction:
        if not revoke_api_key(transaction, controller, number, now=now):
            raise NotFoundError("This controller has no such key in use; see: flask keys list.")
