"""The words of opting out by text message, from the tables beside this file, read once at import.

`sms_words.csv` holds what a clear reply is made of; `sms_phrases.csv` what else may mean stop, and
what only looks like it, in the order in which they are tried.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_HERE = Path(__file__).parent
_BETWEEN = "|"


class Part(StrEnum):
    """What a word is in a reply. One letter each: a reply is read as a row of letters.

    Of the keywords, `STOP` may be followed by whatever is to stop, `HALT` by messages only, `BARE`
    by nothing.
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
    """What may mean stop, or only looks like it (`innocent`). The example shows it at work."""

    innocent: bool
    pattern: re.Pattern[str]
    example: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


Words = tuple[str, ...]
_WORD_ROWS = tuple(_rows("sms_words.csv"))


def _vocabulary() -> dict[str, dict[Words, tuple[Part, str]]]:
    """By their first word, all ways of writing, the longest first: what each is, and its word."""
    found = {
        tuple(written.split()): (Part[row["kind"].upper()], row["word"])
        for row in _WORD_ROWS
        for written in row["written"].split(_BETWEEN)
    }
    by_first: dict[str, dict[Words, tuple[Part, str]]] = {}
    for written in sorted(found, key=len, reverse=True):
        by_first.setdefault(written[0], {})[written] = found[written]
    return by_first


def _phrases() -> tuple[Phrase, ...]:
    """The phrases, in order. `{name}` in one stands for an earlier row whose `reading` it is."""
    polite = [row["written"] for row in _WORD_ROWS if row["kind"] in {"polite", "closing"}]
    named = {"polite": _BETWEEN.join(polite)}
    phrases = []
    for row in _rows("sms_phrases.csv"):
        pattern = re.sub(r"\{([a-z]+)\}", lambda match: f"(?:{named[match[1]]})", row["pattern"])
        if row["reading"] in {"review", "innocent"}:
            whole = re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
            innocent = row["reading"] == "innocent"
            phrases.append(Phrase(innocent=innocent, pattern=whole, example=row["example"]))
        else:
            named[row["reading"]] = pattern
    return tuple(phrases)


VOCABULARY = _vocabulary()
PHRASES = _phrases()
