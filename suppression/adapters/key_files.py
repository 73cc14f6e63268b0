"""The embedded mode's key file: made once, readable by its owner alone."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from suppression.settings import MASTER_KEY_BYTES


def new_key() -> str:
    """A fresh 32-byte key in base64url, without padding."""
    return base64.urlsafe_b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode().rstrip("=")


def make_key_file(path: Path) -> None:
    """Write a key file that is not there yet, mode 0600, durable before this returns."""
    text = json.dumps({"master_keys": {"1": new_key()}}, indent=2) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
