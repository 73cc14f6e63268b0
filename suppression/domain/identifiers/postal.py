"""Postal addresses: a first key of name, street, number and postcode.

The person form is country, postcode, street, number and name; the whole-address form is the same
without the name. The city does not decide: the postcode does.
"""

from __future__ import annotations

import re
import unicodedata

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.cleaning import cleaned
from suppression.domain.identifiers.forms import Form, FormLabel, Identifier, PostalAddress
from suppression.domain.vocabulary import Kind

MAX_LENGTH = 500
_NUMBER = re.compile(r"^(\d+) ?((?:bis|ter|quater|[a-z])(?= ))? ?(.+)$")
_POSTCODE_LINE = re.compile(r"^(?:[A-Za-z]{1,2}-)?(\d{4,5})\s+\S")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})
_ADDRESS_LINES = 2


def postal(address: PostalAddress, country: str) -> Identifier:
    """The forms of a postal address: person (when named) and whole address.

    >>> one = PostalAddress(name="Jean DUPONT", street="12, rue de l'Église", postcode="75011")
    >>> two = PostalAddress(name="dupont jean", street="12 RUE DE L EGLISE", postcode="75 011")
    >>> postal(one, "FR") == postal(two, "FR")
    True
    """
    whole, name = canonical_postal(address, country)
    forms = [Form.of(FormLabel.WHOLE_ADDRESS, whole)]
    if name:
        forms.insert(0, Form.of(FormLabel.PERSON, f"{whole}|{name}"))
    return Identifier(kind=Kind.POSTAL, forms=tuple(forms), named=bool(name))


def canonical_postal(address: PostalAddress, country: str) -> tuple[str, str]:
    """The key of the address, and the person's name in it ('' where there is none).

    >>> canonical_postal(PostalAddress(street="12 bis Rue Foch", postcode="35000"), "FR")
    ('fr|35000|rue foch|12 bis', '')
    """
    limit_whole(address)
    fields = _from_lines(address) if address.lines else address
    street = _folded(fields.street)
    postcode = _folded(fields.postcode).replace(" ", "")
    if not street or not postcode:
        raise UnreadableIdentifierError("malformed", "Send at least `street` and `postcode`.")
    numbered = _NUMBER.match(street)
    number = " ".join(part for part in numbered.groups()[:2] if part) if numbered else ""
    road = numbered[3] if numbered else street
    land = _folded(address.country or country)
    name = " ".join(sorted(_folded(fields.name).split()))
    return f"{land}|{postcode}|{road}|{number}", name


def limit_whole(address: PostalAddress) -> None:
    """Refuse an address longer than 500 characters in all its parts together."""
    first = (address.name, address.street, address.line1, address.line2)
    last = (address.postcode, address.city, address.country, *address.lines)
    cleaned("".join(first + last), limit=MAX_LENGTH)


def _from_lines(address: PostalAddress) -> PostalAddress:
    """Fields out of free lines: name first, the street just above the line with the postcode."""
    lines = [line.strip() for line in address.lines if line.strip()]
    found = [(at, match) for at, line in enumerate(lines) if (match := _POSTCODE_LINE.match(line))]
    if not found or found[-1][0] == 0:
        raise UnreadableIdentifierError(
            "malformed", "Send the lines as on an envelope: name, street, postcode and city."
        )
    at, match = found[-1]
    name = lines[0] if at >= _ADDRESS_LINES else ""
    return PostalAddress(name=name, street=lines[at - 1], postcode=match[1])


def _folded(text: str) -> str:
    """Lower case words of letters and digits, without accents or punctuation."""
    plain = unicodedata.normalize("NFKD", cleaned(text, limit=MAX_LENGTH)).lower()
    bare = "".join(char for char in plain.translate(_LIGATURES) if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", bare))
