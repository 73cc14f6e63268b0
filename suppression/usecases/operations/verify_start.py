"""Verify schema and keys: rows and links must have been created with the configured keys."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Collection, Mapping

from suppression.domain.errors import KeyMismatchError, OutdatedCodeError, PendingMigrationError
from suppression.domain.identifiers.keyed_digests import key_check
from suppression.storage.engine.database import reading, writing
from suppression.storage.operations.readiness import (
    key_checks,
    list_risks,
    register_key_check,
    schema_versions,
)
from suppression.usecases.operations.watch_clock import compare_clocks
from suppression.usecases.services import Services

log = logging.getLogger(__name__)

_ROTATING = {"signing": "SIGNING_KEYS", "case": "CASE_KEYS"}
"""The setting of each kind of key that rotates: a new key is added to the old ones."""


def verify_start(services: Services) -> None:
    """Verify schema and keys; register new signing and case keys; set `start_verified`.

    Raises PendingMigrationError for an older schema, OutdatedCodeError for one that only newer code
    may run on, KeyMismatchError for wrong keys, DatabaseUnavailableError if the database does not
    answer. A wrong clock is logged only; so is, once, a database that may lose stops.

    The master keys must be exactly the registered ones. Signing and case keys rotate by adding a
    key: new keys are registered, and registered keys must remain, because a link never expires
    (docs/rules.md#e7) and a case must stay readable until its content is deleted.
    """
    settings = services.settings
    with reading() as transaction:
        compare_clocks(services, transaction)
        newest, oldest_code = schema_versions(transaction)
        if newest < services.schema_head:
            raise PendingMigrationError
        if oldest_code > services.schema_head:
            raise OutdatedCodeError
        risks = [] if services.start_verified.is_set() else list_risks(transaction)
        master = key_checks(transaction, "master")
        added_to = {kind: key_checks(transaction, kind) for kind in _ROTATING}
    if settings.master_keys.keys() - master.keys():
        raise KeyMismatchError(
            f"The database was made with master keys {sorted(master)}, "
            f"MASTER_KEYS holds {sorted(settings.master_keys)}. Set exactly those keys."
        )
    _verify_same_keys("MASTER_KEYS", master, settings.master_keys)
    configured = {"signing": settings.signing_keys, "case": settings.case_keys}
    for kind, registered in added_to.items():
        _verify_same_keys(_ROTATING[kind], registered, configured[kind])
    added = {kind: configured[kind].keys() - added_to[kind].keys() for kind in _ROTATING}
    if any(added.values()):
        _register(added, configured)
    for risk in risks:
        log.warning("the database may lose stops", extra={"fields": {"risk": risk}})
    services.start_verified.set()


def _register(
    added: Mapping[str, Collection[int]], configured: Mapping[str, Mapping[int, bytes]]
) -> None:
    """Store the check values of new keys: all of them, or none if the start is refused.

    Another process may have registered a key of the same version meanwhile. Raises KeyMismatchError
    if its key is another one: links signed with ours would open nowhere else.
    """
    with writing() as transaction:
        for kind, name in _ROTATING.items():
            keys = configured[kind]
            for version in sorted(added[kind]):
                register_key_check(transaction, kind, version, key_check(keys[version]))
            _verify_same_keys(name, key_checks(transaction, kind), keys)


def _verify_same_keys(
    name: str, registered: Mapping[int, bytes], configured: Mapping[int, bytes]
) -> None:
    """Raise KeyMismatchError unless every registered key is configured with the same value."""
    for version, value in registered.items():
        key = configured.get(version)
        if key is None or not hmac.compare_digest(value, key_check(key)):
            raise KeyMismatchError(
                f"{name}: key {version} is missing or is not the one that was used so far. "
                "Restore it from its backup."
            )
