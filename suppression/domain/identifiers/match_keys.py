"""The types of identifiers and of their match keys, the texts from which fingerprints are made.

See docs/architecture.md#fingerprints-and-forms. Which texts are match keys is decided for each
kind, in `email.py`, `phone/parsing.py` and `postal/match_keys.py`; those that partners hash are
made in `partner_schemes.py`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from suppression.domain.calendar.locations import UNKNOWN_LOCATION, Location
from suppression.domain.vocabulary import Kind

DOMAIN_SCHEME = "domain"
"""The scheme of a mail domain's match key: a controller that has one looks up more (`schemes`)."""


class MatchKeyLabel(StrEnum):
    """The sort of a match key's content, such as the mailbox of an address or a person's surname.

    An identifier may have several match keys of one label.
    """

    PLAIN = "plain"
    MAILBOX = "mailbox"
    E164 = "e164"
    RENUMBERED = "renumbered"
    READING = "reading"
    EITHER = "either"
    PERSON = "person"
    SURNAME = "surname"
    SOMEONE = "someone"
    WHOLE_ADDRESS = "whole_address"
    PERSON_FULL = "person_full"
    PARTNER = "partner"
    DOMAIN = "domain"


class KeyUse(StrEnum):
    """The use of a match key: stops are stored under it, checks look it up, or both.

    A match key of use `LOOKUP` may be somebody else's: a stop under it denies, but no release lifts
    such a stop, and nothing that is stored under it allows a contact. One of use `ALIAS` is looked
    up too and is certainly the same identifier, such as a number before it was renumbered. A match
    key of use `CONSENT` serves consents alone: neither stops nor checks for stops use it.
    """

    BOTH = "both"
    LOOKUP = "asked"
    ALIAS = "alias"
    STORE = "written"
    CONSENT = "consent"

    @property
    def is_stored(self) -> bool:
        """Whether stops are stored under the match key.

        >>> KeyUse.BOTH.is_stored, KeyUse.LOOKUP.is_stored
        (True, False)
        """
        return self is KeyUse.BOTH or self is KeyUse.STORE

    @property
    def is_looked_up(self) -> bool:
        """Whether checks look up stops under the match key."""
        return self is KeyUse.BOTH or self is KeyUse.LOOKUP or self is KeyUse.ALIAS

    @property
    def is_own(self) -> bool:
        """Whether the match key is certainly the identifier's.

        >>> KeyUse.ALIAS.is_own, KeyUse.LOOKUP.is_own
        (True, False)
        """
        return self is not KeyUse.LOOKUP


class CanonicalText(NamedTuple):
    """The text of a match key before it is hashed, with the match key's label and use.

    `people` numbers the sets of readings that the text belongs to: each set has all readings of one
    person or one name line at one address. () unless the identifier has less likely readings.
    """

    label: MatchKeyLabel
    text: str
    use: KeyUse = KeyUse.BOTH
    people: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MatchKey:
    """A match key: label, use, `people` of its text, and the text's hash, which repr hides.

    `prehash` is the hash as raw bytes: 32 if the `algorithm` is `sha256`, or `domain`, the SHA-256
    of a mail domain; for partners' lists also 16 (`md5`) or 20 (`sha1`).
    """

    label: MatchKeyLabel
    prehash: bytes = field(repr=False)
    use: KeyUse = KeyUse.BOTH
    algorithm: str = "sha256"
    people: tuple[int, ...] = ()

    @classmethod
    def from_spelling(
        cls,
        label: MatchKeyLabel,
        text: str,
        use: KeyUse = KeyUse.BOTH,
        people: tuple[int, ...] = (),
    ) -> MatchKey:
        """Return the match key of a canonical text, hashed by SHA-256.

        >>> MatchKey.from_spelling(MatchKeyLabel.PLAIN, "john_smith@gmail.com").prehash.hex()[:16]
        '62a14e44f765419d'
        """
        prehash = hashlib.sha256(text.encode()).digest()
        return cls(label=label, prehash=prehash, use=use, people=people)


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifier:
    """A canonical identifier: its match keys, the first one primary.

    `named`: false only for a postal address without the name of a person, household or firm;
    `hashed`: whether only a digest came, so that other match keys cannot be looked up; `scheme`:
    the scheme of that digest, or `domain` for a mail domain; `place`: the location of a telephone
    number, unknown for other kinds and for a digest.
    """

    kind: Kind
    forms: tuple[MatchKey, ...]
    named: bool = True
    hashed: bool = False
    scheme: str = "plain"
    place: Location = UNKNOWN_LOCATION


@dataclass(frozen=True, kw_only=True, slots=True)
class PostalAddress:
    """A postal address as received: in fields, or with free `lines` in the place of some.

    `lines` and any of `street`, `line1` and `line2` exclude each other: an address with both cannot
    be parsed. A repr shows no field.
    """

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
    """An identifier that arrived hashed: a digest as text (hex or base64) and its scheme.

    The digest is a SHA-256 unless the scheme names another algorithm (`plain:md5`), which checks do
    not accept.
    """

    text: str = field(repr=False)
    scheme: str = "plain"


Value = str | PostalAddress | Digest
"""An identifier as an entry point received it."""
