"""Bodies that are files: read as they come, to their end, and never kept.

Werkzeug's forms, which write what is long to a disk, are never asked. A refusal is answered at
once: what is still on its way is received behind it by the worker's main loop, which no thread
waits for (adapters/gathering_worker.py).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from suppression.adapters.contact_columns import FIELDS
from suppression.adapters.contact_files import Wanted
from suppression.adapters.file_bytes import Readable
from suppression.domain.errors import (
    Fault,
    InvalidValueError,
    RateLimitedError,
)
from suppression.web.current import services
from suppression.web.read_bodies import expect_file
from suppression.web.schemas.files import Delimiter, Header

log = logging.getLogger(__name__)

AT_ONCE = 3
"""Files that one process reads at once: it has 8 threads, and checks must find one free."""
MEGABYTE = 1 << 20
_DELIMITERS = {Delimiter.COMMA: ",", Delimiter.SEMICOLON: ";", Delimiter.TAB: "\t"}
slots = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def uploaded() -> Iterator[Readable]:
    """The raw body, for as long as it is read."""
    if request.mimetype == "multipart/form-data":
        raise InvalidValueError("Send the file itself as the body, not a form that holds it.")
    with place():
        yield file_body()


def file_body() -> Readable:
    """The body of the request, whose sender may stall no longer than a file's may."""
    expect_file(services().settings.upload_idle_seconds)
    return request.stream


@contextmanager
def place() -> Iterator[None]:
    """A place among the few that read a file; RateLimitedError where none is free."""
    if not slots.acquire(blocking=False):
        raise RateLimitedError("Too many files are being read: send it again in a moment.")
    try:
        yield
    finally:
        slots.release()


def wanted_of(query: dict[str, object]) -> Wanted:
    """What the query says of the file; InvalidValueError for a column that we do not know."""
    header = query.get("header")
    delimiter = query.get("delimiter")
    return Wanted(
        columns=_columns(str(query.get("columns", ""))),
        header=None if header is None else header is Header.YES,
        encoding=str(query["encoding"]) if "encoding" in query else None,
        delimiter=_DELIMITERS[delimiter] if isinstance(delimiter, Delimiter) else None,
        most_bytes=services().settings.upload_limit,
    )


def _columns(text: str) -> dict[str, str]:
    """`email:Courriel,country:4`: our names, each with the header or the number of a column."""
    columns = {}
    for part in text.split(",") if text else ():
        name, _, where = part.partition(":")
        if name not in FIELDS or not where.strip():
            detail = "Write columns like email:Courriel,country:4, by names that we know."
            raise InvalidValueError(faults=(Fault(pointer="/columns", detail=detail),))
        columns[name] = where
    return columns
