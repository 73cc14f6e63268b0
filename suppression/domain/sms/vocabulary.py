"""The vocabulary of opt-outs by text message, from two CSV files in this folder.

`sms_words.csv` holds the words of a clear reply; `sms_phrases.csv` holds other phrases that may
mean stop or only look like it, in the order in which they are tried.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_SEPARATOR = "|"


class Part(StrEnum):
    """The role of a word or phrase in a reply, as a letter: patterns match the letters of a reply.

    `STOP`, `HALT` and `BARE` are the roles of a stop's keywords. After `STOP`, a word for messages
    or for the subject may follow; after `HALT`, one for messages; after `BARE`, neither.
    """

    STOP = "K"
    HALT = "A"
    BARE = "W"
    START = "S"
    MESSAGE = "m"
    SUBJECT = "s"
    LINK = "d"
    POLITE = "C"
    CLOSING = "L"
    CODE = "N"
    OTHER = "U"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """A phrase that may mean stop or, if `innocent`, only looks like it.

    `pattern` finds it in a message's folded words, joined by spaces. `example` is a message, as a
    person writes it, that contains the phrase.
    """

    innocent: bool
    pattern: re.Pattern[str]
    example: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the CSV file `name` in this folder, as texts by column header."""
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


Words = tuple[str, ...]
_WORD_ROWS = tuple(_rows("sms_words.csv"))


def _vocabulary() -> dict[str, dict[Words, tuple[Part, str]]]:
    """Return the part and the keyword of every spelling, by its first word and then its words.

    Spellings of one first word are in order, the longest first.
    """
    spellings = {
        tuple(written.split()): (Part[row["kind"].upper()], row["word"])
        for row in _WORD_ROWS
        for written in row["written"].split(_SEPARATOR)
    }
    by_first: dict[str, dict[Words, tuple[Part, str]]] = {}
    for spelling in sorted(spellings, key=len, reverse=True):
        by_first.setdefault(spelling[0], {})[spelling] = spellings[spelling]
    return by_first


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return the phrases of `sms_phrases.csv` in the order in which they are tried.

    They are its rows whose `reading` is `review` or `innocent`. `{name}` in a pattern refers to the
    earlier row whose `reading` is that name, `{polite}` to the polite and closing words of
    `sms_words.csv`. The first call compiles the patterns; later calls return the same tuple.
    """
    polite = [row["written"] for row in _WORD_ROWS if row["kind"] in {"polite", "closing"}]
    named = {"polite": _SEPARATOR.join(polite)}
    compiled = []
    for row in _rows("sms_phrases.csv"):
        pattern = re.sub(r"\{([a-z]+)\}", lambda match: f"(?:{named[match[1]]})", row["pattern"])
        if row["reading"] in {"review", "innocent"}:
            whole_words = re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
            innocent = row["reading"] == "innocent"
            phrase = Phrase(innocent=innocent, pattern=whole_words, example=row["example"])
            compiled.append(phrase)
        else:
            named[row["reading"]] = pattern
    return tuple(compiled)


VOCABULARY = _vocabulary()
