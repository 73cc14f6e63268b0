"""Controllers, their topics, and the permissions of an API key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.errors import InvalidValueError
from suppression.domain.policies.model import PolicySet
from suppression.domain.vocabulary import ApiScope, Preset

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_REF = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_LIKE_A_PHONE_NUMBER = re.compile(r"00|0\d{9}")
_BETWEEN_DIGITS = re.compile(r"[_.:-]")


@dataclass(frozen=True, kw_only=True, slots=True)
class ControllerIdentity:
    """The fields of a controller that never change, so that a process may remember them.

    Only `schemes` may change. `number` fits two bytes; `country` is an ISO 3166-1 alpha-2 code.
    """

    number: int
    slug: str
    country: str
    schemes: tuple[str, ...] = ()
    """The schemes of the partners' hashes on record: checks also look up match keys of these.

    They may change, and only a Controller has them; a plain ControllerIdentity has ().
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Controller(ControllerIdentity):
    """A company that decides about its marketing (GDPR Art. 4(7))."""

    name: str
    preset: Preset


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A subject of a controller's messages. `number` counts from 1 within the controller."""

    number: int
    slug: str
    name_fr: str
    name_en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """An API key as an operator sees it; the key itself is not stored."""

    number: int
    name: str
    hint: str
    scopes: frozenset[ApiScope]
    created_at: datetime
    revoked_at: datetime | None
    service_checks: int = 0
    """How many identifiers the key checked for `service` in the last 30 days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """The caller of the API: the controller of the API key, and the scopes of the key.

    `policies` are those in force when the key was looked up, for the decisions of this request.
    """

    controller: Controller
    key_number: int
    scopes: frozenset[ApiScope]
    policies: PolicySet

    @property
    def actor(self) -> str:
        """The name of this caller in the ledger."""
        return f"key:{self.key_number}"


def is_slug(text: str) -> bool:
    """Return whether a text is 1 to 32 small letters, digits and inner hyphens, as a slug is.

    No other text may reach an SQL statement as a slug.

    >>> is_slug("okwind"), is_slug("Jean Dupont")
    (True, False)
    """
    return bool(_SLUG.fullmatch(text))


def valid_slug(text: str, *, field: str = "slug") -> str:
    """Return the slug. Raise InvalidValueError, which describes a slug, for any other text.

    `field` is the name of the field in the error.

    >>> valid_slug("okwind")
    'okwind'
    """
    if not is_slug(text):
        raise InvalidValueError(
            f"{field}: use 1 to 32 small letters, digits and inner hyphens, like my-company."
        )
    return text


def valid_country(text: str) -> str:
    """Return a country's two letters (ISO 3166-1) in capitals.

    Raise InvalidValueError unless the text is two letters; no list of countries is consulted.

    >>> valid_country("fr")
    'FR'
    """
    if not _COUNTRY.fullmatch(text):
        raise InvalidValueError("country: use two letters of ISO 3166-1, like FR.")
    return text.upper()


def valid_ref(text: str, *, pointer: str) -> str:
    """Return a caller's own reference unchanged, if it is valid.

    It must have 1 to 64 of the characters A-Z, a-z, 0-9 and `_.:-`. Without `_.:-` it may not begin
    like a phone number: with 00, or with 0 and nine digits. Raise InvalidValueError at `pointer`
    for any other text.

    >>> valid_ref("crm:4711", pointer="/ref")
    'crm:4711'
    """
    if not _REF.fullmatch(text):
        detail = "Use 1 to 64 characters of A-Z a-z 0-9 _ . : -"
    elif _LIKE_A_PHONE_NUMBER.match(_BETWEEN_DIGITS.sub("", text)):
        detail = "Use a reference that does not begin like a phone number."
    else:
        return text
    raise InvalidValueError.at(pointer, detail)
