"""Show the progress of a long command: a bar on a terminal if the total is known, else lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from suppression.cli.base import echo_err

_EVERY_SECONDS = 5


class Progress:
    """A counter of finished units that prints count and rate on stderr, at most every five seconds.

    `position` is how far the work has come: in bytes of a file if `by_bytes`, else in units.
    """

    def __init__(self, label: str, *, unit: str, by_bytes: bool) -> None:
        """Start counting and timing. `unit` names what is counted, in the plural."""
        self.label, self.unit, self.by_bytes = label, unit, by_bytes
        self.position, self.count = 0, 0
        self.began = self.shown_at = time.monotonic()

    def seen(self, block: bytes) -> None:
        """Count the bytes of a block that was read from the file, before any decompression."""
        self.position += len(block)

    def done(self, count: int, note: str = "") -> None:
        """Add `count` units and show the progress; `note` is shown beside the rate."""
        self.count += count
        if not self.by_bytes:
            self.position = self.count
        self.show(self.describe(note))

    def describe(self, note: str) -> str:
        """Return the number of units done, the rate and `note` as one text."""
        return ", ".join(filter(None, (f"{self.count:,} {self.unit}", self.rate, note)))

    def show(self, text: str) -> None:
        """Print `text` on stderr, at most once in five seconds; drop it in between."""
        if time.monotonic() - self.shown_at > _EVERY_SECONDS:
            self.shown_at = time.monotonic()
            echo_err(f"{self.label}: {text}")

    @property
    def rate(self) -> str:
        """Return the average rate so far, like `1,200 rows/s`."""
        seconds = max(time.monotonic() - self.began, 0.001)
        return f"{self.count / seconds:,.0f} {self.unit}/s"


class _Bar(Progress):
    """A progress bar on a terminal. click adds the percentage and the remaining time."""

    def __init__(self, label: str, bar: Any, *, unit: str, by_bytes: bool) -> None:  # noqa: ANN401 - click's bar has no public type
        super().__init__(label, unit=unit, by_bytes=by_bytes)
        self.bar = bar
        bar.current_item = self.describe("")  # shown when the bar is first drawn

    def show(self, text: str) -> None:
        """Draw the bar with `text`, even if the position has not moved."""
        self.bar.update(self.position - self.bar.pos, text)
        self.bar.render_progress()


@contextmanager
def progress_of(
    label: str, total: int | None, *, unit: str = "rows", by_bytes: bool = True
) -> Iterator[Progress]:
    """Yield the progress of a command: a bar on a terminal if the total is known, else lines.

    `total` is in bytes if `by_bytes`, else in units; None if it is unknown.
    """
    if total is None or not sys.stderr.isatty():
        yield Progress(label, unit=unit, by_bytes=by_bytes)
        return
    bar = click.progressbar(
        length=total,
        label=label,
        width=0,  # as wide as the terminal: a wrapped line would be printed again at each draw
        file=sys.stderr,
        item_show_func=lambda text: text or "",
    )
    progress = _Bar(label, bar, unit=unit, by_bytes=by_bytes)
    with bar:
        yield progress
