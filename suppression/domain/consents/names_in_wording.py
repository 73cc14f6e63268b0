"""Detection of a known person's name in a text, whatever its case, accents, hyphens and order.

A name that is misspelt, or whose parts are run together, is not found.
"""

from __future__ import annotations

from collections.abc import Sequence

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.email_unwrapping import unwrap_address
from suppression.domain.identifiers.postal.folding import fold, words
from suppression.domain.identifiers.postal.people.people_apart import parse_recipients
from suppression.domain.identifiers.postal.recipients import Person
from suppression.domain.identifiers.postal.tables import WORD_SETS

_MAX_NAME_LENGTH = 200
"""The maximum characters of a name; a longer text is no person's name."""
_NAME_PREFIXES = WORD_SETS["civilities"] | {"soussigne", "soussignee"}


def contains_name(text: str, name: str) -> bool:
    """Return whether a text names the person, or one of the persons, that `name` names.

    The text must have the person's surname and one of these: the first name anywhere, the initial
    beside the surname, a civility before the surname. A surname alone does not count, since it may
    be any word (Petit, Marchand), nor a first name alone, since many people share it. Return False
    for a `name` that is empty, over 200 characters, not parsable, or that of a firm.

    >>> contains_name("Je soussigné DUPONT Jean, accepte", "M. Jean Dupont")
    True
    >>> contains_name("Mme Petit accepte", "Zoé Petit"), contains_name("un petit mot", "Zoé Petit")
    (True, False)
    >>> contains_name("Jean-Pierre de La Fontaine accepte", "M. Jean-Pierre de La Fontaine")
    True
    """
    if not name.strip() or len(name) > _MAX_NAME_LENGTH:
        return False
    try:
        persons = parse_recipients(name)
    except IdentifierParseError:
        return False
    text_words = words(fold(text).casefold())
    return any(_contains_person(text_words, person) for person in persons if not person.firm)


def split_name(address: str) -> str:
    """Return the name beside an e-mail address in a received text; '' without a name or address.

    >>> split_name("Ana Silva <ana@example.com>"), split_name("ana@example.com")
    ('Ana Silva', '')
    """
    bare = unwrap_address(address)
    if "@" not in bare or bare not in address:
        return ""
    return " ".join(address.replace(bare, " ").strip(" \t<>()[]\"',;").split())


def _contains_person(text_words: Sequence[str], person: Person) -> bool:
    """Return whether the words of a text name this person."""
    surnames = _runs(text_words, person.surname)
    if surnames and person.whole and _runs(text_words, person.whole):
        return True
    return any(_is_person_name(text_words, start, end, person) for start, end in surnames)


def _runs(text_words: Sequence[str], joined: str) -> list[tuple[int, int]]:
    """Return start and end of each run of words that give `joined` without spaces between them.

    The words de, la, fontaine give `delafontaine`. `end` is the index after the last word.
    """
    runs = []
    for start in range(len(text_words)):
        end, text = start, ""
        while end < len(text_words) and len(text) < len(joined):
            text += text_words[end]
            end += 1
        if text == joined:
            runs.append((start, end))
    return runs


def _is_person_name(text_words: Sequence[str], start: int, end: int, person: Person) -> bool:
    """Return whether a civility or `soussigne` precedes a surname, or the initial is beside it.

    The surname is the words from `start` to before `end`.
    """
    before = text_words[start - 1] if start else ""
    after = text_words[end] if end < len(text_words) else ""
    return before in _NAME_PREFIXES or (person.initial != "" and person.initial in {before, after})
