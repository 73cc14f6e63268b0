"""Bodies that are files: read as they come, to their end, and never kept.

A client may send all of its file before it reads one byte of the answer, so that nothing is
answered before the body was read, an error neither; and werkzeug's forms, which write what is long
to a disk, are never asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, request

from suppression.adapters.contact_columns import FIELDS
from suppression.adapters.contact_files import Wanted
from suppression.adapters.file_bytes import Readable
from suppression.domain.errors import (
    Fault,
    InvalidValueError,
    MalformedRequestError,
    RateLimitedError,
    SuppressionError,
)
from suppression.web.current import services
from suppression.web.schemas.files import Delimiter, Header

log = logging.getLogger(__name__)

AT_ONCE = 3
"""Files that one process reads at once: it has 8 threads, and checks must find one free."""
MEGABYTE = 1 << 20
_DRAINED = 256 * MEGABYTE
_CHUNK = 1 << 16
_DELIMITERS = {Delimiter.COMMA: ",", Delimiter.SEMICOLON: ";", Delimiter.TAB: "\t"}
slots = threading.BoundedSemaphore(AT_ONCE)


class Body:
    """The body of the request. A connection that breaks is an error of ours, not a bug."""

    def __init__(self) -> None:
        """Wait for a client that stalls no longer than it may, until this answer is out."""
        waiting = request.environ.get("gunicorn.socket")
        if waiting is not None:
            waiting.settimeout(services().settings.upload_idle_seconds)  # gunicorn sets it back

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        try:
            return request.stream.read(size)
        except SuppressionError:
            raise
        except Exception as error:  # whatever a server raises where a body is cut or wrong
            raise MalformedRequestError from error


@contextmanager
def uploaded() -> Iterator[Readable]:
    """The raw body, for as long as it is read."""
    if request.mimetype == "multipart/form-data":
        raise InvalidValueError("Send the file itself as the body, not a form that holds it.")
    with place():
        yield Body()


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


def drain(response: Response) -> Response:
    """Read what is left of the body, so that the client comes to read the answer."""
    left = _DRAINED
    try:
        while left > 0 and (chunk := request.stream.read(min(left, _CHUNK))):
            left -= len(chunk)
    except Exception:  # noqa: BLE001 - a body that cannot be read has no end to wait for
        left = 0
    if left <= 0:
        response.headers["Connection"] = "close"
    return response


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
