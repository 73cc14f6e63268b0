"""Re-encrypt, with the newest case key, all content that is encrypted with an older one."""

from __future__ import annotations

from collections.abc import Iterator

from suppression.storage.engine.database import reading, writing
from suppression.storage.operations.reencryption import list_encrypted_cells, replace_cell
from suppression.usecases.services import Services


def reencrypt_cases(services: Services) -> Iterator[bool]:
    """Re-encrypt each text of cases, unclear messages and users that an older key encrypts.

    Yield True for each text that was re-encrypted, False for every other; the work is done as the
    caller iterates. Each text has its own transaction: no user waits for the whole run, and a
    failure does not roll back what is done. Raises KeyMismatchError if no key decrypts a text.
    """
    with reading() as transaction:
        places = list_encrypted_cells(transaction)
    for place in places:
        with writing() as transaction:
            replaced = replace_cell(transaction, place, services.cipher.reencrypt)
        yield replaced
