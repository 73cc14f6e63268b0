"""The payload of an unsubscribe link: whom to stop, for which topic, and the date of issue.

The payload, before signing (docs/architecture.md#link-tokens), big-endian:

    1 byte   bits 7-6 layout (0), bit 5 number of match keys minus one, bits 4-0 master-key version
    2 bytes  controller number
    2 bytes  topic number, 0 for all
    2 bytes  day of issue, days since 1970-01-01 UTC
    16 bytes per match key: its fingerprint; of an address that came hashed, the single one twice
    0 to 32 bytes of `ref`
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from suppression.domain.identifiers.fingerprints import FINGERPRINT_BYTES, Fingerprint

MAX_REF = 32
_HEADER = struct.Struct(">BHHH")
_EPOCH = date(1970, 1, 1)
_LAST_DAY = 0xFFFF
_LAYOUT = 0
_VERSION_BITS = 0b11111
_TWO_FORMS = 0b100000


class MalformedPayloadError(ValueError):
    """Raised for bytes that are no payload of a link."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkPayload:
    """The content of an unsubscribe link: whom to stop, for which topic, and the date of issue.

    `forms` are the address's one or two fingerprints, the plain one first; of an address that came
    hashed it is the single one, twice. `topic_number` is 0 for all topics. `issued_on` is in UTC,
    and the day of the address's newest stop if the clock was set back since. `ref` is the caller's
    own reference, or ''.
    """

    key_version: int
    controller_number: int
    topic_number: int
    issued_on: date
    forms: tuple[Fingerprint, ...] = field(repr=False)
    ref: str = ""

    @property
    def hashed(self) -> bool:
        """Whether the address came hashed, so that its other match keys are unknown."""
        return len(set(self.forms)) < len(self.forms)


def carried_match_keys(
    fingerprints: Sequence[Fingerprint], *, hashed: bool
) -> tuple[Fingerprint, ...]:
    """Return the fingerprints as a link carries them; for a hashed address each appears twice.

    Older code reads the repetition as two equal match keys, and stops the same address.

    >>> len(carried_match_keys([Fingerprint(bytes(16))], hashed=True))
    2
    """
    return (*fingerprints, *fingerprints) if hashed else tuple(fingerprints)


def encode(payload: LinkPayload) -> bytes:
    """Return the bytes of a payload: 23 with one match key and no ref, 39 with two.

    The payload must have one or two `forms`, and a `ref` in ASCII.

    >>> len(encode(LinkPayload(key_version=1, controller_number=1, topic_number=0,
    ...     issued_on=date(2026, 11, 21), forms=(Fingerprint(bytes(16)),))))
    23
    """
    headers = encode_heads(
        key_version=payload.key_version,
        controller_number=payload.controller_number,
        topic_number=payload.topic_number,
        issued_on=payload.issued_on,
    )
    return headers[len(payload.forms) - 1] + b"".join(payload.forms) + payload.ref.encode("ascii")


def encode_heads(
    *, key_version: int, controller_number: int, topic_number: int, issued_on: date
) -> tuple[bytes, bytes]:
    """Return the first bytes of payloads of one controller, topic and day, as two alternatives.

    The first is for payloads with one match key, the second for those with two. A payload holds no
    day after 2149-06-06: a later one becomes that day.
    """
    first_byte, day = _LAYOUT << 6 | key_version, min((issued_on - _EPOCH).days, _LAST_DAY)
    return (
        _HEADER.pack(first_byte, controller_number, topic_number, day),
        _HEADER.pack(first_byte | _TWO_FORMS, controller_number, topic_number, day),
    )


def decode(raw: bytes) -> LinkPayload:
    """Parse the bytes of a verified link. Raise MalformedPayloadError if they are no payload."""
    if len(raw) < _HEADER.size:
        raise MalformedPayloadError
    first_byte, controller, topic, day = _HEADER.unpack_from(raw)
    count = 2 if first_byte & _TWO_FORMS else 1
    ref_start = _HEADER.size + count * FINGERPRINT_BYTES
    ref = raw[ref_start:]
    if (
        first_byte >> 6 != _LAYOUT
        or len(raw) < ref_start
        or len(ref) > MAX_REF
        or not ref.isascii()
    ):
        raise MalformedPayloadError
    return LinkPayload(
        key_version=first_byte & _VERSION_BITS,
        controller_number=controller,
        topic_number=topic,
        issued_on=_EPOCH + timedelta(days=day),
        forms=tuple(
            Fingerprint(raw[start : start + FINGERPRINT_BYTES])
            for start in range(_HEADER.size, ref_start, FINGERPRINT_BYTES)
        ),
        ref=ref.decode("ascii"),
    )
