"""From the body of a check to a question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError

from suppression.domain.checks.requests import CheckRequest, Unaskable
from suppression.domain.controllers.model import Caller, valid_ref
from suppression.domain.errors import (
    Fault,
    InvalidValueError,
    MissingScopeError,
    SuppressionError,
    UnreadableIdentifierError,
)
from suppression.domain.identifiers.match_keys import Value
from suppression.domain.suppressions.model import CLOCK_TOLERANCE, Extent
from suppression.domain.vocabulary import Audience, Basis, Channel, Kind, Purpose, Scope
from suppression.usecases.checks.count_service_checks import count_service_checks
from suppression.web.http.context import now, services
from suppression.web.http.identifiers import value_of
from suppression.web.schemas.checks import CheckSchema
from suppression.web.schemas.identifiers import IdentifierField

_CHECK = CheckSchema()
_IDENTIFIER = IdentifierField(hashed=True)
_FARTHEST = timedelta(days=31)
_FARTHEST_APPOINTMENT = timedelta(days=366)


def question_of(caller: Caller, body: Mapping[str, Any]) -> CheckRequest | Unaskable:
    """The question of one check as its schema loaded it; InvalidValueError if it is none."""
    extent, kind = extent_of(body)
    check_purpose(caller, extent)
    if "correlation_id" in body:
        valid_ref(body["correlation_id"], pointer="/correlation_id")
    value = value_of(body, field="identifier")
    return _question(caller, body, extent, kind, value)


def question_of_item(caller: Caller, item: object) -> CheckRequest | Unaskable:
    """The question of one item of a mixed batch: a bad one is unknown, never the whole batch."""
    try:
        body = _CHECK.load(item)
        return Unaskable(code="invalid_item") if "reserve" in body else question_of(caller, body)
    except MissingScopeError:
        return Unaskable(code="scope_missing")
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
) -> CheckRequest | Unaskable:
    """The question of one identifier of a flat batch."""
    if isinstance(item, str):
        return _question(caller, body, extent, kind, item)
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
    _check_times(body)
    return extent, channel.kind if channel else body["kind"]


def check_purpose(caller: Caller, extent: Extent) -> None:
    """Refuse `service` to a key without that scope: this purpose passes objections."""
    if extent.purpose is Purpose.SERVICE and Scope.SERVICE not in caller.scopes:
        raise MissingScopeError(
            "This API key lacks the scope `service`, which the purpose `service` needs."
        )


def count_service(caller: Caller, purpose: Purpose | None, number: int) -> None:
    """Count, for the caller's key, so many identifiers that were checked for this purpose."""
    if purpose is Purpose.SERVICE and number:
        count_service_checks(services().service_tally, caller.key_number, number, now=now())


def _question(
    caller: Caller, body: Mapping[str, Any], extent: Extent, kind: Kind, value: Value
) -> CheckRequest | Unaskable:
    try:
        subject = services().subject(
            caller.controller,
            kind,
            value,
            country=body.get("country"),
            consent=kind is Kind.POSTAL,
        )
    except UnreadableIdentifierError as error:
        return Unaskable(code=error.code)
    # What a caller states counts only with the scope; without it, it is as if absent.
    stated = body if Scope.ATTEST in caller.scopes else {}
    return CheckRequest(
        subject=subject,
        extent=extent,
        audience=stated.get("audience", Audience.CONSUMER),
        attested=stated.get("basis"),
        appointment_at=stated.get("appointment_at"),
        at=body.get("at"),
    )


def _check_times(body: Mapping[str, Any]) -> None:
    """Refuse a contact planned for the past or too far ahead, half an appointment, a wild one."""
    if "at" in body and not now() - CLOCK_TOLERANCE <= body["at"] <= now() + _FARTHEST:
        raise _invalid("/at", f"Send a time between now and {_FARTHEST.days} days ahead.")
    appointment = body.get("basis") is Basis.APPOINTMENT
    if appointment and "appointment_at" not in body:
        raise _invalid("/appointment_at", "Add this field: the time that the person agreed to.")
    if "appointment_at" in body and not appointment:
        raise _invalid("/appointment_at", "Remove this: it belongs to the basis `appointment`.")
    if appointment and body["appointment_at"] > now() + _FARTHEST_APPOINTMENT:
        raise _invalid("/appointment_at", "Send a time within a year.")


def _invalid(pointer: str, detail: str) -> InvalidValueError:
    return InvalidValueError(faults=(Fault(pointer=pointer, detail=detail),))
