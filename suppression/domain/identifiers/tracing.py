"""Canonicalisation tells its steps to whoever listens: nobody in service, `explain` for people."""

from __future__ import annotations

from typing import Protocol


class TraceCallback(Protocol):
    """Called after a step with its name and the text it left; `key` when the form is made of it."""

    def __call__(self, step: str, text: str, *, key: bool = False) -> None:
        """Take note of one step."""


def silent(step: str, text: str, *, key: bool = False) -> None:
    """Keep nothing: the listener in service, where an identifier is never kept."""
