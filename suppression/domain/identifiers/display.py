"""An identifier shown back as it was understood, to the person who typed it. Kept nowhere."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat

from suppression.domain.identifiers.explain import Explanation, explain
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.vocabulary import Kind


def display(kind: Kind, value: str | PostalAddress, *, region: str) -> str:
    """How it reads; UnreadableIdentifierError if it cannot be understood.

    >>> display(Kind.PHONE, "06.12.34.56.78", region="FR")
    '+33 6 12 34 56 78'
    >>> display(Kind.EMAIL, " Zoe@Example.FR ", region="FR")
    'zoe@example.fr'
    """
    understood = explain(kind, value, region=region)
    if kind is Kind.PHONE:
        number = phonenumbers.parse(understood.forms[0].text)
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    if kind is Kind.EMAIL:
        return understood.forms[0].text
    return _postal(understood)


def is_a_number_in_use(shown: str) -> bool:
    """Whether a number, as `shown_back` shows it, is one that the world's plans know.

    >>> is_a_number_in_use("+33 6 12 34 56 78"), is_a_number_in_use("+33 061234567")
    (True, False)
    """
    return phonenumbers.is_valid_number(phonenumbers.parse(shown))


def kind_of(text: str) -> Kind:
    """What kind of identifier somebody typed into the one field of a look-up.

    >>> [str(kind_of(text)) for text in ("a@b.fr", "06 12 34 56 78", "1 rue Inventée, Rennes")]
    ['email', 'phone', 'postal']
    """
    if "@" in text:
        return Kind.EMAIL
    letters = sum(character.isalpha() for character in text)
    return Kind.POSTAL if letters else Kind.PHONE


def _postal(understood: Explanation) -> str:
    """The parts that make the key, in the order of an envelope.

    >>> address = PostalAddress(lines=("Mme Zoé Petit", "12 bd de la Liberté", "35000 Rennes"))
    >>> display(Kind.POSTAL, address, region="FR")
    'z petit, 12 boulevard liberte, 35000, fr'
    """
    parts = {step.name: step.text for step in understood.steps if step.key}
    person = " ".join(filter(None, (parts.get("first name"), parts.get("surname"))))
    street = " ".join(filter(None, (parts.get("number"), parts.get("street"))))
    return ", ".join(filter(None, (person, street, parts.get("postcode"), parts.get("country"))))
