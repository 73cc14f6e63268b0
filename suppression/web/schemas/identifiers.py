"""Schemas and fields of identifiers in requests: a string, a postal object, or a SHA-256."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from suppression.domain.identifiers.match_keys import Digest, PostalAddress, Value
from suppression.domain.suppressions.kinds import StopKind
from suppression.web.schemas.base import (
    MISSING,
    WRONG_TYPE,
    EnumField,
    Messages,
    StrictList,
    StrictSchema,
    StrictString,
)

MAX_LINES = 10


class Country(StrictString):
    """A field for a country code (ISO 3166-1): any two letters, which it loads in upper case."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - marshmallow's own
        """Accept two letters, upper or lower case."""
        pattern = validate.Regexp(r"^[A-Za-z]{2}\Z", error="Send two letters, like FR.")
        super().__init__(validate=pattern, **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:  # noqa: ANN401
        return super()._deserialize(value, *args, **options).upper()


class TopicSlug(StrictString):
    """A field for the slug of a topic. Only its syntax is checked."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - marshmallow's own
        """Accept the syntax of a slug; use cases check that the topic exists."""
        pattern = validate.Regexp(
            r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\Z", error="Send a topic like newsletter."
        )
        super().__init__(validate=pattern, **options)


class PostalSchema(StrictSchema):
    """A postal address as named parts, such as `street` and `postcode`, or as free `lines`."""

    name = StrictString()
    street = StrictString()
    line1 = StrictString()
    line2 = StrictString()
    postcode = StrictString()
    city = StrictString()
    country = StrictString()
    lines = StrictList(StrictString(), limit=MAX_LINES)


class DigestSchema(StrictSchema):
    """An identifier as its SHA-256, and the scheme of its spelling."""

    sha256 = StrictString(required=True)
    scheme = StrictString()


_POSTAL = PostalSchema()
_DIGEST = DigestSchema()


class IdentifierField(fields.Field[Value]):
    """A field for an identifier: a string, a postal object or, if `hashed`, `{sha256, scheme?}`."""

    default_error_messages: Messages = {  # noqa: RUF012 - marshmallow's own name and type
        "required": MISSING,
        "null": f"{WRONG_TYPE} send an identifier.",
    }

    def __init__(self, *, hashed: bool = False, **options: Any) -> None:  # noqa: ANN401
        """Accept an object with `sha256` in place of the identifier if `hashed` is true."""
        self.hashed = hashed
        super().__init__(**options)

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object
    ) -> Value:
        del attr, data
        if isinstance(value, str):
            return value
        if not isinstance(value, dict):
            raise ValidationError(f"{WRONG_TYPE} send a string or a postal object.")
        if self.hashed and "sha256" in value:
            digest = _DIGEST.load(value)
            return Digest(text=digest.pop("sha256"), **digest)
        return postal_address(_POSTAL.load(value))


def postal_address(values: Mapping[str, Any]) -> PostalAddress:
    """Convert values that PostalSchema loaded to a PostalAddress."""
    return PostalAddress(**{**values, "lines": tuple(values.get("lines", ()))})


class IdentifierSchema(StrictSchema):
    """One identifier or mail domain of a stop or release, by its `value` or its `sha256`."""

    kind = EnumField(StopKind, required=True)
    value = IdentifierField()
    sha256 = StrictString()
    scheme = StrictString()
    country = Country()
