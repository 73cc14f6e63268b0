"""Measure how fast identifiers become fingerprints, as a ratio to a peer in the same run.

    PYTHONPATH=. .venv/bin/python benchmarks/identifiers.py [ROUNDS]

The peers: for HMAC alone hmac.digest; for e-mail a bare lower() + HMAC; for phones libphonenumber's
parse and format; for post NFKD + split + HMAC on the address as one text. Our code and the peer
take turns; the best of ROUNDS rounds counts.
"""

from __future__ import annotations

import hashlib
import hmac
import random
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

import phonenumbers
from faker import Faker

from suppression.domain.identifiers.keyed_digests import HmacSha256
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.parsing import canonical_texts, parse_identifier
from suppression.domain.identifiers.phone.parsing import canonical_phone
from suppression.domain.vocabulary import Kind

COUNT = 5_000
KEY = bytes(range(32))
STATE = HmacSha256(KEY)
HEADS = {kind: f"{kind}:sha256:".encode() for kind in Kind}
Item = TypeVar("Item")


def fingerprinted(kind: Kind, value: str | PostalAddress) -> bytes:
    """Return the fingerprint of an identifier's primary form, made from its canonical text."""
    text = canonical_texts(kind, value, region="FR")[0].text
    return STATE.digest(HEADS[kind] + hashlib.sha256(text.encode()).digest())[:16]


def everything(kind: Kind, value: str | PostalAddress) -> list[bytes]:
    """Return the fingerprints of all forms of an identifier that a check looks up."""
    identifier = parse_identifier(kind, value, region="FR")
    head = HEADS[kind]
    return [
        STATE.digest(head + form.prehash)[:16] for form in identifier.forms if form.use.is_looked_up
    ]


def bare_email(text: str) -> bytes:
    """Return the HMAC of a lower-cased e-mail address: the least work that any solution does."""
    return hmac.digest(KEY, text.lower().encode(), "sha256")


def bare_postal(text: str) -> bytes:
    """Return the HMAC of a postal address after NFKD and split: the least work of any solution."""
    folded = unicodedata.normalize("NFKD", text)
    return hmac.digest(KEY, " ".join(folded.split()).encode(), "sha256")


def libphonenumber(text: str) -> str:
    """Return a French number in E.164, parsed and formatted by libphonenumber alone."""
    number = phonenumbers.parse(text, "FR")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def corpus() -> tuple[list[str], list[str], list[PostalAddress]]:
    """Return e-mails, mobile numbers and addresses as in a French CRM, equal in every run."""
    Faker.seed(4)
    fake, chance = Faker("fr_FR"), random.Random(4)
    emails = [fake.email() for _ in range(COUNT)]
    digits = ["".join(chance.choices("0123456789", k=8)) for _ in range(COUNT)]
    phones = [f"0{chance.choice('67')}{digit}" for digit in digits]
    phones = [number for number in phones if number[:3] in {"061", "062", "064", "076", "077"}]
    addresses = [
        PostalAddress(
            name=f"{fake.first_name()} {fake.last_name()}",
            street=fake.street_address(),
            postcode=fake.postcode(),
            city=fake.city(),
        )
        for _ in range(COUNT)
    ]
    return emails, phones, addresses


def rate(work: Callable[[Item], object], items: Sequence[Item]) -> float:
    """Return how many items per second `work` handles in one round."""
    start = time.perf_counter()
    for item in items:
        work(item)
    return len(items) / (time.perf_counter() - start)


Duel = tuple[str, str, Callable[[], float], Callable[[], float]]


def duels() -> list[Duel]:
    """Return the comparisons: name, wanted ratio or "-", and functions for our and the peer's rate.

    A rate is in items per second.
    """
    emails, phones, addresses = corpus()
    texts = [
        f"{address.name} {address.street} {address.postcode} {address.city}"
        for address in addresses
    ]
    messages = [b"email:sha256:" + bytes(32)] * COUNT

    def email(work: Callable[[Kind, str], object]) -> Callable[[], float]:
        return lambda: rate(lambda email: work(Kind.EMAIL, email), emails)

    def post(work: Callable[[Kind, PostalAddress], object]) -> Callable[[], float]:
        return lambda: rate(lambda address: work(Kind.POSTAL, address), addresses)

    def bare_emails() -> float:
        return rate(bare_email, emails)

    def bare_addresses() -> float:
        return rate(bare_postal, texts)

    def bare_hmac() -> float:
        return rate(lambda message: hmac.digest(KEY, message, "sha256"), messages)

    def phone(work: Callable[[str], object]) -> Callable[[], float]:
        return lambda: rate(work, phones)

    clean = phone(lambda number: canonical_phone(number, "FR"))
    return [
        ("HMAC from states / hmac.digest", "2.7", lambda: rate(STATE.digest, messages), bare_hmac),
        ("e-mail / lower + HMAC", "0.5", email(fingerprinted), bare_emails),
        ("e-mail, all forms as objects", "-", email(everything), bare_emails),
        ("clean phone / libphonenumber", "10", clean, phone(libphonenumber)),
        ("post / NFKD + split + HMAC", "0.25", post(fingerprinted), bare_addresses),
        ("post, all forms as objects", "-", post(everything), bare_addresses),
    ]


def main(rounds: int) -> None:
    """Run all comparisons; print for each the ratio to the peer, and the wanted ratio."""
    for name, wanted, ours, peer in duels():
        pairs = [(ours(), peer()) for _ in range(rounds)]
        best, floor = max(our for our, _ in pairs), max(our for _, our in pairs)
        print(f"{name:34} {best / floor:6.2f}  (wanted {wanted}; {best:,.0f}/s to {floor:,.0f}/s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
