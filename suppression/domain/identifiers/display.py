"""Display of an identifier as the service understood it, for the user who sent it."""

from __future__ import annotations

from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import PhoneNumberFormat

from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.parsing import canonical_texts
from suppression.domain.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class KeyTrace:
    """A trace callback that keeps the texts from which an identifier's match keys are made."""

    texts: dict[str, str] = field(default_factory=dict, repr=False)
    """The text after each step of the match key, by the name of the step."""

    def __call__(self, step: str, text: str, *, key: bool = False) -> None:
        """Keep the text of a step if match keys are made of it."""
        if key:
            self.texts[step] = text

    def display(self, kind: Kind) -> str:
        """Return the identifier that was parsed with this callback, written for a person to read.

        The parts of a postal address are in the order of an envelope. `kind` must be that of the
        identifier. Raise KeyError if none was parsed.
        """
        texts = self.texts
        if kind is Kind.PHONE:
            number = phonenumbers.parse(texts["E.164"])
            return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        if kind is Kind.EMAIL:
            return f"{texts['mailbox name']}@{texts['domain']}"
        person = " ".join(filter(None, (texts["first name"], texts["surname"])))
        street = " ".join(filter(None, (texts["number"], texts["street"])))
        return ", ".join(filter(None, (person, street, texts["postcode"], texts["country"])))


def display(kind: Kind, value: str | PostalAddress, *, region: str) -> str:
    """Return an identifier as the service understood it, written for a person to read.

    `region` is the country (ISO 3166-1 alpha-2) that is assumed for a national phone number and for
    a postal address without a country. Raise IdentifierParseError if the identifier cannot be
    parsed.

    >>> display(Kind.PHONE, "06.12.34.56.78", region="FR")
    '+33 6 12 34 56 78'
    >>> display(Kind.EMAIL, " Zoe@Example.FR ", region="FR")
    'zoe@example.fr'
    >>> address = PostalAddress(lines=("Mme Zoé Petit", "12 bd de la Liberté", "35000 Rennes"))
    >>> display(Kind.POSTAL, address, region="FR")
    'z petit, 12 boulevard liberte, 35000, fr'
    """
    trace = KeyTrace()
    canonical_texts(kind, value, region=region, note=trace)
    return trace.display(kind)


def is_a_number_in_use(text: str) -> bool:
    """Return whether a phone number, as `display` shows it, is valid in a national numbering plan.

    >>> is_a_number_in_use("+33 6 12 34 56 78"), is_a_number_in_use("+33 061234567")
    (True, False)
    """
    return phonenumbers.is_valid_number(phonenumbers.parse(text))


def kind_of(text: str) -> Kind:
    """Return EMAIL for a text with an @, POSTAL for another with a letter, PHONE for the rest.

    `text` is what a user typed into the single field of a look-up.

    >>> [str(kind_of(text)) for text in ("a@b.fr", "06 12 34 56 78", "1 rue Inventée, Rennes")]
    ['email', 'phone', 'postal']
    """
    if "@" in text:
        return Kind.EMAIL
    letters = sum(character.isalpha() for character in text)
    return Kind.POSTAL if letters else Kind.PHONE
