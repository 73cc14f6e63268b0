"""How far a long command has come: a bar on a terminal, a line now and then elsewhere."""

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
    """Counts what is done, and how far through the whole that is.

    The whole is the bytes of a file, which `seen` counts, or else as many units as are to be done.
    """

    def __init__(self, label: str, *, unit: str, by_bytes: bool) -> None:
        """`unit` is what is counted, in the plural."""
        self.label, self.unit, self.by_bytes = label, unit, by_bytes
        self.position, self.count = 0, 0
        self.began = self.told = time.monotonic()

    def seen(self, block: bytes) -> None:
        """Count a block of the file as it lies there."""
        self.position += len(block)

    def done(self, count: int, note: str = "") -> None:
        """Count units, and show it; `note` is shown beside the rate."""
        self.count += count
        if not self.by_bytes:
            self.position = self.count
        self.show(self.describe(note))

    def describe(self, note: str) -> str:
        """How much is done, and how fast."""
        return ", ".join(filter(None, (f"{self.count:,} {self.unit}", self.rate, note)))

    def show(self, text: str) -> None:
        """Say it now and then."""
        if time.monotonic() - self.told > _EVERY_SECONDS:
            self.told = time.monotonic()
            echo_err(f"{self.label}: {text}")

    @property
    def rate(self) -> str:
        """How many units a second, so far."""
        seconds = max(time.monotonic() - self.began, 0.001)
        return f"{self.count / seconds:,.0f} {self.unit}/s"


class _Bar(Progress):
    """The same on a terminal, drawn each time. click adds the share and the time left."""

    def __init__(self, label: str, bar: Any, *, unit: str, by_bytes: bool) -> None:  # noqa: ANN401 - click's bar has no public type
        super().__init__(label, unit=unit, by_bytes=by_bytes)
        self.bar = bar
        bar.current_item = self.describe("")  # beside the bar when it is first drawn

    def show(self, text: str) -> None:
        """Draw it, even where nothing moved."""
        self.bar.update(self.position - self.bar.pos, text)
        self.bar.render_progress()


@contextmanager
def progress_of(
    label: str, total: int | None, *, unit: str = "rows", by_bytes: bool = True
) -> Iterator[Progress]:
    """The progress of a command through `total` bytes or units; None if that is not known."""
    if total is None or not sys.stderr.isatty():
        yield Progress(label, unit=unit, by_bytes=by_bytes)
        return
    bar = click.progressbar(
        length=total,
        label=label,
        width=0,  # as wide as the terminal: a line that wraps is drawn again and again
        file=sys.stderr,
        item_show_func=lambda text: text or "",
    )
    progress = _Bar(label, bar, unit=unit, by_bytes=by_bytes)
    with bar:
        yield progress
