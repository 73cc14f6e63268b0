"""Parse JSON bodies strictly and load them by a schema; render answers as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from flask import Response
from marshmallow import Schema, ValidationError

from suppression.domain.errors import (
    BodyTooLargeError,
    FieldError,
    InvalidValueError,
    NotJsonError,
    SuppressionError,
    TooManyItemsError,
    UnknownFieldError,
    WrongTypeError,
)
from suppression.domain.well_formed import well_formed_json
from suppression.usecases.idempotency import StoredResponse
from suppression.web.http.context import this_request
from suppression.web.schemas.base import TOO_MANY, UNKNOWN_FIELD, WRONG_TYPE, Repeated

KILOBYTE = 1024
_JSON = "application/json"
SINGLE_LIMIT = 256 * KILOBYTE
BATCH_LIMIT = 8 * KILOBYTE * KILOBYTE

_ERROR_OF_PREFIX: tuple[tuple[str, type[SuppressionError]], ...] = (
    (UNKNOWN_FIELD, UnknownFieldError),
    (WRONG_TYPE, WrongTypeError),
    (TOO_MANY, TooManyItemsError),
)


def json_body(*, limit: int) -> dict[str, Any]:
    """Return the request's JSON object, of at most `limit` bytes; lone surrogates become U+FFFD.

    Raises BodyTooLargeError for a longer body; NotJsonError for a content type other than
    application/json, for a body that is not one JSON object in UTF-8 or is nested too deeply, or if
    an object in it names a member twice; MalformedRequestError if the body comes too slowly, ends
    too early, or its framing is broken.
    """
    sent = this_request()
    # One byte more: a body without Content-Length is cut there, and is known to be too long.
    sent.max_content_length = limit + 1
    if (sent.content_length or 0) > limit:  # refused before it is received
        raise BodyTooLargeError
    raw = sent.get_data()
    if len(raw) > limit:
        raise BodyTooLargeError
    if sent.environ.get("CONTENT_TYPE") != _JSON and sent.mimetype != _JSON:
        raise NotJsonError
    try:
        body = _READ(well_formed_json(raw.decode("utf-8")))
    except (ValueError, RecursionError):
        raise NotJsonError from None
    if not isinstance(body, dict):
        raise NotJsonError
    return body


def load(schema: Schema, body: object) -> dict[str, Any]:
    """Return the values of `body`, as loaded by `schema`.

    Raises UnknownFieldError, WrongTypeError, TooManyItemsError or InvalidValueError for an invalid
    body, with a fault per invalid field.
    """
    try:
        values: dict[str, Any] = schema.load(body)  # type: ignore[arg-type]
    except ValidationError as error:
        raise as_error(error) from None
    return values


def as_error(error: ValidationError) -> SuppressionError:
    """Return a SuppressionError with the faults of a schema's `error`.

    The result is an UnknownFieldError if a field is unknown, else a WrongTypeError if a type is
    wrong, else a TooManyItemsError if a list is too long, else an InvalidValueError. Also remove
    the input from `error`: a reference cycle would keep it in memory for longer.
    """
    counted = list(_faults(error.messages, ""))
    error.data, error.valid_data, error.__traceback__ = None, None, None
    faults = tuple(fault for fault, _ in counted)
    more = sum(times - 1 for _, times in counted)
    for prefix, kind in _ERROR_OF_PREFIX:
        if any(fault.detail.startswith(prefix) for fault in faults):
            return kind(faults=faults, more_faults=more)
    return InvalidValueError(faults=faults, more_faults=more)


def json_response(rendered: StoredResponse) -> Response:
    """Return the HTTP response of a rendered answer.

    A replayed answer has the header `Idempotency-Replayed: true`.
    """
    response = Response(rendered.body, status=rendered.status, content_type="application/json")
    if rendered.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def render(schema: Schema, answer: object, *, status: int = 200) -> StoredResponse:
    """Return `answer`, written as JSON by `schema`, together with its HTTP status."""
    return StoredResponse(status=status, body=_WRITE(schema.dump(answer)))


def _faults(messages: object, pointer: str) -> Iterator[tuple[FieldError, int]]:
    """Yield every message with its RFC 6901 pointer, and how often the message applies.

    The pointer of an unknown field is that of its object: the field's name is not repeated.
    """
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _faults(inner, pointer if key == "_schema" else f"{pointer}/{key}")
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, Repeated):
            yield FieldError(pointer=pointer, detail=str(message)), message.times
            continue
        unknown = str(message).startswith(UNKNOWN_FIELD)
        place = pointer.rpartition("/")[0] if unknown else pointer
        yield FieldError(pointer=place, detail=str(message)), 1


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of a JSON object; raise ValueError for a duplicate name.

    RFC 8259 s4: names should be unique, or receivers of the object behave unpredictably.
    """
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_READ = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_members).decode
_WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
