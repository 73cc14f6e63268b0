"""Reduce the Idempotency-Key header and the body to keyed digests, which may be stored."""

from __future__ import annotations

import re

from flask import request

from suppression.domain.controllers.model import Caller
from suppression.domain.errors import InvalidValueError
from suppression.domain.idempotency import IdempotencyKey
from suppression.web.http.context import services

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def idempotency_key(caller: Caller) -> IdempotencyKey | None:
    """Return the idempotency key of this request; None if it has no Idempotency-Key header.

    The key consists of the number of the API key, a digest of method, path and header, and a digest
    of the body. Call `json_body` first, because it limits the size of the body. Raises
    InvalidValueError for a header that is not 1 to 255 visible ASCII characters.
    """
    key = request.environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidValueError("Idempotency-Key: use 1 to 255 visible ASCII characters.")
    keys = services().keys_of(caller.controller)
    route = (request.method.encode(), request.path.encode())
    return IdempotencyKey(
        api_key_number=caller.key_number,
        key_digest=keys.digest(b"claim", *route, key.encode()),
        body_digest=keys.digest(b"body", request.get_data()),
    )
