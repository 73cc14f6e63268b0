"""What an unsubscribe link says: whom to stop, for which topic, and when it was issued.

The payload, before signing (docs/architecture.md#link-tokens), big-endian:

    1 byte   bits 7-6 layout (0), bit 5 number of forms minus one, bits 4-0 master-key version
    2 bytes  controller number
    2 bytes  topic number, 0 for all
    2 bytes  day of issue, days since 1970-01-01 UTC
    16 bytes per form: its fingerprint; of an address that came hashed, the one form twice
    0 to 32 bytes of `ref`
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from suppression.domain.identifiers.fingerprints import FINGERPRINT_BYTES, Fingerprint

MAX_REF = 32
_HEAD = struct.Struct(">BHHH")
_EPOCH = date(1970, 1, 1)
_LAYOUT = 0
_VERSION_BITS = 0b11111
_TWO_FORMS = 0b100000


class MalformedPayloadError(ValueError):
    """Bytes that are no payload of a link."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkPayload:
    """What a link carries. One or two fingerprints of one e-mail address, the plain form first."""

    key_version: int
    controller_number: int
    topic_number: int
    issued_on: date
    forms: tuple[Fingerprint, ...] = field(repr=False)
    ref: str = ""

    @property
    def hashed(self) -> bool:
        """Whether the address came hashed: what else it is written as, nobody knows."""
        return len(set(self.forms)) < len(self.forms)


def carried_match_keys(forms: Sequence[Fingerprint], *, hashed: bool) -> tuple[Fingerprint, ...]:
    """The forms as a link carries them: of an address that came hashed, its one form twice.

    Code of before this reads that as two forms that are the same, and stops by it as by one.

    >>> len(carried_match_keys([Fingerprint(bytes(16))], hashed=True))
    2
    """
    return (*forms, *forms) if hashed else tuple(forms)


def encode(payload: LinkPayload) -> bytes:
    """The bytes of a payload: 23 with one form and no ref, 39 with two.

    >>> len(encode(LinkPayload(key_version=1, controller_number=1, topic_number=0,
    ...     issued_on=date(2026, 11, 21), forms=(Fingerprint(bytes(16)),))))
    23
    """
    heads = encode_heads(
        key_version=payload.key_version,
        controller_number=payload.controller_number,
        topic_number=payload.topic_number,
        issued_on=payload.issued_on,
    )
    return heads[len(payload.forms) - 1] + b"".join(payload.forms) + payload.ref.encode("ascii")


def encode_heads(
    *, key_version: int, controller_number: int, topic_number: int, issued_on: date
) -> tuple[bytes, bytes]:
    """What payloads of one controller, topic and day begin with: of one form, and of two."""
    first, day = _LAYOUT << 6 | key_version, (issued_on - _EPOCH).days
    return (
        _HEAD.pack(first, controller_number, topic_number, day),
        _HEAD.pack(first | _TWO_FORMS, controller_number, topic_number, day),
    )


def decode(raw: bytes) -> LinkPayload:
    """The payload of bytes whose signature was right; MalformedPayloadError if they are none."""
    if len(raw) < _HEAD.size:
        raise MalformedPayloadError
    first, controller, topic, day = _HEAD.unpack_from(raw)
    count = 2 if first & _TWO_FORMS else 1
    end = _HEAD.size + count * FINGERPRINT_BYTES
    ref = raw[end:]
    if first >> 6 != _LAYOUT or len(raw) < end or len(ref) > MAX_REF or not ref.isascii():
        raise MalformedPayloadError
    return LinkPayload(
        key_version=first & _VERSION_BITS,
        controller_number=controller,
        topic_number=topic,
        issued_on=_EPOCH + timedelta(days=day),
        forms=tuple(
            Fingerprint(raw[start : start + FINGERPRINT_BYTES])
            for start in range(_HEAD.size, end, FINGERPRINT_BYTES)
        ),
        ref=ref.decode("ascii"),
    )
