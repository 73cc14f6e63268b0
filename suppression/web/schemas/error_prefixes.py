"""How the messages of a schema begin: what comes first decides the problem's type."""

from __future__ import annotations

from typing import Self

UNKNOWN_FIELD = "Unknown field:"
WRONG_TYPE = "Wrong type:"
TOO_MANY = "Too many items:"
MISSING = "Add this field."


class Repeated(str):
    """A message that holds several times, where a list of it would be longer than the body."""

    __slots__ = ("times",)
    times: int

    def __new__(cls, text: str, times: int) -> Self:
        """The message, and how often it holds."""
        message = super().__new__(cls, text)
        message.times = times
        return message
