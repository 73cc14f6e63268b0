"""Tracing of canonicalisation: `explain` listens to its steps, and nothing does in service."""

from __future__ import annotations

from typing import Protocol


class TraceCallback(Protocol):
    """The callback after each step, with the step's name and the resulting text.

    `key` is true if the match key consists of that text.
    """

    def __call__(self, step: str, text: str, *, key: bool = False) -> None:
        """Receive one step."""


def silent(step: str, text: str, *, key: bool = False) -> None:
    """Ignore the step. This is the callback in service, where no identifier may be stored."""
