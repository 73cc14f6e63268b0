"""Request bodies that are files: read as they come, never kept, and always to their end.

A client that sends first and reads later would wait for ever for an answer given in the middle, so
what is left of a body is read and thrown away, up to a limit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, TypeVar, cast

from flask import Response, request
from werkzeug.exceptions import HTTPException

from suppression.domain.errors import InvalidValueError

MOST_UPLOADED = 1 << 31
"""Bytes, packed or not. Longer files are for the commands, which read them where they lie."""
_MOST_THROWN_AWAY = 1 << 28
_BLOCK = 1 << 18

View = TypeVar("View", bound=Callable[..., Response])


def takes_a_file(view: View) -> View:
    """Read the body to its end before anything is answered, refusals too."""

    @functools.wraps(view)
    def whole(**parts: str) -> Response:
        try:
            return view(**parts)
        finally:
            _throw_away_the_rest()

    return cast("View", whole)


def uploaded() -> BinaryIO:
    """The body as a stream; BodyTooLargeError, while it is read, past the limit."""
    if request.mimetype == "multipart/form-data":
        raise InvalidValueError("Send the file itself as the body, not as a field of a form.")
    request.max_content_length = MOST_UPLOADED
    return cast("BinaryIO", request.stream)


def _throw_away_the_rest() -> None:
    with suppress(HTTPException, OSError):
        left = _MOST_THROWN_AWAY
        while left > 0 and (block := request.stream.read(_BLOCK)):
            left -= len(block)
