"""Encrypt anew, with the newest case key, all that an older one still opens."""

from __future__ import annotations

from collections.abc import Iterator

from suppression.storage.engine.database import reading, writing
from suppression.storage.operations.reencryption import list_encrypted_cells, replace_cell
from suppression.usecases.services import Services


def reencrypt_cases(services: Services) -> Iterator[bool]:
    """For every text, whether it was encrypted anew; KeysDifferError where no key opens one.

    Each in its own transaction: no clerk waits, and what was done stays if the rest is not.
    """
    with reading() as transaction:
        places = list_encrypted_cells(transaction)
    for place in places:
        with writing() as transaction:
            replaced = replace_cell(transaction, place, services.cipher.reencrypt)
        yield replaced
