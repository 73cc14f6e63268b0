"""POST /v1/checks, which tells whether one identifier may be used, and may reserve the call."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from suppression.adapters.observability.metrics import time_checks
from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.requests import CheckRequest, require_scope_for
from suppression.domain.controllers.model import Caller
from suppression.domain.errors import InvalidValueError, SuppressionError
from suppression.domain.identifiers.partner_schemes import looks_up_more
from suppression.domain.vocabulary import ApiScope, Channel, Purpose
from suppression.usecases.authenticate import authenticate, identity_of, still_is
from suppression.usecases.calls.reserve_attempt import Reservation, reserve_attempt
from suppression.usecases.checks.check import check, decide_loaded
from suppression.usecases.checks.load_with_key import load_with_key
from suppression.usecases.idempotency import StoredResponse
from suppression.web.api.check_answers import answer_fields, count_decisions
from suppression.web.api.check_requests import count_service, parse_check
from suppression.web.http.api_key_auth import authorize, declare_scope, sent_key
from suppression.web.http.context import now, services
from suppression.web.http.idempotency import idempotency_key
from suppression.web.http.json_bodies import (
    KILOBYTE,
    SINGLE_LIMIT,
    json_body,
    json_response,
    load,
    render,
)
from suppression.web.http.rate_limits import is_suspect
from suppression.web.schemas.checks import CheckAnswerSchema, CheckSchema, load_plain_check

blueprint = Blueprint("checks", __name__)

_CHECK, _CHECK_ANSWER = CheckSchema(), CheckAnswerSchema()
_READ_UNASKED = 4 * KILOBYTE
"""Maximum bytes of a body that is parsed before its sender's API key is authenticated."""


@blueprint.post("/v1/checks")
@declare_scope(ApiScope.CHECK)
def check_one() -> Response:
    """Return the check result of one identifier; reserve an allowed call if the body says so.

    An identifier that cannot be parsed has the result `unknown`. Raises InvalidValueError for
    invalid fields, fields that do not fit together, or a reservation of anything but a marketing
    call made now; MissingScopeError for a purpose that the key may not check; for a reservation
    also IdempotencyKeyReusedError if the Idempotency-Key came with another body,
    IdempotencyKeyBusyError if its first request still runs. An error about the API key (missing,
    invalid, or without the scope) comes before any error about the body.
    """
    key = sent_key()
    if (request.content_length or SINGLE_LIMIT) > _READ_UNASKED or is_suspect():
        authorize(authenticate(key), ApiScope.CHECK)
    try:
        sent = json_body(limit=SINGLE_LIMIT)
        body = load_plain_check(sent) or load(_CHECK, sent)
    except SuppressionError:
        authorize(authenticate(key), ApiScope.CHECK)
        raise
    if body.get("reserve"):
        return _reserved(key, body)
    answer = _answer(key, body)
    caller: Caller = g.caller
    idempotency_key(caller)
    count_decisions(body.get("channel"), [answer])
    count_service(caller, body.get("purpose"), 1)
    time_checks("single", since=g.started)
    return json_response(render(_CHECK_ANSWER, answer_fields(answer, body.get("correlation_id"))))


def _answer(key: str, body: dict[str, Any]) -> CheckResult:
    """Return the check result of a body; one SQL statement reads both the caller and the state.

    More than one is needed if the key names no controller, the request has a fault or has to look
    up partners' lists or mail domains, or the remembered controller was replaced in the database.
    """
    identity, instant = identity_of(services(), key), now()
    try:
        check_request = parse_check(identity, body) if identity else None
    except SuppressionError:  # raised again below, to an authorized caller
        check_request = None
    if identity and isinstance(check_request, CheckRequest):
        caller, state = load_with_key(key, check_request, now=instant)
        authorize(caller, ApiScope.CHECK)
        kind, schemes = check_request.subject.kind, caller.controller.schemes
        more = bool(schemes) and looks_up_more(kind, schemes)
        if still_is(services(), identity, caller.controller) and not more:
            check_request = check_request.permitted(caller.scopes)
            return decide_loaded(services(), caller, check_request, state, now=instant)
    else:
        caller = authenticate(key)
        authorize(caller, ApiScope.CHECK)
    require_scope_for(body.get("purpose", Purpose.MARKETING), caller.scopes)
    permitted = parse_check(caller.controller, body).permitted(caller.scopes)
    policies = caller.policies.policies
    (answer,) = check(services(), caller.controller, [permitted], now=instant, policies=policies)
    return answer


def _reserved(key: str, body: dict[str, Any]) -> Response:
    """Return the check result; if it is allow, record the attempt in the transaction of the check.

    Raises InvalidValueError unless the check is about a marketing call made now;
    IdempotencyKeyReusedError if the Idempotency-Key came with another body, IdempotencyKeyBusyError
    if its first request still runs.
    """
    caller = authenticate(key)
    authorize(caller, ApiScope.CHECK)
    check_request = parse_check(caller.controller, body).permitted(caller.scopes)
    sent_key = idempotency_key(caller)
    purpose = body.get("purpose", Purpose.MARKETING)
    if body.get("channel") is not Channel.TELEPHONE or purpose is not Purpose.MARKETING:
        raise InvalidValueError.at("/reserve", "Remove this: only marketing calls are counted.")
    if "at" in body:
        raise InvalidValueError.at("/at", "Remove this: what is reserved is an attempt now.")
    answers: list[CheckResult] = []

    def render_reservation(reserved: Reservation) -> StoredResponse:
        answers.append(reserved.answer)
        sent = answer_fields(reserved.answer, body.get("correlation_id"))
        if reserved.attempt_id:
            sent["attempt_id"] = reserved.attempt_id.hex()
        return render(_CHECK_ANSWER, sent)

    answer = reserve_attempt(
        services(),
        caller.controller,
        check_request,
        render_reservation,
        actor=caller.actor,
        now=now(),
        idempotency_key=sent_key,
    )
    count_decisions(Channel.TELEPHONE, answers)
    time_checks("single", since=g.started)
    return json_response(answer)
