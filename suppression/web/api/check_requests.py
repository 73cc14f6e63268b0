"""Convert the bodies of checks, single and in batches, to check requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError

from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.controllers.model import Caller, ControllerIdentity, valid_ref
from suppression.domain.errors import (
    IdentifierParseError,
    InvalidValueError,
    MissingScopeError,
    SuppressionError,
)
from suppression.domain.identifiers.match_keys import Value
from suppression.domain.suppressions.model import CLOCK_TOLERANCE, Scope
from suppression.domain.vocabulary import Audience, Basis, Channel, Kind, Purpose
from suppression.usecases.checks.count_service_checks import count_service_checks
from suppression.web.http.context import now, services
from suppression.web.http.identifiers import parse_value
from suppression.web.schemas.checks import CheckSchema
from suppression.web.schemas.identifiers import IdentifierField

_CHECK = CheckSchema()
_IDENTIFIER = IdentifierField(hashed=True)
_FARTHEST = timedelta(days=31)
_FARTHEST_APPOINTMENT = timedelta(days=366)


def parse_check(
    controller: ControllerIdentity, body: Mapping[str, Any]
) -> CheckRequest | InvalidCheck:
    """Convert a body that CheckSchema loaded to a check request, whatever the API key may do.

    Call `permitted` on the result to apply the key's scopes. Returns an InvalidCheck if the
    identifier cannot be parsed. Raises InvalidValueError for fields that do not fit together, a
    time out of range or an invalid correlation_id.
    """
    scope, kind = parse_scope(body)
    if "correlation_id" in body:
        valid_ref(body["correlation_id"], pointer="/correlation_id")
    value = parse_value(body, field="identifier")
    return _check_request(controller, body, scope, kind, value)


def parse_batch_item(caller: Caller, item: object) -> CheckRequest | InvalidCheck:
    """Convert one item of a mixed batch, as sent, to a check request.

    An item that is invalid, has the field `reserve`, or has a purpose that the key may not check
    becomes an InvalidCheck, whose result is `unknown`, so that the rest of the batch is answered.
    """
    try:
        body = _CHECK.load(item)
        if "reserve" in body:
            return InvalidCheck(code="invalid_item")
        return parse_check(caller.controller, body).permitted(caller.scopes)
    except MissingScopeError:
        return InvalidCheck(code="scope_missing")
    except (ValidationError, SuppressionError):
        return InvalidCheck(code="invalid_item")


def parse_correlation(item: object) -> str | None:
    """Return the correlation_id of an item of a mixed batch; None if it is missing or invalid."""
    text = item.get("correlation_id") if isinstance(item, dict) else None
    try:
        return valid_ref(text, pointer="") if isinstance(text, str) else None
    except InvalidValueError:
        return None


def check_for_identifier(
    caller: Caller, body: Mapping[str, Any], item: object, *, scope: Scope, kind: Kind
) -> CheckRequest | InvalidCheck:
    """Convert one identifier of a flat batch to a check request.

    `body` is the batch as loaded by its schema, `item` one identifier as sent. Returns an
    InvalidCheck if the identifier cannot be parsed.
    """
    value: Value
    if isinstance(item, str):
        value = item
    else:
        try:
            value = _IDENTIFIER.deserialize(item)
        except ValidationError:
            return InvalidCheck(code="invalid_item")
    check_request = _check_request(caller.controller, body, scope, kind, value)
    return check_request.permitted(caller.scopes)


def parse_scope(body: Mapping[str, Any]) -> tuple[Scope, Kind]:
    """Return the channel, purpose and topic of a check, and the kind of its identifier.

    The purpose is marketing if `body` names none. Marketing and service need a channel, the other
    two purposes a kind. Raises InvalidValueError for a missing or superfluous field, or a time out
    of range.
    """
    purpose: Purpose = body.get("purpose", Purpose.MARKETING)
    required, other = ("channel", "kind") if purpose.has_channel else ("kind", "channel")
    if required not in body:
        raise InvalidValueError.at(
            f"/{required}", f"Add this field: `{purpose}` asks for a {required}."
        )
    if other in body:
        raise InvalidValueError.at(f"/{other}", f"Remove this: `{purpose}` asks for a {required}.")
    channel: Channel | None = body.get("channel")
    topic: str = body.get("topic", "")
    if channel is None and topic:
        raise InvalidValueError.at("/topic", f"Remove this: `{purpose}` has no topics.")
    scope = Scope(channel=channel, purpose=purpose, topic=topic)
    _check_times(body)
    return scope, channel.kind if channel else body["kind"]


def count_service(caller: Caller, purpose: Purpose | None, number: int) -> None:
    """Add `number` to the service checks of the caller's key if `purpose` is `service`."""
    if purpose is Purpose.SERVICE and number:
        count_service_checks(services().service_check_counter, caller.key_number, number, now=now())


def _check_request(
    controller: ControllerIdentity, body: Mapping[str, Any], scope: Scope, kind: Kind, value: Value
) -> CheckRequest | InvalidCheck:
    try:
        subject = services().subject(
            controller,
            kind,
            value,
            country=body.get("country"),
            consent=kind is Kind.POSTAL,
        )
    except IdentifierParseError as error:
        return InvalidCheck(code=error.code)
    return CheckRequest(
        subject=subject,
        scope=scope,
        audience=body.get("audience", Audience.CONSUMER),
        attested=body.get("basis"),
        appointment_at=body.get("appointment_at"),
        at=body.get("at"),
    )


def _check_times(body: Mapping[str, Any]) -> None:
    """Raise InvalidValueError for a time of contact or an appointment out of range.

    A time of contact (`at`) must be at most 5 minutes past and 31 days ahead. The basis
    `appointment` needs `appointment_at`, which no other basis may have; an appointment may be past,
    and at most 366 days ahead.
    """
    if "at" in body and not now() - CLOCK_TOLERANCE <= body["at"] <= now() + _FARTHEST:
        raise InvalidValueError.at(
            "/at", f"Send a time between now and {_FARTHEST.days} days ahead."
        )
    appointment = body.get("basis") is Basis.APPOINTMENT
    if appointment and "appointment_at" not in body:
        raise InvalidValueError.at(
            "/appointment_at", "Add this field: the time that the person agreed to."
        )
    if "appointment_at" in body and not appointment:
        raise InvalidValueError.at(
            "/appointment_at", "Remove this: it belongs to the basis `appointment`."
        )
    if appointment and body["appointment_at"] > now() + _FARTHEST_APPOINTMENT:
        raise InvalidValueError.at("/appointment_at", "Send a time within a year.")
