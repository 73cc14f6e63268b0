"""The entry point of canonicalisation: it parses a received value of a kind to an identifier.

`ControllerKeys.clean_email` is a fast path around it, for clean e-mail addresses in bulk.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from suppression.domain.calendar.locations import UNKNOWN_LOCATION
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback, silent
from suppression.domain.identifiers.digests import hashed_identifier
from suppression.domain.identifiers.email import email_texts
from suppression.domain.identifiers.mail_domain.parsing import domain_match_keys
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

_NAMED_LABELS = frozenset({MatchKeyLabel.PERSON, MatchKeyLabel.SURNAME, MatchKeyLabel.READING})


def parse_identifier(  # noqa: PLR0913 - how a value is to be read
    kind: Kind,
    value: Value,
    *,
    region: str,
    schemes: Iterable[Scheme] = (),
    domains: bool = False,
    partner_digests: bool = False,
    consent: bool = False,
    note: TraceCallback = silent,
) -> Identifier:
    """Parse `value` to a canonical identifier.

    `region` is the country (ISO 3166-1 alpha-2) of a national number, or of a postal address that
    names none. `schemes` are the partner schemes in which the controller has rows: match keys in
    these are added for checks, except to a digest. `domains`: whether to add those of its mail
    domains to an e-mail address. `partner_digests`: whether a digest in a partner's scheme is
    accepted. `consent`: whether to add the match key under which consents of a postal address are
    stored. `note` is called after each step. Raise IdentifierParseError if
    `value` is unreadable, not of this kind, or a digest in a scheme that is unknown or not
    accepted.

    >>> parse_identifier(Kind.PHONE, "0612345678", region="FR").kind
    <Kind.PHONE: 'phone'>
    """
    if isinstance(value, Digest):
        return hashed_identifier(kind, value, partner_schemes=partner_digests)
    texts = canonical_texts(kind, value, region=region, note=note, consent=consent)
    match_keys = [MatchKey.from_spelling(*text) for text in texts]
    named = kind is not Kind.POSTAL or texts[0].label in _NAMED_LABELS
    for rules in OLDER.values():
        with suppress(IdentifierParseError):
            match_keys += older_forms(rules[kind](value, region), match_keys)
    if schemes:
        match_keys += partner_match_keys(kind, texts, schemes, named=named)
    if domains:
        match_keys += domain_match_keys(texts)
    location = location_of_number(texts[0].text) if kind is Kind.PHONE else UNKNOWN_LOCATION
    return Identifier(kind=kind, forms=tuple(match_keys), named=named, place=location)


def canonical_texts(
    kind: Kind,
    value: str | PostalAddress,
    *,
    region: str,
    note: TraceCallback = silent,
    consent: bool = False,
) -> list[CanonicalText]:
    """Return the canonical texts of an identifier before they are hashed, the primary one first.

    `region` is the country (ISO 3166-1 alpha-2) of a national number, or of a postal address that
    names none. `note` is called after each step. `consent`: whether to add the text for consents of
    a postal address. Raise IdentifierParseError if `value` is unreadable or not of this kind.
    """
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
