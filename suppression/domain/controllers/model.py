"""Controllers, their topics, and what an API key may do for them."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Controller:
    """A company that decides about its marketing. `number` fits two bytes."""

    number: int
    slug: str
    name: str
    country: str
    preset: Preset
    schemes: tuple[str, ...] = ()
    """The partner schemes in which the controller holds rows; checks ask their forms too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A subject that a controller sends about. `number` counts from 1 within the controller."""

    number: int
    slug: str
    name_fr: str
    name_en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """An API key as an operator sees it; the key itself is not kept."""

    number: int
    name: str
    hint: str
    scopes: frozenset[ApiScope]
    created_at: datetime
    revoked_at: datetime | None
    service_checks: int = 0
    """How many identifiers it checked for `service` in the last 30 days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who asks: the controller of the API key, and what the key may do.

    `policies` are those that counted when the key was looked up, for what this request decides.
    """

    controller: Controller
    key_number: int
    scopes: frozenset[ApiScope]
    policies: PolicySet

    @property
    def actor(self) -> str:
        """How the ledger names this caller."""
        return f"key:{self.key_number}"


def is_slug(text: str) -> bool:
    """Whether a text has the shape of a slug: nothing else may reach a statement as one.

    >>> is_slug("okwind"), is_slug("Jean Dupont")
    (True, False)
    """
    return bool(_SLUG.fullmatch(text))


def valid_slug(text: str, *, field: str = "slug") -> str:
    """The slug itself, or an error that says what one looks like.

    >>> valid_slug("okwind")
    'okwind'
    """
    if not is_slug(text):
        raise InvalidValueError(
            f"{field}: use 1 to 32 small letters, digits and inner hyphens, like my-company."
        )
    return text


def valid_country(text: str) -> str:
    """An ISO 3166-1 alpha-2 code in capitals.

    >>> valid_country("fr")
    'FR'
    """
    if not _COUNTRY.fullmatch(text):
        raise InvalidValueError("country: use two letters of ISO 3166-1, like FR.")
    return text.upper()


def valid_ref(text: str, *, pointer: str) -> str:
    """A caller's own reference: short, plain, and nothing that begins like a phone number.

    >>> valid_ref("crm:4711", pointer="/ref")
    'crm:4711'
    """
    if not _REF.fullmatch(text):
        detail = "Use 1 to 64 characters of A-Z a-z 0-9 _ . : -"
    elif _LIKE_A_PHONE_NUMBER.match(text):
        detail = "Use a reference that does not begin like a phone number."
    else:
        return text
    raise InvalidValueError.at(pointer, detail)
