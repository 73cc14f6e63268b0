"""New keys, and the key file of `./run`, which only its owner can read."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from suppression.settings import MASTER_KEY_BYTES, read_key_file


def new_key() -> str:
    """Return a new random 32-byte key in base64url, without padding."""
    return base64.urlsafe_b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode().rstrip("=")


def key_kinds_in(path: Path) -> set[str]:
    """Return the kinds of key in a key file, such as `master_keys`; an empty set without a file.

    Raise KeyFileError if the file exists but cannot be read: it may be the only copy of the keys.
    """
    return set(read_key_file(path)) if path.exists() else set()


def add_keys(path: Path, kinds: Collection[str]) -> None:
    """Add a first random key of each kind to a key file, created if absent, with mode 0600.

    The file must hold no keys of these kinds: they would be overwritten. The file is replaced whole
    or not at all, and no loss of power loses it once this returns. Raise KeyFileError if it exists
    but cannot be read, OSError if it cannot be written.
    """
    existing = read_key_file(path) if path.exists() else {}
    text = json.dumps(existing | {kind: {"1": new_key()} for kind in kinds}, indent=2) + "\n"
    new_path = path.with_suffix(".new")
    new_path.unlink(missing_ok=True)
    descriptor = os.open(new_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new_path.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name of the file is an entry of its folder
    finally:
        os.close(folder)
