"""The content of the CSV and text files in this folder, whose README.md names their sources."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_HERE = Path(__file__).parent


def _rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the CSV file `name` in this folder, as texts by column header."""
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@dataclass(frozen=True, kw_only=True, slots=True)
class StreetTable:
    """The street words of one country: each dictionary maps written to canonical words.

    `phrase_words` holds the first word of each of the `phrases`.
    """

    types: dict[str, str] = field(default_factory=dict)
    estates: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    suffixes: dict[str, str] = field(default_factory=dict)
    phrases: dict[tuple[str, ...], str] = field(default_factory=dict)
    phrase_words: set[str] = field(default_factory=set)

    def named(self, place: str) -> dict[str, str]:
        """Return the dictionary for a value of the column `place` of street_words.csv."""
        return {
            "type": self.types,
            "estate": self.estates,
            "place": self.places,
            "word": self.words,
            "end": self.ends,
            "suffix": self.suffixes,
        }[place]


def _street_tables() -> dict[str, StreetTable]:
    """Return the street words and phrases by the code of the country, in lower case."""
    tables: dict[str, StreetTable] = {}
    for row in _rows("street_words.csv"):
        for country in row["countries"].split():
            table = tables.setdefault(country, StreetTable()).named(row["place"])
            table |= dict.fromkeys([row["meant"], *row["written"].split()], row["meant"])
    for row in _rows("street_phrases.csv"):
        for country in row["countries"].split():
            phrase = tuple(row["written"].split())
            tables[country].phrases[phrase] = row["meant"]
            tables[country].phrase_words.add(phrase[0])
    return tables


def _figures() -> dict[str, dict[str, str]]:
    """Return the digits of numbers by sort, such as `roman` or `spoken`, then by written text."""
    figures: dict[str, dict[str, str]] = {}
    for row in _rows("figures.csv"):
        figures.setdefault(row["kind"], {})[row["written"]] = row["number"]
    return figures


def _later_words() -> dict[str, dict[str, str]]:
    """Return the meanings in later_words.csv by the column `place`, then by written text."""
    words: dict[str, dict[str, str]] = {}
    for row in _rows("later_words.csv"):
        words.setdefault(row["place"], {})[row["written"]] = row["meant"]
    return words


def _famous_names(name: str) -> dict[tuple[str, str], str]:
    """Return the first name for each pair of initial and famous surname in the CSV file `name`."""
    return {
        (row["initial"], surname): row["first"]
        for row in _rows(name)
        for surname in row["surnames"].split()
    }


def _words_of_kind(kind: str) -> frozenset[str]:
    """Return the words of units.csv with this value in the column `kind`, such as `box`."""
    return frozenset(row["word"] for row in _rows("units.csv") if row["kind"] == kind)


WORD_SETS = {row["name"]: frozenset(row["words"].split()) for row in _rows("word_sets.csv")}
FIGURES = _figures()
STREETS = _street_tables()
PLAIN_STREETS = StreetTable()
FAMOUS = _famous_names("famous_names.csv")
LATER_FAMOUS = FAMOUS | _famous_names("later_famous_names.csv")
LATER_WORDS = _later_words()
FAMOUS_SURNAMES = frozenset(surname for _, surname in FAMOUS)
UNITS = _words_of_kind("unit")
GROUND_FLOOR = _words_of_kind("whole")
BOXES = _words_of_kind("box")
COUNTRY_ROWS = tuple(_rows("countries.csv"))
FIRST_NAMES = frozenset((_HERE / "first_names.txt").read_text(encoding="utf-8").split())
SURNAMES_TOO = WORD_SETS["surnames_too"]

MONTHS = WORD_SETS["months"]
ORDINALS = WORD_SETS["ordinals"]
