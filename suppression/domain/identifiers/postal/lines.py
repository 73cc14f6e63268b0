"""Free lines, as on an envelope, to fields: who, where, postcode and city, country."""

from __future__ import annotations

import re

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.forms import PostalAddress
from suppression.domain.identifiers.postal.countries import country_code
from suppression.domain.identifiers.postal.persons import is_whole_name
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, STREETS, WORD_SETS
from suppression.domain.identifiers.postal.words import folded, words

_POSTCODE_LINE = re.compile(
    r"((?:[A-Za-z]{1,2}[- ]+)?\d{2} ?\d{3}|(?:[A-Za-z]{1,2}[- ]+)?\d{4,5})[ ,-]+(\D.*)"
)
_BRITISH = re.compile(r"\b([A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2})$")
_JOIN = re.compile(r"(?:^|\s)(?:et|and|und|&|\+)\s*$|^(?:et|and|und|&|\+)\s", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_CIVIL = WORD_SETS["civilities_on_a_line"]
_FIRST_ADDRESS_LINE = 1
_MOST_NAMES = 3


def fields_of(address: PostalAddress) -> PostalAddress:
    """An address with its lines sorted into fields; fields beside them win.

    >>> one = fields_of(PostalAddress(lines=("M. Jean Dupont", "12 rue Foch", "75011 Paris")))
    >>> one.name, one.street, one.postcode, one.city
    ('M. Jean Dupont', '12 rue Foch', '75011', 'Paris')
    """
    lines = _split(address.lines)
    country = address.country
    if len(lines) > 1 and _names_country(lines[-1]):
        country = country or lines[-1]
        lines.pop()
    at, postcode, city = _postcode_line(lines)
    above = lines[:at]
    name, streets = _person_and_streets(above)
    return PostalAddress(
        name=address.name or name,
        street="\n".join(streets),
        postcode=address.postcode or postcode,
        city=address.city or city,
        country=country,
    )


def _names_country(line: str) -> bool:
    """Whether the last line is a country, spelled out: two letters could be anything."""
    return len(line) > len("FR") and not _DIGIT.search(line) and bool(country_code(line))


def _split(lines: tuple[str, ...]) -> list[str]:
    """One line each; a comma parts a line only where there are digits: `Dupont, Jean` stays."""
    parts: list[str] = []
    for line in lines:
        for piece in line.splitlines():
            several = len(lines) == 1 and _DIGIT.search(piece)
            parts += piece.split(",") if several else [piece]
    return [" ".join(part.split()) for part in parts if part.strip()]


def _postcode_line(lines: list[str]) -> tuple[int, str, str]:
    """Where the line with the postcode stands, the last one that looks like it, and its parts."""
    for at in range(len(lines) - 1, -1, -1):
        found = _POSTCODE_LINE.fullmatch(lines[at])
        if found:
            return at, found[1], found[2]
        british = _BRITISH.search(lines[at])
        if british and at:
            return at, british[1], lines[at][: british.start()]
    raise UnreadableIdentifierError(
        "malformed", "Send the lines as on an envelope: name, street, postcode and city."
    )


def _person_and_streets(above: list[str]) -> tuple[str, list[str]]:
    """The line that names the person, '' without one, and the others."""
    civil = [line for line in above if _begins_civil(line)]
    if civil:
        return civil[0], [line for line in above if line != civil[0]]
    if len(above) > _FIRST_ADDRESS_LINE and not _looks_like_street(above[0]):
        return above[0], above[1:]
    return "", above


def further_names(address: PostalAddress) -> str:
    """The names of a couple on lines of their own, as one line; "" where no second one is sure.

    >>> further_names(PostalAddress(lines=("M. Jean Dupont et", "Mme Marie Durand", "1 rue Foch")))
    'M. Jean Dupont et Mme Marie Durand'
    """
    if address.name:
        return ""
    lines = _split(address.lines)
    at = next((at for at, line in enumerate(lines) if _begins_civil(line)), 0)
    names = lines[at : at + 1]
    for line in lines[at + 1 :]:
        if len(names) == _MOST_NAMES or not _goes_on(names[-1], line):
            break
        names.append(line)
    bare = [_JOIN.sub(" ", line).strip() for line in names]
    return " et ".join(filter(None, bare)) if len(names) > 1 else ""


def _goes_on(name: str, line: str) -> bool:
    """Whether the line below a name is another: `et` between them, a civility, a whole name."""
    if _DIGIT.search(name) or _looks_like_street(line):
        return False
    joined = _JOIN.search(name) or _JOIN.match(line)
    return bool(joined) or _begins_civil(line) or _is_name(folded(line))


def _is_name(line: str) -> bool:
    return line.split(" ", maxsplit=1)[0].lower() in FIRST_NAMES and is_whole_name(line)


def _begins_civil(line: str) -> bool:
    first = words(folded(line).lower())[:1]
    return bool(first) and first[0] in _CIVIL and not _DIGIT.search(line)


def _looks_like_street(line: str) -> bool:
    if _DIGIT.search(line):
        return True
    first = words(folded(line).lower())[:1]
    return bool(first) and any(
        first[0] in table.types for table in STREETS.values() if len(first[0]) > 1
    )
