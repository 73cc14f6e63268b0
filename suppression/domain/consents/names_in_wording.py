"""Whether a text tells the name of a person who goes with it, however it is written."""

from __future__ import annotations

from collections.abc import Sequence

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.email_unwrapping import unwrap_address
from suppression.domain.identifiers.postal.folding import fold, words
from suppression.domain.identifiers.postal.recipients import Person, parse_recipients
from suppression.domain.identifiers.postal.tables import WORD_SETS

_LONGEST_NAME = 200
"""Characters. What is longer is no person's name."""
_BEFORE_A_NAME = WORD_SETS["civilities"] | {"soussigne", "soussignee"}


def contains_name(text: str, name: str) -> bool:
    """Whether a text holds the surname with the first name or initial, or behind a civility.

    A surname alone may be a word of any sentence (Petit, Marchand), and a first name is many's.

    >>> contains_name("Je soussigné DUPONT Jean, accepte", "M. Jean Dupont")
    True
    >>> contains_name("Mme Petit accepte", "Zoé Petit"), contains_name("un petit mot", "Zoé Petit")
    (True, False)
    """
    if not name.strip() or len(name) > _LONGEST_NAME:
        return False
    try:
        persons = parse_recipients(name)
    except IdentifierParseError:
        return False
    spoken = words(fold(text).casefold())
    return any(_is_told(spoken, person) for person in persons if not person.firm)


def split_name(address: str) -> str:
    """The name that is written around an e-mail address; '' where there is none.

    >>> split_name("Ana Silva <ana@example.com>"), split_name("ana@example.com")
    ('Ana Silva', '')
    """
    bare = unwrap_address(address)
    if "@" not in bare or bare not in address:
        return ""
    return " ".join(address.replace(bare, " ").strip(" \t<>()[]\"',;").split())


def _is_told(spoken: Sequence[str], person: Person) -> bool:
    surname = words(person.surname)
    places = [
        place
        for place in range(len(spoken) - len(surname) + 1)
        if list(spoken[place : place + len(surname)]) == surname
    ]
    given = words(person.whole)
    if given and places and set(given) <= set(spoken):
        return True
    return any(_is_a_name(spoken, place, place + len(surname), person) for place in places)


def _is_a_name(spoken: Sequence[str], start: int, end: int, person: Person) -> bool:
    """Whether what stands around a surname makes it one: a civility, or the person's initial."""
    before = spoken[start - 1] if start else ""
    behind = spoken[end] if end < len(spoken) else ""
    return before in _BEFORE_A_NAME or (person.initial != "" and person.initial in {before, behind})
