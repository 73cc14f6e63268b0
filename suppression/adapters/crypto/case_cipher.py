"""What a case keeps of a person, encrypted by `cryptography` under the case keys alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from suppression.domain.errors import KeyMismatchError


class CaseCipher:
    """Encrypts with the newest key, decrypts with any. `bound` says where a text belongs."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        """`keys` maps versions to 32 raw bytes."""
        newest_first = [
            Fernet(base64.urlsafe_b64encode(keys[version]))
            for version in sorted(keys, reverse=True)
        ]
        self._newest, self._fernet = newest_first[0], MultiFernet(newest_first)

    def encrypt(self, content: object, *, bound: str) -> bytes:
        """The JSON of `content`, so that it can be read back for the same `bound` alone."""
        text = json.dumps({"bound": bound, "content": content}, ensure_ascii=False)
        return self._fernet.encrypt(text.encode())

    def decrypt(self, token: bytes, *, bound: str) -> Any:  # noqa: ANN401 - what JSON holds
        """What was encrypted; KeysDifferError if no key opens it or it belongs elsewhere."""
        try:
            found = json.loads(self._fernet.decrypt(token))
        except InvalidToken:
            raise KeyMismatchError("No case key opens a text that cases keep.") from None
        if found["bound"] != bound:
            raise KeyMismatchError("A text that cases keep stands in another place than its own.")
        return found["content"]

    def reencrypt(self, token: bytes) -> bytes | None:
        """The same text under the newest key; None if it is already. KeysDifferError as above."""
        try:
            self._newest.decrypt(token)
        except InvalidToken:
            pass
        else:
            return None
        try:
            return self._fernet.rotate(token)
        except InvalidToken:
            raise KeyMismatchError("No case key opens a text that cases keep.") from None
