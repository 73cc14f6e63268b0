"""The forms of a postal address: person, household and whole address.

See docs/architecture.md#fingerprints-and-forms.

The matching key is not the printed form: country | postcode | street | number | surname | initial.
"""

from __future__ import annotations

import re

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.cleaning import cleaned
from suppression.domain.identifiers.forms import FormLabel, PostalAddress, Spelling, Use
from suppression.domain.identifiers.postal.countries import canonical_postcode, land_of
from suppression.domain.identifiers.postal.delivery import delivered
from suppression.domain.identifiers.postal.lines import fields_of, further_names
from suppression.domain.identifiers.postal.persons import Person, persons
from suppression.domain.identifiers.postal.plain import plain_spellings
from suppression.domain.identifiers.postal.words import folded
from suppression.domain.identifiers.tracing import Note, silent
from suppression.domain.well_formed import REPLACEMENT

MAX_LENGTH = 500
_PERSON = FormLabel.PERSON
_SPACES = re.compile(r"[ \t]+")
_PLANS = {"at": "de", "li": "de"}


def postal_spellings(
    address: PostalAddress, region: str, note: Note = silent, *, consent: bool = False
) -> list[Spelling]:
    """Every form of a postal address, the person's first.

    >>> one = PostalAddress(name="Jean DUPONT", street="12, bd de l'Église", postcode="75011")
    >>> [(form.label.value, form.text) for form in postal_spellings(one, "FR")][0]
    ('person', 'fr|75011|boulevard eglise|12|dupont|j')
    """
    if note is silent and (plain := plain_spellings(address, region, consent=consent)):
        return plain
    limit_whole(address)
    fields = fields_of(address) if address.lines else address
    keys = _keys(fields, region, note)
    people = persons(fields.name) if fields.name else []
    if couple := further_names(address):
        people += [one for one in persons(couple) if one not in people]
    if note is not silent:
        for step, texts in (
            ("surname", {_shown(one) for one in people}),
            ("first name", {one.initial for one in people}),
            ("person", {f"{one.initial} {_shown(one)}".strip() for one in people}),
        ):
            note(step, " or ".join(sorted(texts)), key=True)
    forms: list[Spelling] = []
    for key in keys:
        forms += _named(key, people)
    forms += [Spelling(FormLabel.WHOLE_ADDRESS, key) for key in keys]
    if consent:
        forms += _full(keys, people)
    return forms if len(people) == 1 else list(dict.fromkeys(forms))


def _keys(fields: PostalAddress, region: str, note: Note) -> list[str]:
    """The key of the address, one for each door; what it is made of is noted."""
    land = land_of(fields.country, region, fields.postcode)
    postcode, city = fields.postcode, fields.city
    if not postcode and city[:1].isdigit():
        postcode, _, city = city.partition(" ")
    postcode = canonical_postcode(land, postcode, city)
    lines = [
        _line(line, fields.postcode) for line in (fields.street, fields.line1, fields.line2) if line
    ]
    found = delivered(lines, _PLANS.get(land, land))
    if note is not silent:
        note("country", land, key=True)
        note("postcode", postcode, key=True)
        note("street as read", " / ".join(lines))
        note("street", found.street, key=True)
        note("number", "-".join(found.numbers), key=True)
    if not found.street:
        raise UnreadableIdentifierError("malformed", "Send at least `street` and `postcode`.")
    return [f"{land}|{postcode}|{found.street}|{number}" for number in found.numbers or ("",)]


def _line(line: str, postcode: str) -> str:
    """A street line folded; a postcode and city pasted behind the street are cut off."""
    text = folded(line).lower().strip()
    if "  " in text or "\t" in text:
        text = _SPACES.sub(" ", text)
    if postcode and (at := text.find(f" {postcode}")) > 0:
        text = text[:at]
    return text


def _named(key: str, people: list[Person]) -> list[Spelling]:
    """The forms that depend on a name.

    `surname`: everyone of that name, written by a household. `someone`: at least one of that name,
    written by a person, asked by a household. So a household's stop holds for each of its persons,
    a letter to a household is denied once one of them said stop, and no one stops another.
    """
    forms = []
    surnames = []
    for one in people:
        if one.firm:
            forms.append(Spelling(FormLabel.PERSON, f"{key}|{one.surname}|firm"))
        elif one.initial:
            forms.append(Spelling(_PERSON, f"{key}|{one.surname}|{one.initial}"))
            surnames.append(Spelling(FormLabel.SURNAME, f"{key}|{one.surname}|", Use.ASKED))
            surnames.append(Spelling(FormLabel.SOMEONE, f"{key}|{one.surname}|?", Use.WRITTEN))
        else:
            forms.append(Spelling(FormLabel.SURNAME, f"{key}|{one.surname}|"))
            surnames.append(Spelling(FormLabel.SOMEONE, f"{key}|{one.surname}|?", Use.ASKED))
    return forms + surnames


def _shown(one: Person) -> str:
    return f"firm {one.surname}" if one.firm else one.surname


def _full(keys: list[str], people: list[Person]) -> list[Spelling]:
    """The form of a consent: the likeliest reading alone, with the whole first name."""
    whole = next((one for one in people[:1] if one.whole), None)
    if whole is None:
        return []
    return [
        Spelling(FormLabel.PERSON_FULL, f"{key}|{whole.surname}|{whole.whole}|full", Use.CONSENT)
        for key in keys
    ]


def limit_whole(address: PostalAddress) -> None:
    """Refuse an address longer than 500 characters in all its parts together."""
    text = (
        f"{address.name}{address.street}{address.line1}{address.line2}"
        f"{address.postcode}{address.city}{address.country}{''.join(address.lines)}"
    )
    if len(text) > MAX_LENGTH or REPLACEMENT in text or not text.isprintable():
        cleaned(text, limit=MAX_LENGTH)
