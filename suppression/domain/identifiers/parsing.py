"""The one way in: a kind and what came at the door, to a canonical identifier."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from suppression.domain.calendar.locations import UNKNOWN_LOCATION
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback, silent
from suppression.domain.identifiers.digests import hashed_identifier
from suppression.domain.identifiers.email import email_texts
from suppression.domain.identifiers.match_keys import (
    CanonicalText,
    Digest,
    Identifier,
    MatchKey,
    MatchKeyLabel,
    PostalAddress,
    Value,
)
from suppression.domain.identifiers.partner_schemes import Scheme, partner_match_keys
from suppression.domain.identifiers.phone.locations import location_of_number
from suppression.domain.identifiers.phone.parsing import phone_texts
from suppression.domain.identifiers.postal.match_keys import postal_texts
from suppression.domain.identifiers.versions import OLDER, older_forms
from suppression.domain.vocabulary import Kind

_NAMED = frozenset({MatchKeyLabel.PERSON, MatchKeyLabel.SURNAME})


def parse_identifier(
    kind: Kind,
    value: Value,
    *,
    region: str,
    schemes: Iterable[Scheme] = (),
    partner_digests: bool = False,
    consent: bool = False,
) -> Identifier:
    """The identifier that `value` writes, or `UnreadableIdentifierError`.

    `region` is the ISO 3166-1 alpha-2 country that reads a national writing. `schemes` are those
    in which the controller has partners' rows: their forms are asked too. `partner_digests` takes
    a digest in a partner's scheme (stops and imports do, checks do not). `consent` adds the form
    that a consent is kept under.

    >>> parse_identifier(Kind.PHONE, "0612345678", region="FR").kind
    <Kind.PHONE: 'phone'>
    """
    if isinstance(value, Digest):
        return hashed_identifier(kind, value, partner_schemes=partner_digests)
    written = canonical_texts(kind, value, region=region, consent=consent)
    forms = [MatchKey.from_spelling(*spelling) for spelling in written]
    for rules in OLDER.values():
        with suppress(IdentifierParseError):
            forms += older_forms(rules[kind](value, region), forms)
    if schemes:
        asked = [text.text for text in written if text.use.asked]
        forms += partner_match_keys(kind, asked, schemes)
    named = kind is not Kind.POSTAL or written[0].label in _NAMED
    place = location_of_number(written[0].text) if kind is Kind.PHONE else UNKNOWN_LOCATION
    return Identifier(kind=kind, forms=tuple(forms), named=named, place=place)


def canonical_texts(
    kind: Kind,
    value: str | PostalAddress,
    *,
    region: str,
    note: TraceCallback = silent,
    consent: bool = False,
) -> list[CanonicalText]:
    """The forms of an identifier before they are hashed, the primary one first."""
    if isinstance(value, PostalAddress):
        if kind is not Kind.POSTAL:
            raise IdentifierParseError(
                "wrong_kind", f"Send a string: this takes one {kind} identifier."
            )
        return postal_texts(value, region, note, consent=consent)
    if kind is Kind.EMAIL:
        return email_texts(value, note)
    if kind is Kind.PHONE:
        return phone_texts(value, region, note)
    raise IdentifierParseError("wrong_kind", "Send a postal address as an object.")
