"""Encryption with the case keys, by `cryptography`: case contents, unclear SMS, TOTP secrets."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from suppression.domain.errors import KeyMismatchError


class CaseCipher:
    """A cipher that encrypts with the newest case key and decrypts with any.

    `bound` names the place where a content is stored, and is encrypted with it: `decrypt` refuses a
    content that was moved to another place.
    """

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        """Take keys of 32 raw bytes by version, at least one; the highest version encrypts."""
        newest_first = [
            Fernet(base64.urlsafe_b64encode(keys[version]))
            for version in sorted(keys, reverse=True)
        ]
        self._newest, self._fernet = newest_first[0], MultiFernet(newest_first)

    def encrypt(self, content: object, *, bound: str) -> bytes:
        """Encrypt `content`, a JSON value; `decrypt` returns it only for an equal `bound`."""
        text = json.dumps({"bound": bound, "content": content}, ensure_ascii=False)
        return self._fernet.encrypt(text.encode())

    def decrypt(self, token: bytes, *, bound: str) -> Any:  # noqa: ANN401 - what JSON holds
        """Return the content of `token`.

        Raise KeyMismatchError if no key decrypts it, or if it was encrypted with another `bound`.
        """
        try:
            decrypted = json.loads(self._fernet.decrypt(token))
        except InvalidToken:
            raise KeyMismatchError("No case key opens a text that cases keep.") from None
        if decrypted["bound"] != bound:
            raise KeyMismatchError("A text that cases keep stands in another place than its own.")
        return decrypted["content"]

    def reencrypt(self, token: bytes) -> bytes | None:
        """Return `token` reencrypted under the newest key; None if it is under that key already.

        Raise KeyMismatchError if no key decrypts `token`.
        """
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
