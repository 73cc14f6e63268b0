"""The fast path for a whole plain French address, whose street and name need no interpretation.

It returns the slow path's result, or None if it cannot; tests compare the two.
"""

from __future__ import annotations

from suppression.domain.identifiers.match_keys import (
    CanonicalText,
    KeyUse,
    MatchKeyLabel,
    PostalAddress,
)
from suppression.domain.identifiers.postal.fast_path import fast_name, fast_street
from suppression.domain.identifiers.postal.folding import fold
from suppression.domain.well_formed import REPLACEMENT

_POSTCODE_DIGITS = 5
_MAX_LENGTH = 400
_CITY_END = 3
_BETWEEN_WORDS = " -'"
_DISTRICT_POSTCODES = ("751", "75000", "69000", "13000")
_PERSON, _READING = MatchKeyLabel.PERSON, MatchKeyLabel.READING
_WHOLE = MatchKeyLabel.WHOLE_ADDRESS
_SURNAME, _SOMEONE = MatchKeyLabel.SURNAME, MatchKeyLabel.SOMEONE
_LOOKUP, _STORE = KeyUse.LOOKUP, KeyUse.STORE


def plain_texts(
    address: PostalAddress, region: str, *, consent: bool = False
) -> list[CanonicalText] | None:
    """Return the canonical texts of a plain French address with a plain name, else None.

    The arguments and the order of the texts are those of `postal_texts` in `match_keys.py`.

    >>> address = PostalAddress(name="Jean Dupont", street="12 rue Foch", postcode="35000")
    >>> (plain_texts(address, "FR") or [])[0].text
    'fr|35000|rue foch|12|dupont|j'
    """
    name, postcode = address.name, address.postcode
    if not _is_plain(address, region) or (not name.isascii() and not _UMLAUTS.isdisjoint(name)):
        return None
    people = fast_name(fold(name))
    line = fold(address.street).lower() if people else ""
    street = fast_street(line, "fr") if people else None
    # What stands behind ` - `, and perhaps the city, is read in two ways, by `plain_lines`.
    if street is None or " - " in line or _may_end_with_city(line, address.city):
        return None
    key = f"fr|{postcode}|{street[0]}|{street[1]}"
    of = (0,) if people[1:] else ()
    forms = [
        CanonicalText(_READING if place else _PERSON, f"{key}|{surname}|{first_name[0]}", people=of)
        for place, (surname, first_name) in enumerate(people)
    ]
    for surname, _ in people:
        forms.append(CanonicalText(_SURNAME, f"{key}|{surname}|", _LOOKUP))
        forms.append(CanonicalText(_SOMEONE, f"{key}|{surname}|?", _STORE, of))
    forms.append(CanonicalText(_WHOLE, key))
    if consent:
        surname, first_name = people[0]
        forms.append(
            CanonicalText(
                MatchKeyLabel.PERSON_FULL, f"{key}|{surname}|{first_name}|full", KeyUse.CONSENT
            )
        )
    return forms


def _may_end_with_city(line: str, city: str) -> bool:
    """Return whether the last letters of a folded street line, of one word, are in the city.

    Case, accents, hyphens, apostrophes and spaces at an end make no difference.
    """
    end = line.rstrip(_BETWEEN_WORDS)[-_CITY_END:].replace("-", " ").replace("'", " ")
    return end.rpartition(" ")[2] in fold(city).lower()


_UMLAUTS = frozenset("\u00e4\u00f6\u00fc\u00c4\u00d6\u00dc\u0308")


def _is_plain(address: PostalAddress, region: str) -> bool:
    """Return whether only the street and the name of an address need parsing."""
    postcode = address.postcode
    return (
        (address.country or region) == "FR"
        and not (address.lines or address.line1 or address.line2)
        and len(postcode) == _POSTCODE_DIGITS
        and postcode.isascii()
        and postcode.isdigit()
        and not postcode.startswith(_DISTRICT_POSTCODES)
        and len(address.name) + len(address.street) + len(address.city) <= _MAX_LENGTH
        and address.city.isprintable()
        and REPLACEMENT not in address.name + address.street + address.city
    )
