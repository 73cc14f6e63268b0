"""Words of streets outside France that are written out since 0.9.0, for a second reading."""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.tables import MONTHS, STREETS

_LABEL = re.compile(r"(^|[ ,])(?:number|numero|num|nummer|no|nr)\b[. ]*(?=\d)")
_NOTHING = re.compile(r",? ?\bs ?/ ?n\.?$")
_COMPASS = {"n": "north", "s": "south", "e": "east", "w": "west"}
_NUMBER = r"(?:\d{1,5}[a-z]?,? )?"
_ENDS = "|".join(sorted(STREETS["gb"].ends))
_POINT = re.compile(rf"^(\d{{1,5}}[a-z]? )([nsew])\.? (?=(?:[a-z]+ )?(?:{_ENDS})\b)")
_GERMAN_SQUARE = re.compile(r"(?<=[a-z]{3})pl(?:\.|(?= \d))")
_CATALAN = {"carrer": "calle", "avinguda": "avenida", "placa": "plaza", "passeig": "paseo"}
_CATALAN_TYPE = re.compile(rf"^({_NUMBER})({'|'.join(_CATALAN)})\b")
_FRENCH_TYPES = "|".join(sorted(STREETS["lu"].types))
_FRENCH = re.compile(rf"^{_NUMBER}(?:{_FRENCH_TYPES})\b")
_SAINT = re.compile(r"\bst\b[. -]*(?=[a-z])")
_ROMAN_DAY = re.compile(rf"\b([ivx]{{1,5}}) (?=(?:di )?(?:{'|'.join(sorted(MONTHS))})\b)")
_FIGURES = {"i": 1, "v": 5, "x": 10}


def plain_abroad(line: str, plan: str) -> str:
    """Return a folded lower-case line, its words in one spelling; most are unchanged.

    `plan` is the code of the country, in lower case, whose street words apply; none is French.

    >>> plain_abroad("12 n street", "gb"), plain_abroad("am falkpl. 5", "de")
    ('12 north street', 'am falkplatz 5')
    >>> plain_abroad("calle mayor, num. 12", "es"), plain_abroad("carrer d'arago 155", "es")
    ('calle mayor, 12', "calle d'arago 155")
    >>> plain_abroad("place st-francois 2", "ch"), plain_abroad("via xxv aprile 3", "it")
    ('place saint francois 2', 'via 25 aprile 3')
    """
    line = _NOTHING.sub("", _LABEL.sub(r"\1", line))
    if plan == "gb":
        return _POINT.sub(lambda match: f"{match[1]}{_COMPASS[match[2]]} ", line)
    if plan == "es":
        return _CATALAN_TYPE.sub(lambda match: match[1] + _CATALAN[match[2]], line)
    if plan == "it":
        return _ROMAN_DAY.sub(lambda match: f"{roman_value(match[1])} ", line)
    if plan in {"ch", "lu"} and _FRENCH.match(line):
        return _SAINT.sub("saint ", line)
    return _GERMAN_SQUARE.sub("platz", line) if plan in {"de", "ch"} else line


def roman_value(roman: str) -> int:
    """Return the number that Roman figures mean; they are i, v and x, in lower case.

    >>> roman_value("xix"), roman_value("xxv")
    (19, 25)
    """
    values = [_FIGURES[figure] for figure in roman]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )
