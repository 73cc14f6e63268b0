"""Keys for tests. The master key is the one of the vectors in tests/vectors/fingerprints.json."""

from __future__ import annotations

import base64

MASTER_KEY_1 = bytes(range(32))
MASTER_KEYS = {1: MASTER_KEY_1}
SIGNING_KEYS = {1: bytes(range(32, 64))}
CASE_KEYS = {1: bytes(range(64, 96))}
MASTER_KEYS_TEXT = "1:" + base64.urlsafe_b64encode(MASTER_KEY_1).decode()
SIGNING_KEYS_TEXT = "1:" + base64.urlsafe_b64encode(SIGNING_KEYS[1]).decode()
CASE_KEYS_TEXT = "1:" + base64.urlsafe_b64encode(CASE_KEYS[1]).decode()
