"""The forms of a postal address: person, household and whole address.

See docs/architecture.md#fingerprints-and-forms.

The matching key is not the printed form: country | postcode | street | number | surname | initial.
"""

from __future__ import annotations

import re

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback, clean_text, silent
from suppression.domain.identifiers.match_keys import (
    CanonicalText,
    KeyUse,
    MatchKeyLabel,
    PostalAddress,
)
from suppression.domain.identifiers.postal.countries import canonical_postcode, country_of
from suppression.domain.identifiers.postal.delivery_line import delivery_line
from suppression.domain.identifiers.postal.fast_path_address import plain_texts
from suppression.domain.identifiers.postal.folding import fold
from suppression.domain.identifiers.postal.free_lines import fields_of
from suppression.domain.identifiers.postal.recipients import Person, parse_recipients
from suppression.domain.well_formed import REPLACEMENT

MAX_LENGTH = 500
_PERSON = MatchKeyLabel.PERSON
_SPACES = re.compile(r"[ \t]+")
_PLANS = {"at": "de", "li": "de"}


def postal_texts(
    address: PostalAddress, region: str, note: TraceCallback = silent, *, consent: bool = False
) -> list[CanonicalText]:
    """Every form of a postal address, the person's first.

    >>> one = PostalAddress(name="Jean DUPONT", street="12, bd de l'Église", postcode="75011")
    >>> [(form.label.value, form.text) for form in postal_texts(one, "FR")][0]
    ('person', 'fr|75011|boulevard eglise|12|dupont|j')
    """
    if note is silent and (plain := plain_texts(address, region, consent=consent)):
        return plain
    limit_whole(address)
    fields = fields_of(address) if address.lines else address
    keys = _keys(fields, region, note)
    people = parse_recipients(fields.name) if fields.name else []
    if note is not silent:
        for step, texts in (
            ("surname", {_shown(person) for person in people}),
            ("first name", {person.initial for person in people}),
            ("person", {f"{person.initial} {_shown(person)}".strip() for person in people}),
        ):
            note(step, " or ".join(sorted(texts)), key=True)
    forms: list[CanonicalText] = []
    for key in keys:
        forms += _named(key, people)
    forms += [CanonicalText(MatchKeyLabel.WHOLE_ADDRESS, key) for key in keys]
    if consent:
        forms += _full(keys, people)
    return forms if len(people) == 1 else list(dict.fromkeys(forms))


def _keys(fields: PostalAddress, region: str, note: TraceCallback) -> list[str]:
    """The key of the address, one for each door; what it is made of is noted."""
    land = country_of(fields.country, region, fields.postcode)
    postcode, city = fields.postcode, fields.city
    if not postcode and city[:1].isdigit():
        postcode, _, city = city.partition(" ")
    postcode = canonical_postcode(land, postcode, city)
    lines = [
        _line(line, fields.postcode) for line in (fields.street, fields.line1, fields.line2) if line
    ]
    found = delivery_line(lines, _PLANS.get(land, land))
    if note is not silent:
        note("country", land, key=True)
        note("postcode", postcode, key=True)
        note("street as read", " / ".join(lines))
        note("street", found.street, key=True)
        note("number", "-".join(found.numbers), key=True)
    if not found.street:
        raise IdentifierParseError("malformed", "Send at least `street` and `postcode`.")
    return [f"{land}|{postcode}|{found.street}|{number}" for number in found.numbers or ("",)]


def _line(line: str, postcode: str) -> str:
    """A street line folded; a postcode and city pasted behind the street are cut off."""
    text = fold(line).lower().strip()
    if "  " in text or "\t" in text:
        text = _SPACES.sub(" ", text)
    if postcode and (at := text.find(f" {postcode}")) > 0:
        text = text[:at]
    return text


def _named(key: str, people: list[Person]) -> list[CanonicalText]:
    """The forms that depend on a name.

    `surname`: everyone of that name, written by a household. `someone`: at least one of that name,
    written by a person, asked by a household. So a household's stop holds for each of its persons,
    a letter to a household is denied once one of them said stop, and no one stops another.
    """
    forms = []
    surnames = []
    for person in people:
        if person.firm:
            forms.append(CanonicalText(MatchKeyLabel.PERSON, f"{key}|{person.surname}|firm"))
        elif person.initial:
            forms.append(CanonicalText(_PERSON, f"{key}|{person.surname}|{person.initial}"))
            surnames.append(
                CanonicalText(MatchKeyLabel.SURNAME, f"{key}|{person.surname}|", KeyUse.ASKED)
            )
            surnames.append(
                CanonicalText(MatchKeyLabel.SOMEONE, f"{key}|{person.surname}|?", KeyUse.WRITTEN)
            )
        else:
            forms.append(CanonicalText(MatchKeyLabel.SURNAME, f"{key}|{person.surname}|"))
            surnames.append(
                CanonicalText(MatchKeyLabel.SOMEONE, f"{key}|{person.surname}|?", KeyUse.ASKED)
            )
    return forms + surnames


def _shown(person: Person) -> str:
    return f"firm {person.surname}" if person.firm else person.surname


def _full(keys: list[str], people: list[Person]) -> list[CanonicalText]:
    """The form of a consent: the likeliest reading alone, with the whole first name."""
    whole = next((person for person in people[:1] if person.whole), None)
    if whole is None:
        return []
    return [
        CanonicalText(
            MatchKeyLabel.PERSON_FULL, f"{key}|{whole.surname}|{whole.whole}|full", KeyUse.CONSENT
        )
        for key in keys
    ]


def limit_whole(address: PostalAddress) -> None:
    """Refuse an address longer than 500 characters in all its parts together."""
    text = (
        f"{address.name}{address.street}{address.line1}{address.line2}"
        f"{address.postcode}{address.city}{address.country}{''.join(address.lines)}"
    )
    if len(text) > MAX_LENGTH or REPLACEMENT in text or not text.isprintable():
        clean_text(text, limit=MAX_LENGTH)
