"""The quick way for a whole plain French address: fields, a street and a name that need no thought.

It answers what the long way would, or None; tests hold it to that.
"""

from __future__ import annotations

from suppression.domain.identifiers.match_keys import FormLabel, PostalAddress, Spelling, Use
from suppression.domain.identifiers.postal.fast_path import quick_name, quick_street
from suppression.domain.identifiers.postal.folding import folded

_POSTCODE_DIGITS = 5
_LONGEST = 400
_NOT_PLAIN = ("751", "75000", "69000", "13000")
_PERSON, _WHOLE = FormLabel.PERSON, FormLabel.WHOLE_ADDRESS
_SURNAME, _SOMEONE = FormLabel.SURNAME, FormLabel.SOMEONE
_ASKED, _WRITTEN = Use.ASKED, Use.WRITTEN


def plain_spellings(
    address: PostalAddress, region: str, *, consent: bool = False
) -> list[Spelling] | None:
    """The forms of a plain French address whose name has two words.

    >>> one = PostalAddress(name="Jean Dupont", street="12 rue Foch", postcode="35000")
    >>> [form.text for form in plain_spellings(one, "FR") or ()][0]
    'fr|35000|rue foch|12|dupont|j'
    """
    name, postcode = address.name, address.postcode
    if not _is_plain(address, region) or (not name.isascii() and not _UMLAUTS.isdisjoint(name)):
        return None
    people = quick_name(folded(name))
    street = quick_street(folded(address.street).lower(), "fr") if people else None
    if street is None:
        return None
    key = f"fr|{postcode}|{street[0]}|{street[1]}"
    forms = [Spelling(_PERSON, f"{key}|{surname}|{given[0]}") for surname, given in people]
    for surname, _ in people:
        forms.append(Spelling(_SURNAME, f"{key}|{surname}|", _ASKED))
        forms.append(Spelling(_SOMEONE, f"{key}|{surname}|?", _WRITTEN))
    forms.append(Spelling(_WHOLE, key))
    if consent:
        surname, given = people[0]
        forms.append(Spelling(FormLabel.PERSON_FULL, f"{key}|{surname}|{given}|full", Use.CONSENT))
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
