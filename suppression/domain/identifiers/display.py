"""Display of an identifier as the service understood it, to the person who typed it.

Never stored.
"""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat

from suppression.domain.identifiers.explain import Explanation, explain
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.vocabulary import Kind


def display(kind: Kind, value: str | PostalAddress, *, region: str) -> str:
    """Return the readable form of an identifier. Raise IdentifierParseError if it is unreadable.

    >>> display(Kind.PHONE, "06.12.34.56.78", region="FR")
    '+33 6 12 34 56 78'
    >>> display(Kind.EMAIL, " Zoe@Example.FR ", region="FR")
    'zoe@example.fr'
    """
    explanation = explain(kind, value, region=region)
    if kind is Kind.PHONE:
        number = phonenumbers.parse(explanation.forms[0].text)
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    if kind is Kind.EMAIL:
        return explanation.forms[0].text
    return _display_postal(explanation)


def is_a_number_in_use(text: str) -> bool:
    """Return whether a phone number, as `display` shows it, is valid in a national numbering plan.

    >>> is_a_number_in_use("+33 6 12 34 56 78"), is_a_number_in_use("+33 061234567")
    (True, False)
    """
    return phonenumbers.is_valid_number(phonenumbers.parse(text))


def kind_of(text: str) -> Kind:
    """Return the kind of identifier that somebody typed into the single field of a look-up.

    >>> [str(kind_of(text)) for text in ("a@b.fr", "06 12 34 56 78", "1 rue Inventée, Rennes")]
    ['email', 'phone', 'postal']
    """
    if "@" in text:
        return Kind.EMAIL
    letters = sum(character.isalpha() for character in text)
    return Kind.POSTAL if letters else Kind.PHONE


def _display_postal(explanation: Explanation) -> str:
    """Return the parts of the match key, in the order of an envelope.

    >>> address = PostalAddress(lines=("Mme Zoé Petit", "12 bd de la Liberté", "35000 Rennes"))
    >>> display(Kind.POSTAL, address, region="FR")
    'z petit, 12 boulevard liberte, 35000, fr'
    """
    parts = {step.name: step.text for step in explanation.steps if step.key}
    person = " ".join(filter(None, (parts.get("first name"), parts.get("surname"))))
    street = " ".join(filter(None, (parts.get("number"), parts.get("street"))))
    return ", ".join(filter(None, (person, street, parts.get("postcode"), parts.get("country"))))
