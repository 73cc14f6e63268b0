"""Request bodies that are files, read while they arrive and never stored, and their options.

Werkzeug's form parser, which writes long files to a disk, is not used. A refused file is answered
at once: no thread waits for the rest of the body, which the worker's main loop receives for a while
and discards (adapters/worker/worker_class.py).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from suppression.adapters.files.column_names import FIELDS
from suppression.adapters.files.contact_file import FileOptions
from suppression.adapters.files.decoding import ByteStream
from suppression.adapters.worker.timed_sockets import BODY_SECONDS, TimedSocket
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import FieldError, InvalidValueError
from suppression.web.http.batch_slots import files_read
from suppression.web.http.context import services
from suppression.web.schemas.files import Delimiter, Header

log = logging.getLogger(__name__)

MEGABYTE = 1 << 20
_PARAMETER = re.compile(r"[a-z_]{1,20}")
_DELIMITERS = {Delimiter.COMMA: ",", Delimiter.SEMICOLON: ";", Delimiter.TAB: "\t"}


@contextmanager
def request_body(controller: Controller) -> Iterator[ByteStream]:
    """Yield the raw body of the request as a stream, and hold a slot of `files_read` meanwhile.

    Raises RateLimitedError if no slot is free, InvalidValueError for multipart/form-data. Reading
    the stream raises MalformedRequestError if the body comes too slowly or ends too early.
    """
    if request.mimetype == "multipart/form-data":
        raise InvalidValueError("Send the file itself as the body, not a form that holds it.")
    with files_read.taken(controller):
        yield file_body()


def file_body() -> ByteStream:
    """Return the request's body as a stream, and start the limits of waiting for it.

    The sender may pause for at most the setting `upload_idle_seconds` between two bytes, and all
    waiting together is limited too; without our gunicorn worker neither limit applies. Past a
    limit, and if the body ends too early, reading raises MalformedRequestError.
    """
    idle = services().settings.upload_idle_seconds
    connection = request.environ.get("gunicorn.socket")
    if isinstance(connection, TimedSocket):
        connection.expect(idle=idle, whole=max(idle, BODY_SECONDS))
    return request.stream


def query_parameters() -> dict[str, str]:
    """Return the query parameters of the request; raise InvalidValueError for a duplicate name.

    Flask would silently drop the second value, and a stop would cover too few channels.
    """
    words = request.args.to_dict(flat=False)
    if twice := [name for name, values in words.items() if len(values) > 1]:
        detail = "Send this once: of several values it is a list, like `email,sms`."
        known = [f"/{name}" for name in twice if _PARAMETER.fullmatch(name)]
        faults = tuple(FieldError(pointer=pointer, detail=detail) for pointer in known or [""])
        raise InvalidValueError(faults=faults)
    return request.args.to_dict()


def parse_file_options(query: dict[str, object]) -> FileOptions:
    """Return the file options in a loaded query; what the query lacks is detected from the file.

    Raises InvalidValueError for a malformed `columns`, or for an unknown field name in it.
    """
    header = query.get("header")
    delimiter = query.get("delimiter")
    return FileOptions(
        columns=_columns(str(query.get("columns", ""))),
        header=None if header is None else header is Header.YES,
        encoding=str(query["encoding"]) if "encoding" in query else None,
        delimiter=_DELIMITERS[delimiter] if isinstance(delimiter, Delimiter) else None,
        most_bytes=services().settings.upload_limit,
    )


def _columns(text: str) -> dict[str, str]:
    """Parse `email:Courriel,country:4` to a dict from our field names to headers or numbers.

    An empty text gives an empty dict. Raises InvalidValueError for an unknown field name or an
    empty column.
    """
    columns = {}
    for part in text.split(",") if text else ():
        name, _, where = part.partition(":")
        if name not in FIELDS or not where.strip():
            detail = "Write columns like email:Courriel,country:4, by names that we know."
            raise InvalidValueError.at("/columns", detail)
        columns[name] = where
    return columns
