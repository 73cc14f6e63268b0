"""POST /v1/attempts and /v1/outcomes, by which dialers report their calls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response

from suppression.domain.controllers.model import Caller, valid_ref
from suppression.domain.errors import (
    InvalidValueError,
    MissingScopeError,
)
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Outcome
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import ApiScope, Channel, ContactOutcome, Evidence, Kind
from suppression.usecases.calls.record_attempt import AttemptAnswer, AttemptRequest, record_attempt
from suppression.usecases.calls.record_outcome import (
    TELEPHONE_ALONE,
    OutcomeAnswer,
    OutcomeRequest,
    record_outcome,
)
from suppression.usecases.idempotency import StoredResponse
from suppression.web.api.stored_stops import store_and_count, suppression_result
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.context import now
from suppression.web.http.idempotency import idempotency_key
from suppression.web.http.identifiers import parse_subject
from suppression.web.http.json_bodies import (
    SINGLE_LIMIT,
    json_body,
    json_response,
    load,
    render,
)
from suppression.web.http.rate_limits import exempt_from_rate_limit
from suppression.web.schemas.calls import (
    AttemptAnswerSchema,
    AttemptRequestSchema,
    OutcomeAnswerSchema,
    OutcomeRequestSchema,
)
from suppression.web.schemas.suppressions import ALL

blueprint = Blueprint("calls", __name__)

_ATTEMPT, _ATTEMPT_ANSWER = AttemptRequestSchema(), AttemptAnswerSchema()
_OUTCOME, _OUTCOME_ANSWER = OutcomeRequestSchema(), OutcomeAnswerSchema()
_STOPS = frozenset({ContactOutcome.STOP, ContactOutcome.WRONG_PERSON})
_ATTEMPT_ID = re.compile(r"[0-9a-f]{32}")


@blueprint.post("/v1/attempts")
@require_api_key(ApiScope.CHECK)
def report_attempt(caller: Caller) -> Response:
    """Record a call attempt; return its id, how many attempts count now, and the policy's limit.

    If the body has the `attempt_id` of an attempt that a check reserved, nothing new is recorded.
    Raises InvalidIdentifiersError for a number that cannot be parsed; InvalidValueError if the
    number has no such attempt, for a time over 5 minutes ahead, or an invalid `ref`;
    IdempotencyKeyReusedError if the Idempotency-Key came with another body, IdempotencyKeyBusyError
    if its first request still runs.
    """
    body = load(_ATTEMPT, json_body(limit=SINGLE_LIMIT))
    instant = now()
    request = AttemptRequest(
        subject=_number(caller, body, partner_digests=False),
        occurred_at=body.get("occurred_at"),
        attempt_id=_attempt_id(body),
        ref=_ref(body),
    )
    answer = record_attempt(
        caller.controller,
        request,
        _attempted,
        actor=caller.actor,
        now=instant,
        idempotency_key=idempotency_key(caller),
    )
    return json_response(answer)


@blueprint.post("/v1/outcomes")
@exempt_from_rate_limit
@require_api_key(ApiScope.SUPPRESS)
def report_outcome(caller: Caller) -> Response:
    """Record the outcome of a call, such as a stop, a refusal or an agreed time.

    Raises MissingScopeError for a callback if the key lacks the scope `attest`, because an agreed
    time allows a call; InvalidIdentifiersError for a number that cannot be parsed;
    InvalidValueError for channels that do not fit, an impossible `callback_at` or invalid `ref`;
    IdempotencyKeyReusedError if the Idempotency-Key came with another body, IdempotencyKeyBusyError
    if its first request still runs.
    """
    body = load(_OUTCOME, json_body(limit=SINGLE_LIMIT))
    if body["outcome"] is ContactOutcome.CALLBACK and ApiScope.ATTEST not in caller.scopes:
        raise MissingScopeError("This API key lacks the scope `attest`, which a callback needs.")
    instant = now()
    request = OutcomeRequest(
        # A stop accepts any hash scheme; limits count attempts under the number itself.
        subject=_number(caller, body, partner_digests=body["outcome"] in _STOPS),
        outcome=body["outcome"],
        occurred_at=body.get("occurred_at"),
        coverage=_coverage(body),
        callback_at=body.get("callback_at"),
        ref=_ref(body),
    )
    store = partial(
        record_outcome,
        caller.controller,
        request,
        actor=caller.actor,
        now=instant,
        idempotency_key=idempotency_key(caller),
    )
    return store_and_count(
        store, _recorded, stops_of=lambda answer: answer.results, evidence=Evidence.API
    )


def _number(caller: Caller, body: Mapping[str, Any], *, partner_digests: bool) -> Subject:
    numbers = {**body, "kind": Kind.PHONE}
    return parse_subject(caller.controller, numbers, partner_digests=partner_digests)


def _ref(body: Mapping[str, Any]) -> str:
    return valid_ref(body["ref"], pointer="/ref") if "ref" in body else ""


def _attempt_id(body: Mapping[str, Any]) -> bytes | None:
    text = body.get("attempt_id")
    if text is None:
        return None
    if not _ATTEMPT_ID.fullmatch(text):
        raise InvalidValueError.at(
            "/attempt_id", "Send the attempt_id of a check's answer: 32 hex digits."
        )
    return bytes.fromhex(text)


def _coverage(body: Mapping[str, Any]) -> RequestedScope:
    """Return the channels that a stop covers: those in the body, else telephone alone.

    Raises InvalidValueError if the body has channels and an outcome other than `stop`, or channels
    that do not take a number.
    """
    if "channels" not in body:
        return TELEPHONE_ALONE
    if body["outcome"] is not ContactOutcome.STOP:
        raise InvalidValueError.at("/channels", "Remove this: it belongs to the outcome `stop`.")
    channels = body["channels"]
    if channels == ALL:
        return RequestedScope(channels=None, all_channels=True)
    if set(channels) - {Channel.SMS, Channel.TELEPHONE}:
        raise InvalidValueError.at(
            "/channels", 'Send channels of a number: telephone, sms, or "all".'
        )
    return RequestedScope(channels=channels)


def _attempted(answer: AttemptAnswer) -> StoredResponse:
    sent = {
        "attempt_id": answer.attempt_id.hex(),
        "outcome": answer.outcome,
        "counted": answer.counted,
        "limit": answer.limit or None,
    }
    status = 201 if answer.outcome is Outcome.CREATED else 200
    return render(_ATTEMPT_ANSWER, sent, status=status)


def _recorded(answer: OutcomeAnswer) -> StoredResponse:
    sent = {
        "reference": answer.reference,
        "results": [suppression_result(stop_result) for stop_result in answer.results],
        "consents_ended": answer.consents_ended,
    }
    return render(_OUTCOME_ANSWER, sent)
