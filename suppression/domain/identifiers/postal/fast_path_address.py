"""The quick way for a whole plain French address: fields, a street and a name that need no thought.

It answers what the long way would, or None; tests hold it to that.
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

_POSTCODE_DIGITS = 5
_LONGEST = 400
_NOT_PLAIN = ("751", "75000", "69000", "13000")
_PERSON, _WHOLE = MatchKeyLabel.PERSON, MatchKeyLabel.WHOLE_ADDRESS
_SURNAME, _SOMEONE = MatchKeyLabel.SURNAME, MatchKeyLabel.SOMEONE
_ASKED, _WRITTEN = KeyUse.ASKED, KeyUse.WRITTEN


def plain_texts(
    address: PostalAddress, region: str, *, consent: bool = False
) -> list[CanonicalText] | None:
    """The forms of a plain French address whose name has two words.

    >>> one = PostalAddress(name="Jean Dupont", street="12 rue Foch", postcode="35000")
    >>> [form.text for form in plain_texts(one, "FR") or ()][0]
    'fr|35000|rue foch|12|dupont|j'
    """
    name, postcode = address.name, address.postcode
    if not _is_plain(address, region) or (not name.isascii() and not _UMLAUTS.isdisjoint(name)):
        return None
    people = fast_name(fold(name))
    street = fast_street(fold(address.street).lower(), "fr") if people else None
    if street is None:
        return None
    key = f"fr|{postcode}|{street[0]}|{street[1]}"
    forms = [CanonicalText(_PERSON, f"{key}|{surname}|{given[0]}") for surname, given in people]
    for surname, _ in people:
        forms.append(CanonicalText(_SURNAME, f"{key}|{surname}|", _ASKED))
        forms.append(CanonicalText(_SOMEONE, f"{key}|{surname}|?", _WRITTEN))
    forms.append(CanonicalText(_WHOLE, key))
    if consent:
        surname, given = people[0]
        forms.append(
            CanonicalText(
                MatchKeyLabel.PERSON_FULL, f"{key}|{surname}|{given}|full", KeyUse.CONSENT
            )
        )
    return forms


_UMLAUTS = frozenset("\u00e4\u00f6\u00fc\u00c4\u00d6\u00dc\u0308")


def _is_plain(address: PostalAddress, region: str) -> bool:
    """Whether nothing but the street and the name needs reading."""
    postcode = address.postcode
    return (
        (address.country or region) == "FR"
        and not (address.lines or address.line1 or address.line2)
        and len(postcode) == _POSTCODE_DIGITS
        and postcode.isascii()
        and postcode.isdigit()
        and not postcode.startswith(_NOT_PLAIN)
        and len(address.name) + len(address.street) + len(address.city) <= _LONGEST
        and address.city.isprintable()
    )
