"""How far a long command has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click

from suppression.cli.command import say

_EVERY_SECONDS = 5


class Progress:
    """Counts the bytes that were read, of all there are, and the rows that are done."""

    def __init__(self, total: int, bar: Any) -> None:  # noqa: ANN401 - click's bar has no public type
        self.total, self.bar = total, bar
        self.read, self.shown, self.rows = 0, 0, 0
        self.began = self.told = time.monotonic()

    def seen(self, block: bytes) -> None:
        """Count a block of the file as it lies there."""
        self.read += len(block)

    def done(self, rows: int) -> None:
        """Count rows, and show it."""
        self.rows += rows
        if self.bar is not None:
            self.bar.update(self.read - self.shown, self.rate)
            self.shown = self.read
        elif time.monotonic() - self.told > _EVERY_SECONDS:
            self.told = time.monotonic()
            say(f"{self.rows} rows, {self.rate}, {self.left} left")

    @property
    def rate(self) -> str:
        """Rows a second, so far."""
        return f"{self.rows / max(time.monotonic() - self.began, 0.001):,.0f} rows/s"

    @property
    def left(self) -> str:
        """How long it still takes at this rate."""
        took = time.monotonic() - self.began
        seconds = took * (self.total - self.read) / max(self.read, 1)
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


@contextmanager
def progress_of(file: Path) -> Iterator[Progress]:
    """The progress of reading a file."""
    total = file.stat().st_size
    shows = sys.stderr.isatty()
    bar = (
        click.progressbar(
            length=total,
            file=sys.stderr,
            show_percent=True,
            item_show_func=lambda rate: rate or "",
        )
        if shows
        else nullcontext()
    )
    with bar as shown:
        yield Progress(total, shown)
