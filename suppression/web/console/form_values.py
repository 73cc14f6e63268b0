"""What a form sent, field by field: only what is asked for is ever read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

Word = TypeVar("Word", bound=StrEnum)

LONG, SHORT = 4000, 200
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class FormValues:
    """A form as it was sent. `errors` names each field that was wrong, by the code of a text.

    `told`: what a text alone cannot say of such a field, like the value that would do.
    """

    def __init__(self, form: MultiDict[str, str]) -> None:
        """`form` is what was sent."""
        self._form = form
        self.errors: dict[str, str] = {}
        self.told: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """What was typed, to show it again."""
        return self._form.get(name, "")

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be there several times."""
        return self._form.getlist(name)

    def wrong(self, name: str, code: str, *, told: str = "") -> None:
        """Note what is wrong with a field; the first thing counts."""
        if name not in self.errors:
            self.errors[name], self.told[name] = code, told

    def text(self, name: str, *, most: int = SHORT, needed: bool = False, place: str = "") -> str:
        """A text without control characters. `place`: the group whose error is this field's."""
        found = _CONTROL.sub("", self[name].replace("\r\n", "\n")).strip()
        if len(found) > most:
            self.wrong(place or name, "too_long")
        if needed and not found:
            self.wrong(place or name, "needed")
        return found[:most]

    def lines(self, name: str) -> list[str]:
        """The lines of a text that say something."""
        found = self.text(name, most=LONG).split("\n")
        return [line.strip() for line in found if line.strip()]

    def blocks(self, name: str) -> list[tuple[str, ...]]:
        """The blocks of lines of a text, parted by empty lines."""
        blocks = re.split(r"\n\s*\n", self.text(name, most=LONG))
        found = [
            tuple(line.strip() for line in block.split("\n") if line.strip()) for block in blocks
        ]
        return [block for block in found if block]

    def word(self, name: str, words: type[Word]) -> Word | None:
        """One of a closed list of words."""
        try:
            return words(self[name])
        except ValueError:
            self.wrong(name, "choose")
            return None

    def words(self, name: str, words: type[Word], *, needed: bool = False) -> tuple[Word, ...]:
        """Some of a closed list of words, in its order."""
        sent = set(self.all(name))
        found = tuple(word for word in words if word.value in sent)
        if needed and not found:
            self.wrong(name, "choose")
        return found

    def checked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return self[name] == "yes"

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """A day as a browser sends it, or as one types it in French: 21/11/2026."""
        text = self[name].strip()
        typed = _FRENCH_DAY.fullmatch(text)
        try:
            if typed:
                return date(int(typed[3]), int(typed[2]), int(typed[1]))
            return date.fromisoformat(text)
        except ValueError:
            if needed or text:
                self.wrong(name, "day")
            return None

    def time(self, name: str) -> time | None:
        """A time of day, if one was typed."""
        text = self[name].strip()
        try:
            return time.fromisoformat(text) if text else None
        except ValueError:
            self.wrong(name, "time")
            return None

    def number(self, name: str, *, least: int, most: int) -> int:
        """A whole number within bounds."""
        text = self[name].strip()
        if not re.fullmatch(r"[0-9]{1,10}", text) or not least <= int(text) <= most:
            self.wrong(name, "number")
            return least
        return int(text)


NOTHING = FormValues(MultiDict())
"""A form that nobody has filled in."""


def is_filled(values: Mapping[str, str]) -> FormValues:
    """A form that is shown filled in."""
    return FormValues(MultiDict(values))
