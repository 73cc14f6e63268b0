"""The base of all schemas, and the fields that JSON has: strict in type, clear in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_dump, validate

from suppression.domain.moments import from_rfc3339, rfc3339
from suppression.web.schemas.messages import MISSING, TOO_MANY, UNKNOWN_FIELD, WRONG_TYPE

_NULL = f"{WRONG_TYPE} leave the field out, or send a value."


class StrictSchema(Schema):
    """A JSON object whose fields are all known. Nothing of the input stands in a message."""

    class Meta:
        """Refuse what is not known."""

        unknown = RAISE

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - marshmallow's own
        """Say which fields are known."""
        super().__init__(**options)
        known = ", ".join(self.fields)
        self.error_messages = {
            "type": f"{WRONG_TYPE} send an object.",
            "unknown": f"{UNKNOWN_FIELD} send only {known}.",
        }


class AnswerSchema(StrictSchema):
    """The base of what is sent: what does not apply is left out, unless null is an answer."""

    @post_dump
    def without_absent(self, sent: dict[str, Any], **_: object) -> dict[str, Any]:
        """Leave out None and ''; null where the field allows it, false and [] are answers."""
        nullable = {one.data_key or name for name, one in self.fields.items() if one.allow_none}
        return {
            name: value
            for name, value in sent.items()
            if name in nullable or (value is not None and value != "")
        }


Messages = dict[str, str | list[Any] | dict[Any, Any]]


def _messages(article_and_type: str) -> Messages:
    return {
        "required": MISSING,
        "null": _NULL,
        "invalid": f"{WRONG_TYPE} send {article_and_type}.",
        "type": f"{WRONG_TYPE} send {article_and_type}.",
    }


class Text(fields.String):
    """A JSON string."""

    default_error_messages = _messages("a string")


class YesOrNo(fields.Boolean):
    """A JSON boolean, and nothing that only looks like one."""

    default_error_messages = _messages("true or false")

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object
    ) -> bool:
        del attr, data
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Word(fields.String):
    """One word of an enumeration."""

    default_error_messages = _messages("a string")

    def __init__(self, words: type[StrEnum] | frozenset[Any], **options: Any) -> None:  # noqa: ANN401
        """`words` are the members that are taken."""
        self.words = {str(word): word for word in words}
        choice = validate.OneOf(
            sorted(self.words), error=f"Send one of: {', '.join(sorted(self.words))}."
        )
        super().__init__(validate=choice, **options)

    def deserialize(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - marshmallow's own
        """The member, once the word is known to be one."""
        value = super().deserialize(*args, **options)
        return self.words[value] if isinstance(value, str) else value


class Moment(fields.Field[datetime]):
    """A time as RFC 3339 text with its zone."""

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
        return None if value is None else rfc3339(value)


class Items(fields.List[Any]):
    """A JSON list."""

    default_error_messages = _messages("a list")

    def __init__(self, inner: Any, *, most: int, **options: Any) -> None:  # noqa: ANN401
        """Take 1 to `most` items."""
        self.most = most
        length = validate.Length(min=1, error="Send at least one item.")
        super().__init__(inner, validate=length, **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> list[Any]:  # noqa: ANN401
        if isinstance(value, list) and len(value) > self.most:
            raise ValidationError(f"{TOO_MANY} send at most {self.most:,}.")
        return super()._deserialize(value, *args, **options)


class Thing(fields.Nested):
    """A JSON object with a schema of its own."""

    default_error_messages = _messages("an object")
