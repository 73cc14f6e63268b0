"""Surnames that are words of the tables: `M. DE SA`, `MAITRE Jean`, `FOYER, Jean`.

Their readings stand behind those of the firm, the title or the household.
"""

from __future__ import annotations

from suppression.domain.identifiers.postal.name_lines import PLAIN_CIVILITIES, WORD
from suppression.domain.identifiers.postal.names import NameReading
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, WORD_SETS

FIRM_SURNAMES = WORD_SETS["firms_as_surnames"]
_OTHER_FIRMS = (WORD_SETS["firms"] | WORD_SETS["more_firms"]) - FIRM_SURNAMES
_PARTICLES = WORD_SETS["particles"]
_TITLES = WORD_SETS["titles_as_surnames"]
_MAX_GIVEN = 2


def firm_may_be_surname(parts: list[str]) -> bool:
    """Return whether one of the folded names of a line has a firm's word that may be a surname.

    It may be one behind a particle, behind a civility with at most one other word, and beside one
    known first name.

    >>> firm_may_be_surname(["M. Jean DE SA"]), firm_may_be_surname(["Jean SA"])
    (True, True)
    >>> firm_may_be_surname(["SA Dupont"]), firm_may_be_surname(["SARL DE SA"])
    (False, False)
    """
    lowered = [[word.lower() for word in WORD.findall(part)] for part in parts]
    words = {word for part in lowered for word in part}
    return words.isdisjoint(_OTHER_FIRMS) and any(map(_has_surname, lowered))


def _has_surname(words: list[str]) -> bool:
    at = next((at for at, word in enumerate(words) if word in FIRM_SURNAMES), None)
    if at is None:
        return False
    if at and words[at - 1] in _PARTICLES:
        return True
    others = [word for word in words if word not in PLAIN_CIVILITIES]
    is_known = not FIRST_NAMES.isdisjoint(others) or len(others) < len(words)
    return len(others) <= _MAX_GIVEN and is_known


def title_readings(text: str) -> list[NameReading]:
    """Return, in a list, the reading of a folded name whose surname is a title; else [].

    Beside the title there may be civilities and one or two known first names or initials; without
    these there must be a civility.

    >>> [(reading.initial, reading.surname) for reading in title_readings("M. MAITRE Jean")]
    [('j', 'maitre')]
    >>> title_readings("Maitre Jean Dupont"), title_readings("Maitre"), title_readings("A MAITRE E")
    ([], [], [])
    """
    words = [word.lower() for word in WORD.findall(text)]
    bare = [word for word in words if word not in PLAIN_CIVILITIES]
    titles = [word for word in bare if word in _TITLES]
    given = [word for word in bare if word not in _TITLES]
    if len(titles) != 1 or len(given) > _MAX_GIVEN or titles[0] not in {bare[0], bare[-1]}:
        return []
    known = all(word in FIRST_NAMES or len(word) == 1 for word in given)
    if not known or not (given or len(bare) < len(words)):
        return []
    return [NameReading(surname=titles[0], given=tuple(given))]
