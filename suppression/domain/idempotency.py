"""The idempotency key, by which a repeated request is recognised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class IdempotencyKey:
    """A caller's Idempotency-Key and body, as keyed digests (32 bytes each)."""

    api_key_number: int
    key_digest: bytes
    body_digest: bytes
