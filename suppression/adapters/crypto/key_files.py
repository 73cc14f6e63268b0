"""The embedded mode's key file: made once, readable by its owner alone."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from suppression.settings import MASTER_KEY_BYTES, read_key_file


def new_key() -> str:
    """A fresh 32-byte key in base64url, without padding."""
    return base64.urlsafe_b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode().rstrip("=")


def key_kinds_in(path: Path) -> set[str]:
    """The kinds of key that a key file holds; none if there is no file.

    KeyFileError if it cannot be read: it may be all that is left of the keys.
    """
    return set(read_key_file(path)) if path.exists() else set()


def add_keys(path: Path, kinds: Collection[str]) -> None:
    """Write a fresh first key of each kind into a key file, mode 0600, whole or not at all."""
    held = read_key_file(path) if path.exists() else {}
    text = json.dumps(held | {kind: {"1": new_key()} for kind in kinds}, indent=2) + "\n"
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
