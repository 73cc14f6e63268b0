"""Conversion of free lines, as on an envelope, to fields: name, street, postcode, city, country.

It also finds a couple's names on several lines (step 9 of post in docs/identifiers.md).
"""

from __future__ import annotations

import dataclasses
import re

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.postal.countries import country_code
from suppression.domain.identifiers.postal.folding import fold, words
from suppression.domain.identifiers.postal.name_lines import (
    ATTENTION,
    CIVILITY_BEHIND,
    without_civility,
)
from suppression.domain.identifiers.postal.names_apart import is_certain_name, is_whole_name
from suppression.domain.identifiers.postal.plain_names import firm_name
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, STREETS, UNITS, WORD_SETS

_POSTCODE_LINE = re.compile(
    r"((?:[A-Za-z]{1,2}[- ]+)?\d{2} ?\d{3}|(?:[A-Za-z]{1,2}[- ]+)?\d{4,5})[ ,-]+(\D.*)"
)
_BRITISH = re.compile(r"\b([A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2})$")
_COMMA = re.compile(",")
_BEFORE_POSTCODE = re.compile(r" (?=\d{5} [^\d]+$)")
_LABELLED = re.compile(
    rf"\W*{ATTENTION.pattern}(?=\w)|\W*(?:att|attn|attention|fao|pour|a) {CIVILITY_BEHIND}",
    re.IGNORECASE,
)
_GROUNDS = WORD_SETS["grounds"]
# A line that begins with one of these is no name: `VILLA Marie`, `R. Foch`.
_FRENCH = STREETS["fr"]
_PLACES = _GROUNDS.union(
    WORD_SETS["named_houses"], UNITS, _FRENCH.types, _FRENCH.estates, _FRENCH.places
)
_JOIN = re.compile(r"(?:^|\s)(?:et|and|und|&|\+)\s*$|^(?:et|and|und|&|\+)\s", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_CIVILITIES = WORD_SETS["civilities_on_a_line"]
_FIRST_ADDRESS_LINE = 1
_COUPLE = 2
_MAX_NAMES = 3
_ARTICLES = WORD_SETS["articles"]
# A street's type, as a surname, and one or two first names.
_NAME_LENGTHS = (2, 3)


def fields_of(address: PostalAddress) -> PostalAddress:
    """Return an address with its free lines sorted into fields.

    The address's own name, postcode, city and country take precedence over those in its lines.
    Raise IdentifierParseError if no line looks like postcode and city, or if the address has
    `street`, `line1` or `line2` beside its lines: either could be the street that was meant.

    >>> fields = fields_of(PostalAddress(lines=("M. Jean Dupont", "12 rue Foch", "75011 Paris")))
    >>> fields.name, fields.street, fields.postcode, fields.city
    ('M. Jean Dupont', '12 rue Foch', '75011', 'Paris')
    """
    if f"{address.street}{address.line1}{address.line2}".strip():
        raise IdentifierParseError(
            "malformed", "Send either `street`, `line1` and `line2`, or `lines`."
        )
    lines = split_lines(address.lines)
    country = address.country
    last = lines[-1] if len(lines) > 1 else ""
    # Only a country in full: two letters could be anything.
    if len(last) > len("FR") and not _DIGIT.search(last) and country_code(last):
        country = country or last
        lines.pop()
    index, postcode, city = _postcode_line(lines)
    above = lines[:index]
    name, streets = _person_and_streets(above)
    return PostalAddress(
        name=address.name or name,
        street="\n".join(streets),
        postcode=address.postcode or postcode,
        city=address.city or city,
        country=country,
    )


def split_lines(lines: tuple[str, ...]) -> list[str]:
    """Split lines at line breaks, and a single line at commas too.

    If no part then is a postcode and a city alone, or ends with a British postcode, several lines
    are split at commas too; if there still is no such part, they are split before a five-digit
    postcode. A part without digits is never split at commas: `Dupont, Jean` remains one line.
    """
    pieces = [piece for line in lines for piece in line.splitlines()]
    parts = _split_at(pieces, _COMMA) if len(lines) == 1 else _without_spaces(pieces)
    for separator in (_COMMA, _BEFORE_POSTCODE):
        if not any(_POSTCODE_LINE.fullmatch(part) or _BRITISH.search(part) for part in parts):
            parts = _split_at(parts, separator)
    return parts


def _split_at(pieces: list[str], separator: re.Pattern[str]) -> list[str]:
    """Return the pieces, those with a digit split at the separator."""
    return _without_spaces(
        [
            part
            for piece in pieces
            for part in (separator.split(piece) if _DIGIT.search(piece) else [piece])
        ]
    )


def _without_spaces(pieces: list[str]) -> list[str]:
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def _postcode_line(lines: list[str]) -> tuple[int, str, str]:
    """Return the index of the last line that looks like postcode and city, its postcode, its city.

    Raise IdentifierParseError if there is none.
    """
    for index in range(len(lines) - 1, -1, -1):
        match = _POSTCODE_LINE.fullmatch(lines[index])
        if match:
            return index, match[1], match[2]
        british = _BRITISH.search(lines[index])
        if british and index:
            return index, british[1], lines[index][: british.start()]
    raise IdentifierParseError(
        "malformed", "Send the lines as on an envelope: name, street, postcode and city."
    )


def _person_and_streets(above: list[str]) -> tuple[str, list[str]]:
    """Return the line that names the person, or '', and the other lines.

    It is the first line with a civility, else the first of several unless it looks like a street.
    """
    lines_with_civility = [line for line in above if begins_with_civility(line)]
    if lines_with_civility:
        return lines_with_civility[0], [line for line in above if line != lines_with_civility[0]]
    if len(above) > _FIRST_ADDRESS_LINE and not _looks_like_street(above[0]):
        return above[0], above[1:]
    return "", above


def surname_like_street(address: PostalAddress, fields: PostalAddress) -> tuple[str, PostalAddress]:
    """Return the first line as a name, and `fields` without it, if it may be a street or a person.

    `VILLA Jean` may be a house or a person: a street's type, without a number, and one or two
    words. These must include a known first name, unless a line with a number follows, which then is
    the street. `fields` is the address with its free lines sorted into fields. Return '' and
    `fields` unchanged if the first line is not so.

    >>> address = PostalAddress(lines=("VILLA Jean", "12 rue Foch", "35000 Rennes"))
    >>> name, fields = surname_like_street(address, fields_of(address))
    >>> name, fields.street
    ('VILLA Jean', '12 rue Foch')
    """
    first, _, rest = fields.street.partition("\n")
    name = words(fold(first).lower())
    if not address.lines or fields.name or not rest or len(name) not in _NAME_LENGTHS:
        return "", fields
    if _DIGIT.search(first) or not _ARTICLES.isdisjoint(name):
        return "", fields
    if _DIGIT.search(rest) or not FIRST_NAMES.isdisjoint(name[1:]):
        return first, dataclasses.replace(fields, street=rest)
    return "", fields


def names_grounds(address: PostalAddress, fields: PostalAddress) -> bool:
    """Return whether the name in `fields` is a residence or a building on the first free line.

    `fields` is the address with its free lines sorted into fields. Such a line begins with a word
    for grounds and has no known first name: it names nobody.

    >>> address = PostalAddress(lines=("R\u00e9sidence Les Pins", "12 rue Foch", "35000 Rennes"))
    >>> names_grounds(address, fields_of(address))
    True
    """
    name = words(fold(fields.name).lower())
    is_line = bool(address.lines) and not address.name and bool(name)
    return is_line and name[0] in _GROUNDS and FIRST_NAMES.isdisjoint(name)


def attention_names(address: PostalAddress) -> list[str]:
    """Return the names behind `a l'attention de` and the like, on any line but the first of `name`.

    >>> attention_names(PostalAddress(name="SARL X", line1="A l'attention de M. Dupont"))
    ['M. Dupont']
    """
    below_name = address.name.splitlines()[1:]
    received = (*below_name, *address.lines, address.street, address.line1, address.line2)
    folded = [fold(line) for text in received for line in text.splitlines()]
    return [line[match.end() :] for line in folded if (match := _LABELLED.match(line))]


def couple_on_lines(address: PostalAddress, fields: PostalAddress) -> tuple[str, PostalAddress]:
    """Return a couple's names on several lines as one, and `fields` without these in `street`.

    `fields` is the address with its free lines sorted into fields. If no second name is certain,
    return '' and `fields` unchanged. If the names are the lines of the field `name`, or leave no
    line for the street, return them and `fields` unchanged. The names may be more than
    `parse_recipients` accepts.

    >>> address = PostalAddress(lines=("Jean Dupont et", "Mme Durand", "Le Bourg", "35000 Rennes"))
    >>> names, fields = couple_on_lines(address, fields_of(address))
    >>> names, fields.street
    ('Jean Dupont et Mme Durand', 'Le Bourg')
    """
    of_field = bool(address.name)
    lines = address.name.splitlines() if of_field else split_lines(address.lines)
    at = next((at for at, line in enumerate(lines) if begins_with_civility(line)), 0)
    while (
        at
        and is_name(lines[at - 1], of_field=of_field)
        and _goes_on(lines[at - 1], lines[at], of_field=of_field)
    ):
        at -= 1
    names = lines[at : at + 1]
    for line in lines[at + 1 :]:
        if len(names) == _MAX_NAMES or not _goes_on(names[-1], line, of_field=of_field):
            break
        names.append(line)
    streets = [line for line in fields.street.split("\n") if line not in names]
    if len(names) < _COUPLE or (not of_field and _may_be_street(names, streets)):
        return "", fields
    parts = list(filter(None, [_JOIN.sub(" ", line).strip() for line in names]))
    couple = (" ; " if any(map(firm_name, map(fold, parts))) else " et ").join(parts)
    if streets and not of_field:
        fields = dataclasses.replace(fields, street="\n".join(streets))
    return couple, fields


def _may_be_street(names: list[str], streets: list[str]) -> bool:
    """Return whether one of the `names` may be a lieu-dit; `streets` are the lines without a name.

    `KER Anna` may be one if `streets` have no digit, unless there are such lines and the first of
    the names is surname first as well.
    """
    below = [fold(name) for name in names if not begins_with_civility(name)]
    if any(map(_DIGIT.search, streets)) or not any(map(_is_surname_first, below)):
        return False
    return not (streets and _is_surname_first(without_civility(fold(names[0]))))


def _goes_on(name: str, line: str, *, of_field: bool) -> bool:
    """Return whether the `line` below a name is one too: by `et`, a civility or as `_is_name`."""
    if _DIGIT.search(name) or _looks_like_street(line):
        return False
    joined = _JOIN.search(name) or _JOIN.match(line)
    return bool(joined) or begins_with_civility(line) or is_name(line, of_field=of_field)


def is_name(line: str, *, of_field: bool = False) -> bool:
    """Return whether a line is surely a name; in the field `name` (`of_field`), any two words."""
    folded = fold(line)
    is_long = len(words(folded)) > 1
    return (of_field and is_long) or _is_given_first(folded) or _is_surname_first(folded)


def _is_given_first(line: str) -> bool:
    return bool(FIRST_NAMES.intersection(words(line.lower())[:1])) and is_whole_name(line)


def _is_surname_first(line: str) -> bool:
    is_place = not _PLACES.isdisjoint(words(line.lower())[:1]) or firm_name(line)
    return not (is_place or _is_given_first(line)) and is_certain_name(line)


def begins_with_civility(line: str) -> bool:
    """Return whether a line begins with a civility and has no digits."""
    first = words(fold(line).lower())[:1]
    return bool(first) and first[0] in _CIVILITIES and not _DIGIT.search(line)


def _looks_like_street(line: str) -> bool:
    """Return whether a line has a digit or begins with a street type (of two letters or more)."""
    if _DIGIT.search(line):
        return True
    first = words(fold(line).lower())[:1]
    return bool(first) and any(
        first[0] in table.types for table in STREETS.values() if len(first[0]) > 1
    )
