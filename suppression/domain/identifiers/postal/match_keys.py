"""The match keys of a postal address: person, household and whole address.

See docs/architecture.md#fingerprints-and-forms; the steps are numbered as in docs/identifiers.md.

The match key is not the printed address: country | postcode | street | number | surname | initial.
"""

from __future__ import annotations

import re
from contextlib import suppress

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback, clean_text, silent
from suppression.domain.identifiers.match_keys import (
    CanonicalText,
    KeyUse,
    MatchKeyLabel,
    PostalAddress,
)
from suppression.domain.identifiers.postal.address_keys import (
    AddressKeys,
    address_keys,
    joined_keys,
)
from suppression.domain.identifiers.postal.damage import repaired_address
from suppression.domain.identifiers.postal.fast_path_address import plain_texts
from suppression.domain.identifiers.postal.free_lines import (
    attention_names,
    couple_on_lines,
    fields_of,
    names_grounds,
    surname_like_street,
)
from suppression.domain.identifiers.postal.people.name_texts import (
    asked_texts,
    name_texts,
    only_looked_up,
    with_readings,
)
from suppression.domain.identifiers.postal.people.older_names import invented_persons
from suppression.domain.identifiers.postal.people.people_apart import (
    may_be_read,
    names_several,
    older_people,
    one_person,
    parse_recipients,
    people_apart,
)
from suppression.domain.identifiers.postal.people.tidied_names import MAY_BE_TIDIED, tidied_names
from suppression.domain.identifiers.postal.recipients import Person
from suppression.domain.well_formed import REPLACEMENT

MAX_LENGTH = 500
_MAY_BE_INVENTED = re.compile(r",|\b[b-df-hj-np-tv-xz]{2}\b", re.IGNORECASE)


def postal_texts(
    address: PostalAddress, region: str, note: TraceCallback = silent, *, consent: bool = False
) -> list[CanonicalText]:
    """Return the text of every match key of a postal address, the primary one first.

    `region` is the country (ISO 3166-1 alpha-2) of an address that names none. `note` is called
    after each step. `consent` adds the match key of consents, if the address has one. Raise
    IdentifierParseError if the address cannot be read.

    >>> address = PostalAddress(name="Jean DUPONT", street="12, bd de l'Église", postcode="75011")
    >>> [(text.label.value, text.text) for text in postal_texts(address, "FR")][0]
    ('person', 'fr|75011|boulevard eglise|12|dupont|j')
    """
    repaired = address
    # A plain name and a plain street in ASCII have no sign of damage.
    if note is not silent or not (address.name.isascii() and address.street.isascii()):
        repaired = repaired_address(address)
    if note is silent and repaired is address:
        if plain := plain_texts(address, region, consent=consent):
            return plain
        repaired = repaired_address(address)
    tidied = repaired
    if MAY_BE_TIDIED.search("\n".join((repaired.name, *repaired.lines))):
        tidied = tidied_names(repaired)
    texts = _texts(tidied, region, note, consent=consent)
    for older in (address, repaired):
        if older != tidied:
            with suppress(IdentifierParseError):
                texts += _older_texts(_texts(older, region, silent), texts)
    return texts


def _older_texts(damaged: list[CanonicalText], texts: list[CanonicalText]) -> list[CanonicalText]:
    """Return the texts under which 0.9.0 stored a damaged address, which are only looked up."""
    known = {text.text for text in texts}
    return [text for text in only_looked_up(damaged) if text.text not in known]


def _texts(
    address: PostalAddress, region: str, note: TraceCallback, *, consent: bool = False
) -> list[CanonicalText]:
    """Return the text of every match key of an address that is not damaged."""
    limit_whole(address)
    fields = fields_of(address) if address.lines else address
    couple, apart = couple_on_lines(address, fields)
    # Steps 1 to 6
    keys = address_keys(apart, region, note)
    if apart is not fields:
        # Version 0.9.0 took the second name for the street: what it stored comes first.
        keys = joined_keys(address_keys(fields, region, silent), keys)
    # Steps 7 to 10
    attention = attention_names(address)
    people = _people(fields.name, couple, attention)
    if names_grounds(address, fields):
        return _texts_of_grounds(keys, people, note)
    if note is not silent:
        _trace_people(people, note)
    texts = _texts_of_people(keys, people)
    texts += _texts_of_surname(address, fields, region, keys.written)
    if _MAY_BE_INVENTED.search(fields.name):
        texts += _texts_of_invented(keys, fields.name, people)
    several = bool(couple or attention or names_several(fields.name))
    if consent and not several:
        texts += _consent_texts(keys.houses, people)
    if not people[1:]:
        return texts
    # The lines of a field are names of their own, and no name together.
    received = [couple] if couple and address.name else [fields.name, couple]
    names = list(filter(may_be_read, [*received, *attention]))
    named = _named(names, people) if several else one_person(fields.name, people)
    lines = [people, *map(older_people, filter(may_be_read, [fields.name]))]
    return with_readings(list(dict.fromkeys(texts)), named, lines)


def _named(names: list[str], people: list[Person]) -> list[list[Person]]:
    """Return the readings of each firm and each person in these names, the likeliest first.

    `people` are all whom the names may mean.
    """
    firms = [[person] for person in people if person.firm]
    return firms + [readings for name in names for readings in people_apart(name)]


def _texts_of_people(keys: AddressKeys, people: list[Person]) -> list[CanonicalText]:
    """Return the texts of these people at an address, and of the whole address."""
    texts: list[CanonicalText] = []
    for key in keys.written:
        texts += name_texts(key, people)
    texts += [CanonicalText(MatchKeyLabel.WHOLE_ADDRESS, key) for key in keys.written]
    for key in keys.lookups:
        texts += asked_texts(key, people)
    return texts


def _texts_of_invented(keys: AddressKeys, name: str, people: list[Person]) -> list[CanonicalText]:
    """Return the texts of surnames that 0.9.0 invented for a name, which are only looked up."""
    older = [person for person in invented_persons(name) if person not in people]
    return [
        text
        for key in keys.written
        for text in asked_texts(key, older)
        if text.label is not MatchKeyLabel.WHOLE_ADDRESS
    ]


def _texts_of_grounds(
    keys: AddressKeys, people: list[Person], note: TraceCallback
) -> list[CanonicalText]:
    """Return the texts of an address whose first line is a residence, which names nobody.

    `people` are those whom 0.9.0 took that line for: their texts are only looked up.
    """
    if note is not silent:
        _trace_people([], note)
    texts = _texts_of_people(keys, [])
    older = [text for key in keys.written for text in asked_texts(key, people)]
    return texts + [text for text in older if text.label is not MatchKeyLabel.WHOLE_ADDRESS]


def _texts_of_surname(
    address: PostalAddress, fields: PostalAddress, region: str, known: list[str]
) -> list[CanonicalText]:
    """Return the texts of a person whose name on the first line looks like a street; often [].

    The address remains one without a name, since its first line may be a house. `known` are the
    keys of the address with that line; whole addresses without it are only looked up.
    """
    name, apart = surname_like_street(address, fields)
    if not name:
        return []
    with suppress(IdentifierParseError):
        keys = address_keys(apart, region, silent).written
        whole = [
            CanonicalText(MatchKeyLabel.WHOLE_ADDRESS, key, KeyUse.LOOKUP)
            for key in keys
            if key not in known
        ]
        people = parse_recipients(name)
        return [text for key in keys for text in name_texts(key, people)] + whole
    return []


def _people(name: str, couple: str, attention: list[str]) -> list[Person]:
    """Return all persons whom a name, a couple's names on several lines and `attention` may mean.

    `attention` are the names behind `a l'attention de` on other lines.
    """
    people = parse_recipients(name) if name else []
    if couple and may_be_read(couple):
        people += [person for person in parse_recipients(couple) if person not in people]
    for other in filter(may_be_read, attention):
        people += [person for person in parse_recipients(other) if person not in people]
    return people


def _trace_people(people: list[Person], note: TraceCallback) -> None:
    """Call `note` with the surnames, the initials and the names of these people."""
    surnames = [f"firm {person.surname}" if person.firm else person.surname for person in people]
    initials = [person.initial for person in people]
    names = [
        f"{initial} {surname}".strip() for initial, surname in zip(initials, surnames, strict=True)
    ]
    for step, readings in (("surname", surnames), ("first name", initials), ("person", names)):
        note(step, " or ".join(sorted(set(readings))), key=True)


def _consent_texts(keys: list[str], people: list[Person]) -> list[CanonicalText]:
    """Return, in a list, the one text that a person's consent is stored under; or [].

    The text has all house numbers and the whole first name. `people` are the readings of one name,
    the likeliest first. Return [] if the likeliest has no whole first name.
    """
    if not people or not people[0].whole:
        return []
    first, *others = keys
    houses = "-".join([first, *(key.rpartition("|")[2] for key in others)])
    text = f"{houses}|{people[0].surname}|{people[0].whole}|full"
    return [CanonicalText(MatchKeyLabel.PERSON_FULL, text, KeyUse.CONSENT)]


def limit_whole(address: PostalAddress) -> None:
    """Raise IdentifierParseError for over 500 characters in all or what `clean_text` refuses."""
    text = (
        f"{address.name}{address.street}{address.line1}{address.line2}"
        f"{address.postcode}{address.city}{address.country}{''.join(address.lines)}"
    )
    if len(text) > MAX_LENGTH or REPLACEMENT in text or not text.isprintable():
        clean_text(text, limit=MAX_LENGTH)
