"""Refuse to work with keys that are not those the rows were made with."""

from __future__ import annotations

import hmac

from suppression.domain.errors import KeysDifferError, SchemaBehindError
from suppression.domain.fingerprints import key_check
from suppression.storage.database import reading
from suppression.storage.readiness import key_checks, schema_version
from suppression.usecases.services import Services


def verify_start(services: Services) -> None:
    """Look at schema and keys; raises SchemaBehindError, KeysDifferError, or that it is away."""
    with reading() as transaction:
        if schema_version(transaction) < services.schema_head:
            raise SchemaBehindError
        registered = key_checks(transaction, "master")
    configured = services.settings.master_keys
    if registered.keys() != configured.keys():
        raise KeysDifferError(
            f"The database was made with master keys {sorted(registered)}, "
            f"MASTER_KEYS holds {sorted(configured)}. Set exactly those keys."
        )
    for version_number, value in registered.items():
        if not hmac.compare_digest(value, key_check(configured[version_number])):
            raise KeysDifferError(
                f"Master key {version_number} is not the one that the stored rows were made with. "
                "Restore it from its backup."
            )
    services.start_verified.set()
