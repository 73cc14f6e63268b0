"""The idempotency key, by which a repeated request is recognised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class IdempotencyKey:
    """A request that came with an Idempotency-Key, as keyed digests of 32 bytes each.

    `key_digest` is of the HTTP method, the path and the Idempotency-Key; `body_digest` is of the
    body.
    """

    api_key_number: int
    key_digest: bytes
    body_digest: bytes
