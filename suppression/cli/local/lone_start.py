"""Let one `./run` of a checkout prepare keys and database at a time; the others wait for it."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def lone_start(folder: Path) -> Iterator[None]:
    """Hold a lock of `folder` during the block; wait if another process holds it, and say so.

    The system frees the lock if the process dies, however it dies. Exit if the folder cannot be
    locked. Do not pass the database's folder, because migrations lock that one.
    """
    try:
        descriptor = _locked(folder)
    except OSError as error:
        sys.exit(f"Cannot start: {folder} cannot be locked ({error.strerror}).")
    try:
        yield
    finally:
        os.close(descriptor)


def _locked(folder: Path) -> int:
    """Return a descriptor that holds the lock of a folder; wait while another process holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        click.echo("Another ./run is starting here; waiting for it.", err=True)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor
