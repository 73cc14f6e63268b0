"""Base classes of all schemas, and fields that accept only their own JSON type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, Self

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from suppression.domain.calendar.timestamps import from_rfc3339, to_rfc3339
from suppression.domain.errors import MOST_FAULTS

# The prefix of a message decides the type of the problem.
UNKNOWN_FIELD = "Unknown field:"
WRONG_TYPE = "Wrong type:"
TOO_MANY = "Too many items:"
MISSING = "Add this field."
_NULL = f"{WRONG_TYPE} leave the field out, or send a value."


class Repeated(str):
    """An error message that stands for `times` faults, without a copy for each of them."""

    __slots__ = ("times",)
    times: int

    def __new__(cls, text: str, times: int) -> Self:
        """Create the message `text` for `times` faults."""
        message = super().__new__(cls, text)
        message.times = times
        return message


class StrictSchema(Schema):
    """A schema that refuses unknown fields. Its own error messages do not quote the input."""

    class Meta:
        """Options of marshmallow: refuse unknown fields."""

        unknown = RAISE

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - marshmallow's own
        """Set the error messages; the one for an unknown field lists the known fields."""
        super().__init__(**options)
        known = ", ".join(self.fields)
        self.error_messages = {
            "type": f"{WRONG_TYPE} send an object.",
            "unknown": f"{UNKNOWN_FIELD} send only {known}.",
        }

    def load(self, data: Any, **options: Any) -> Any:  # noqa: ANN401 - marshmallow's own
        """Return the loaded values; raise ValidationError for invalid input.

        An object that has over MOST_FAULTS fields more than the schema is refused at once, by a
        single message that counts the unknown fields.
        """
        if isinstance(data, dict) and len(data) > len(self.fields) + MOST_FAULTS:
            unknown = len(data) - len(data.keys() & self.fields.keys())
            raise ValidationError([Repeated(self.error_messages["unknown"], unknown)])
        return super().load(data, **options)


class AnswerSchema(StrictSchema):
    """The base of most response schemas: None and '' are omitted, unless the field allows null.

    To be fast, each instance chooses once how to write each field, and skips marshmallow's checks.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - marshmallow's own
        """Choose the function that writes each field."""
        super().__init__(**options)
        self._plan = [
            (field.data_key or name, name, _writer(field), field.allow_none)
            for name, field in self.fields.items()
        ]

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:  # noqa: ANN401 - marshmallow's own
        """Return the fields of `obj`, a mapping or an object, as a dict of JSON values.

        Fields that `obj` lacks are left out, and None and '' unless the field allows null. If
        `many`, return a list with such a dict for each item of `obj`.
        """
        if many:
            return [self.dump(item) for item in obj]
        values = obj.get if isinstance(obj, Mapping) else partial(getattr, obj)
        sent: dict[str, Any] = {}
        for key, name, write, nullable in self._plan:
            value = values(name, _ABSENT)
            if value is _ABSENT:
                continue
            if value is not None:
                value = write(value)
            if nullable or (value is not None and value != ""):
                sent[key] = value
        return sent


_ABSENT = object()


def _writer(field: fields.Field[Any]) -> Callable[[Any], Any]:
    """Return the function that converts a value of the field, other than None, to a JSON value."""
    if isinstance(field, DateTimeField):
        return to_rfc3339
    if isinstance(field, fields.String):
        return str
    if isinstance(field, NestedObject) and isinstance(field.schema, AnswerSchema):
        return field.schema.dump
    if isinstance(field, StrictList):
        write = _writer(field.inner)
        return lambda values: [None if value is None else write(value) for value in values]
    return lambda value: field._serialize(value, None, None)  # noqa: SLF001 - marshmallow's hook


Messages = dict[str, str | list[Any] | dict[Any, Any]]


def _messages(article_and_type: str) -> Messages:
    return {
        "required": MISSING,
        "null": _NULL,
        "invalid": f"{WRONG_TYPE} send {article_and_type}.",
        "type": f"{WRONG_TYPE} send {article_and_type}.",
    }


class StrictString(fields.String):
    """A field that accepts only a JSON string."""

    default_error_messages = _messages("a string")


class StrictBoolean(fields.Boolean):
    """A field that accepts only a JSON boolean, not a string or number that resembles one."""

    default_error_messages = _messages("true or false")

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object
    ) -> bool:
        del attr, data
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class EnumField(fields.String):
    """A field for a member of a StrEnum, sent in JSON as its word."""

    default_error_messages = _messages("a string")

    def __init__(self, words: type[StrEnum] | frozenset[Any], **options: Any) -> None:  # noqa: ANN401
        """Accept the members in `words`."""
        self.words = {str(word): word for word in words}
        choice = validate.OneOf(
            sorted(self.words), error=f"Send one of: {', '.join(sorted(self.words))}."
        )
        super().__init__(validate=choice, **options)

    def deserialize(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - marshmallow's own
        """Return the enum member whose word was sent; None for null if the field allows it.

        For a value that was not sent, return the field's default. Raises ValidationError for any
        other value, and for a required value that was not sent.
        """
        value = super().deserialize(*args, **options)
        return self.words[value] if isinstance(value, str) else value


class DateTimeField(fields.Field[datetime]):
    """A field for a time: RFC 3339 text with a time zone; it loads an aware UTC datetime."""

    default_error_messages = _messages("a string")

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object
    ) -> datetime:
        del attr, data
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            return from_rfc3339(value)
        except ValueError:
            raise ValidationError("Send a time like 2026-11-21T09:30:00Z.") from None

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: object, **_: object
    ) -> str | None:
        del attr, obj
        return None if value is None else to_rfc3339(value)


class StrictList(fields.List[Any]):
    """A field for a JSON list of 1 to `limit` items; in answers the length is not checked."""

    default_error_messages = _messages("a list")

    def __init__(self, inner: Any, *, limit: int, **options: Any) -> None:  # noqa: ANN401
        """Accept 1 to `limit` items, each loaded by the field `inner`."""
        self.limit = limit
        length = validate.Length(min=1, error="Send at least one item.")
        super().__init__(inner, validate=length, **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> list[Any]:  # noqa: ANN401
        if isinstance(value, list) and len(value) > self.limit:
            raise ValidationError(f"{TOO_MANY} send at most {self.limit:,}.")
        if isinstance(value, list) and type(self.inner) is fields.Raw and self.inner.allow_none:
            return value  # each item is loaded alone, later
        return super()._deserialize(value, *args, **options)


class NestedObject(fields.Nested):
    """A field for a JSON object with a schema of its own."""

    default_error_messages = _messages("an object")
