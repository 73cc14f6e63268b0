"""POST /v1/inbound/sms, which receives the text messages that people send."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response

from suppression.domain.controllers.model import Caller, Controller, valid_ref
from suppression.domain.errors import FieldError, IdentifierParseError, InvalidIdentifiersError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Outcome
from suppression.domain.vocabulary import ApiScope, Evidence, Kind
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.sms.receive import InboundAnswer, InboundSms, receive_sms
from suppression.usecases.sms.review_queue import encrypted_message
from suppression.web.api.stored_stops import store_and_count, suppression_result
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.context import now, services
from suppression.web.http.idempotency import idempotency_key
from suppression.web.http.json_bodies import (
    SINGLE_LIMIT,
    json_body,
    load,
    render,
)
from suppression.web.http.rate_limits import exempt_from_rate_limit
from suppression.web.schemas.inbound_sms import InboundAnswerSchema, InboundSmsSchema

blueprint = Blueprint("inbound", __name__)

_SMS, _ANSWER = InboundSmsSchema(), InboundAnswerSchema()


@blueprint.post("/v1/inbound/sms")
@exempt_from_rate_limit
@require_api_key(ApiScope.SUPPRESS)
def sms(caller: Caller) -> Response:
    """Classify a text message; store a clear stop as a stop, keep an unclear text for review.

    Raises InvalidIdentifiersError for a number that cannot be parsed; InvalidValueError for an
    invalid `ref`; IdempotencyKeyReusedError if the Idempotency-Key came with another body,
    IdempotencyKeyBusyError if its first request still runs.
    """
    body = load(_SMS, json_body(limit=SINGLE_LIMIT))
    instant = now()
    message = InboundSms(
        subject=_sender(caller, body["number"], body.get("country")),
        text=body["text"],
        received_at=body.get("received_at"),
        to=body.get("to", ""),
        ref=valid_ref(body["ref"], pointer="/ref") if "ref" in body else "",
        encrypted=partial(_encrypted, caller.controller, body),
    )
    store = partial(
        receive_sms,
        caller.controller,
        message,
        actor=caller.actor,
        now=instant,
        idempotency_key=idempotency_key(caller),
    )
    return store_and_count(
        store,
        _answered,
        stops_of=lambda answer: answer.stop.results if answer.stop else (),
        evidence=Evidence.INBOUND,
    )


def _encrypted(controller: Controller, body: Mapping[str, Any]) -> bytes:
    number, text = body["number"], body["text"]
    country = body.get("country")
    return encrypted_message(services(), controller, sender=number, text=text, country=country)


def _sender(caller: Caller, number: str, country: str | None) -> Subject:
    try:
        return services().subject(caller.controller, Kind.PHONE, number, country=country)
    except IdentifierParseError as error:
        fault = FieldError(pointer="/number", detail=error.detail)
        raise InvalidIdentifiersError(faults=(fault,)) from None


def _answered(answer: InboundAnswer) -> StoredResponse:
    sent: dict[str, object] = {"understood": answer.reply.understood, "word": answer.reply.word}
    if answer.stop is None:
        return render(_ANSWER, sent)
    results = answer.stop.results
    created = any(stop_result.outcome is Outcome.CREATED for stop_result in results)
    sent |= {
        "reference": answer.stop.reference,
        "results": [suppression_result(stop_result) for stop_result in results],
    }
    return render(_ANSWER, sent, status=201 if created else 200)
