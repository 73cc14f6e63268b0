"""Read the fields of a submitted form one by one, and collect the faults in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

Word = TypeVar("Word", bound=StrEnum)

LONG, SHORT = 4000, 200
LARGEST_NUMBER = 2_000_000_000
"""The largest number of a row, such as an API key's or an invitation's, that a form may contain."""
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldFault:
    """A fault of a form field: the field's name, and the code of the text that describes it.

    `detail` completes that text, for example with a value that would be accepted. `line` counts
    from 1 where a field holds several lines; 0 is the whole field.
    """

    name: str
    code: str
    detail: str = ""
    line: int = 0


class FormValues:
    """A submitted form, and the faults of the fields read so far. Unread fields are ignored."""

    def __init__(self, form: MultiDict[str, str]) -> None:
        """Hold a form as it was sent, without any fault yet."""
        self._form = form
        self.faults: list[FieldFault] = []

    def __getitem__(self, name: str) -> str:
        """Return a field as it was typed, to show it again; '' if it was not sent."""
        return self._form.get(name, "")

    @property
    def errors(self) -> dict[str, str]:
        """The code of the first fault of each field, by the name of the field."""
        return {fault.name: fault.code for fault in self._first_faults()}

    @property
    def details(self) -> dict[str, str]:
        """The detail of the first fault of each field, by the name of the field."""
        return {fault.name: fault.detail for fault in self._first_faults()}

    def wrong(self, name: str, code: str, *, detail: str = "", line: int = 0) -> None:
        """Record a fault of a field; the arguments are those of FieldFault."""
        self.faults.append(FieldFault(name=name, code=code, detail=detail, line=line))

    def wrong_alone(self, name: str, code: str) -> None:
        """Record a fault of a field and drop all faults recorded before."""
        self.forget_faults()
        self.wrong(name, code)

    def forget_faults(self) -> None:
        """Drop all faults recorded so far."""
        self.faults.clear()

    def all(self, name: str) -> list[str]:
        """Return every value of a field that may occur several times."""
        return self._form.getlist(name)

    def text(
        self, name: str, *, max_length: int = SHORT, required: bool = False, place: str = ""
    ) -> str:
        """Return a field's text, stripped, without control characters, cut to `max_length`.

        Tabs and line ends are kept; a CRLF becomes a line feed. Records a fault if the text is
        longer, or if a required text is empty. `place` is the field or group of fields beside which
        that fault is shown, `name` by default.
        """
        text = _CONTROL.sub("", self[name].replace("\r\n", "\n")).strip()
        if len(text) > max_length:
            self.wrong(place or name, "too_long")
        if required and not text:
            self.wrong(place or name, "needed")
        return text[:max_length]

    def lines(self, name: str) -> list[str]:
        """Return the lines of a text field that are not blank, each stripped.

        Records a fault if the text is longer than LONG characters, and cuts it.
        """
        lines = self.text(name, max_length=LONG).split("\n")
        return [line.strip() for line in lines if line.strip()]

    def blocks(self, name: str) -> list[tuple[str, ...]]:
        """Return the blocks of a text field, which blank lines separate, as tuples of their lines.

        Records a fault if the text is longer than LONG characters, and cuts it.
        """
        blocks = re.split(r"\n\s*\n", self.text(name, max_length=LONG))
        lines_of_blocks = [
            tuple(line.strip() for line in block.split("\n") if line.strip()) for block in blocks
        ]
        return [lines for lines in lines_of_blocks if lines]

    def word(self, name: str, words: type[Word]) -> Word | None:
        """Return the member of `words` that was sent; else record a fault and return None."""
        try:
            return words(self[name])
        except ValueError:
            self.wrong(name, "choose")
            return None

    def words(self, name: str, words: type[Word], *, required: bool = False) -> tuple[Word, ...]:
        """Return the members of `words` that were sent, in the order of the enumeration.

        Other values are ignored. Records a fault if no member was sent and the field is required.
        """
        sent = set(self.all(name))
        chosen = tuple(word for word in words if word.value in sent)
        if required and not chosen:
            self.wrong(name, "choose")
        return chosen

    def checked(self, name: str) -> bool:
        """Return whether a checkbox was ticked: whether its field has the value `yes`."""
        return self[name] == "yes"

    def day(self, name: str, *, required: bool = True) -> date | None:
        """Return the date in a field: ISO 8601 such as 2026-11-21, or French such as 21/11/2026.

        Records a fault and returns None for any other text; an empty optional field is no fault.
        """
        text = self[name].strip()
        french = _FRENCH_DAY.fullmatch(text)
        try:
            if french:
                return date(int(french[3]), int(french[2]), int(french[1]))
            return date.fromisoformat(text)
        except ValueError:
            if required or text:
                self.wrong(name, "day")
            return None

    def time(self, name: str) -> time | None:
        """Return the time of day in a field, in ISO 8601 such as 14:30; None if the field is empty.

        Records a fault and returns None for any other text, such as 14h30 or 2:30, and for a time
        with a time zone.
        """
        text, at = self[name].strip(), None
        with suppress(ValueError):
            at = time.fromisoformat(text)
        if text and (at is None or at.tzinfo):
            self.wrong(name, "time")
            return None
        return at

    def number(self, name: str, *, minimum: int, maximum: int) -> int:
        """Return the whole number in a field.

        Records a fault and returns `minimum` for any other text, an empty one too, and for a number
        below `minimum` or above `maximum`.
        """
        text = self[name].strip()
        if not re.fullmatch(r"[0-9]{1,10}", text) or not minimum <= int(text) <= maximum:
            self.wrong(name, "number")
            return minimum
        return int(text)

    def _first_faults(self) -> list[FieldFault]:
        first: dict[str, FieldFault] = {}
        for fault in self.faults:
            first.setdefault(fault.name, fault)
        return list(first.values())


NOTHING = FormValues(MultiDict())
"""A form that nobody has filled in."""


def filled_form(values: Mapping[str, str]) -> FormValues:
    """Return a form that shows `values`, texts by field name."""
    return FormValues(MultiDict(values))
