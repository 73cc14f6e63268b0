"""From the body of a check to a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from suppression.domain.controllers import Caller, valid_ref
from suppression.domain.decisions import Question, Unaskable
from suppression.domain.errors import (
    Fault,
    InvalidValueError,
    SuppressionError,
    UnreadableIdentifierError,
)
from suppression.domain.identifiers.forms import Value
from suppression.domain.suppressions import Extent
from suppression.domain.vocabulary import Basis, Channel, Kind, Purpose, Scope
from suppression.web.current import services
from suppression.web.schemas.checks import CheckSchema
from suppression.web.schemas.identifiers import IdentifierField
from suppression.web.subjects import value_of

_CHECK = CheckSchema()
_IDENTIFIER = IdentifierField(hashed=True)


def question_of(caller: Caller, body: Mapping[str, Any]) -> Question | Unaskable:
    """The question of one check as its schema loaded it; InvalidValueError if it is none."""
    extent, kind = extent_of(body)
    if "correlation_id" in body:
        valid_ref(body["correlation_id"], pointer="/correlation_id")
    value = value_of(body, field="identifier")
    return _question(caller, body, extent, kind, value)


def question_of_item(caller: Caller, item: object) -> Question | Unaskable:
    """The question of one item of a mixed batch: a bad one is unknown, never the whole batch."""
    try:
        return question_of(caller, _CHECK.load(item))  # type: ignore[arg-type]
    except (ValidationError, SuppressionError):
        return Unaskable(code="invalid_item")


def correlation_of(item: object) -> str | None:
    """The correlation_id of an item of a mixed batch, if it has a good one."""
    text = item.get("correlation_id") if isinstance(item, dict) else None
    try:
        return valid_ref(text, pointer="") if isinstance(text, str) else None
    except InvalidValueError:
        return None


def question_of_identifier(
    caller: Caller, body: Mapping[str, Any], item: object, *, extent: Extent, kind: Kind
) -> Question | Unaskable:
    """The question of one identifier of a flat batch."""
    try:
        value = _IDENTIFIER.deserialize(item)
    except ValidationError:
        return Unaskable(code="invalid_item")
    return _question(caller, body, extent, kind, value)


def extent_of(body: Mapping[str, Any]) -> tuple[Extent, Kind]:
    """What a check is about: a channel for marketing and service, a kind for the other two."""
    purpose: Purpose = body.get("purpose", Purpose.MARKETING)
    wanted, other = ("channel", "kind") if purpose.has_channel else ("kind", "channel")
    if wanted not in body:
        raise _invalid(f"/{wanted}", f"Add this field: `{purpose}` asks for a {wanted}.")
    if other in body:
        raise _invalid(f"/{other}", f"Remove this: `{purpose}` asks for a {wanted}.")
    channel: Channel | None = body.get("channel")
    topic: str = body.get("topic", "")
    if channel is None and topic:
        raise _invalid("/topic", f"Remove this: `{purpose}` has no topics.")
    extent = Extent(channel=channel, purpose=purpose, topic=topic)
    return extent, channel.kind if channel else body["kind"]


def _question(
    caller: Caller, body: Mapping[str, Any], extent: Extent, kind: Kind, value: Value
) -> Question | Unaskable:
    try:
        subject = services().subject(caller.controller, kind, value, country=body.get("country"))
    except UnreadableIdentifierError as error:
        return Unaskable(code=error.code)
    return Question(subject=subject, extent=extent, attested=_attested(caller, body))


def _attested(caller: Caller, body: Mapping[str, Any]) -> Basis | None:
    """The basis that the caller states, if its key may; without the scope it is as if absent."""
    return body.get("basis") if Scope.ATTEST in caller.scopes else None


def _invalid(pointer: str, detail: str) -> InvalidValueError:
    return InvalidValueError(faults=(Fault(pointer=pointer, detail=detail),))
