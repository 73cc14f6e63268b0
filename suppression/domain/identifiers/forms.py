"""Forms: what fingerprints are made of (design section 4)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from suppression.domain.vocabulary import Kind


class FormLabel(StrEnum):
    """Which of an identifier's forms this is."""

    PLAIN = "plain"
    MAILBOX = "mailbox"
    E164 = "e164"
    PERSON = "person"
    WHOLE_ADDRESS = "whole_address"


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A label and the SHA-256 (32 raw bytes) of the form's text, which a repr never shows."""

    label: FormLabel
    prehash: bytes = field(repr=False)

    @classmethod
    def of(cls, label: FormLabel, text: str) -> Form:
        """Make the form of a canonical text.

        >>> Form.of(FormLabel.PLAIN, "john_smith@gmail.com").prehash.hex()[:16]
        '62a14e44f765419d'
        """
        return cls(label=label, prehash=hashlib.sha256(text.encode()).digest())


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifier:
    """A canonical identifier: its forms, the first one primary.

    `named` is false for a postal address without a person; `hashed` is true where only a digest
    came, so that other forms cannot be asked.
    """

    kind: Kind
    forms: tuple[Form, ...]
    named: bool = True
    hashed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PostalAddress:
    """A postal address as someone wrote it: fields, or free `lines`. Never stored, never shown."""

    name: str = field(default="", repr=False)
    street: str = field(default="", repr=False)
    line1: str = field(default="", repr=False)
    line2: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    country: str = field(default="", repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """An identifier that arrived hashed: SHA-256 as text (hex or base64) and its scheme."""

    sha256: str = field(repr=False)
    scheme: str = "plain"


Value = str | PostalAddress | Digest
"""An identifier as it came in at a door."""
