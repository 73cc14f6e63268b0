"""Invented contacts as a French CRM exports them, equal in every run and all different."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from faker import Faker

from suppression.domain.identifiers.match_keys import MatchKeyLabel, PostalAddress
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind

SEED = 2026
_MAIL_HOSTS = ("gmail.com", "gmail.com", "orange.fr", "free.fr", "société-martin.fr", "wanadoo.fr")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A row of the export. `country` is the country of the phone number."""

    first_name: str
    last_name: str
    email: str
    phone: str
    country: str
    street: str
    postcode: str
    city: str

    @property
    def postal(self) -> dict[str, object]:
        """Return the postal address as the API takes it."""
        name = f"{self.first_name} {self.last_name}"
        return {
            "name": name,
            "street": self.street,
            "postcode": self.postcode,
            "city": self.city,
            "country": "FR",
        }


def contacts(number: int) -> list[Contact]:
    """Return contacts of whom no two share a mailbox, a phone number, or a name at an address."""
    batch: list[Contact] = []
    known: set[bytes] = set()
    for contact in _invented():
        forms = _forms(contact)
        if known.isdisjoint(forms):
            known |= forms
            batch.append(contact)
        if len(batch) == number:
            break
    return batch


def _invented() -> Iterator[Contact]:
    fake, chance = Faker("fr_FR"), random.Random(SEED)
    fake.seed_instance(SEED)
    while True:
        first, last = fake.first_name(), fake.last_name()
        country = chance.choices(("FR", "BE", "RE"), (90, 5, 5))[0]
        yield Contact(
            first_name=first,
            last_name=last,
            email=_email(fake, chance),
            phone=_phone(fake, chance, country),
            country=country,
            street=fake.street_address(),
            postcode=fake.postcode(),
            city=fake.city(),
        )


def _email(fake: Faker, chance: random.Random) -> str:
    if chance.random() < 0.3:
        return fake.email()
    number = chance.choice(["", str(chance.randrange(1000))])
    return f"{fake.user_name()}{number}@{chance.choice(_MAIL_HOSTS)}"


def _phone(fake: Faker, chance: random.Random, country: str) -> str:
    """Return a phone number of a country; half of the French ones are as Faker writes them.

    The others are from ranges that are large enough for 10,000 different numbers.
    """
    digits = f"{chance.randrange(10**8):08}"
    pairs = " ".join(digits[at : at + 2] for at in range(0, 8, 2))
    match country:
        case "BE":
            return f"+32 47{digits[0]} {pairs[3:]}"
        case "RE":
            return f"+262 692 {pairs[3:]}"
        case _:
            return fake.phone_number() if chance.random() < 0.5 else f"+33 7 {pairs}"


def _forms(contact: Contact) -> set[bytes]:
    """Return the prehash of every form by which a contact's stop could deny another contact."""
    postal = PostalAddress(
        name=f"{contact.first_name} {contact.last_name}",
        street=contact.street,
        postcode=contact.postcode,
        country="FR",
    )
    identifiers = (
        parse_identifier(Kind.EMAIL, contact.email, region="FR"),
        parse_identifier(Kind.PHONE, contact.phone, region=contact.country),
        parse_identifier(Kind.POSTAL, postal, region="FR"),
    )
    return {
        form.prehash
        for identifier in identifiers
        for form in identifier.forms
        if form.label is not MatchKeyLabel.WHOLE_ADDRESS
    }
