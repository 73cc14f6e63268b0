"""POST /v1/checks and /v1/checks/batch, which tell whether identifiers may be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from flask import Blueprint, Response, g, request

from suppression.adapters.observability.metrics import (
    count_attested,
    count_check,
    count_checks,
    time_checks,
)
from suppression.adapters.runtime.time_slices import in_slices
from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.controllers.model import Caller
from suppression.domain.errors import InvalidValueError, SuppressionError
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.vocabulary import ApiScope, Audience, Channel, Decision, Purpose
from suppression.usecases.calls.reserve_attempt import Reservation, reserve_attempt
from suppression.usecases.checks.check import check, check_many, decide_prefetched
from suppression.usecases.checks.prefetch import prefetch
from suppression.usecases.idempotency import StoredResponse
from suppression.web.api.check_requests import (
    check_for_identifier,
    count_service,
    parse_batch_item,
    parse_check,
    parse_correlation,
    parse_scope,
)
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.batch_slots import batch_slot
from suppression.web.http.context import now, services
from suppression.web.http.idempotency import idempotency_key
from suppression.web.http.json_bodies import (
    BATCH_LIMIT,
    SINGLE_LIMIT,
    json_body,
    json_response,
    load,
    render,
)
from suppression.web.schemas.checks import (
    CheckAnswerSchema,
    CheckSchema,
    FlatAnswerSchema,
    FlatBatchSchema,
    MixedAnswerSchema,
    MixedBatchSchema,
    load_plain_check,
)

blueprint = Blueprint("checks", __name__)

_CHECK, _CHECK_ANSWER = CheckSchema(), CheckAnswerSchema()
_MIXED, _MIXED_ANSWER = MixedBatchSchema(), MixedAnswerSchema()
_FLAT, _FLAT_ANSWER = FlatBatchSchema(), FlatAnswerSchema()
_DECISION = attrgetter("decision")
_LETTERS = {Decision.ALLOW: "A", Decision.DENY: "D", Decision.UNKNOWN: "U"}


def _decide_prefetched(key: str) -> Caller | None:
    """Read the caller of a key and what decides this check in one query; return the caller.

    The body and the result of `prefetch` are stored in `g.prefetched`, for the view to use. Returns
    None, and stores nothing, if the body is invalid or not plain (see `load_plain_check`), or if
    `prefetch` returns None.
    """
    body: dict[str, Any] | None = None

    def build_request(caller: Caller) -> CheckRequest | None:
        nonlocal body
        if (request.content_length or SINGLE_LIMIT + 1) > SINGLE_LIMIT:
            return None
        try:
            body = load_plain_check(json_body(limit=SINGLE_LIMIT))
            check_request = parse_check(caller, body) if body else None
        except SuppressionError:  # reported after the key is authenticated
            return None
        return check_request if isinstance(check_request, CheckRequest) else None

    prefetched = prefetch(key, build_request)
    if prefetched is None or body is None:
        return None
    g.prefetched = body, prefetched
    return prefetched.caller


@blueprint.post("/v1/checks")
@require_api_key(ApiScope.CHECK, prefetched=_decide_prefetched)
def check_one(caller: Caller) -> Response:
    """Return the check result of one identifier; reserve an allowed call if the body says so.

    An identifier that cannot be parsed has the result `unknown`. Raises InvalidValueError for
    invalid fields, fields that do not fit together, or a reservation of anything but a marketing
    call made now; MissingScopeError for a purpose that the key may not check; for a reservation
    also IdempotencyKeyReusedError if the Idempotency-Key came with another body,
    IdempotencyKeyBusyError if its first request still runs.
    """
    if "prefetched" in g:
        body, (_, check_request, lookup) = g.prefetched
        idempotency_key(caller)
        policies = caller.policies.policies
        answer = decide_prefetched(services(), policies, check_request, lookup, now=now())
        return _single(caller, answer, body)
    sent = json_body(limit=SINGLE_LIMIT)
    body = load_plain_check(sent) or load(_CHECK, sent)
    check_request, key = parse_check(caller, body), idempotency_key(caller)
    if body.get("reserve"):
        return _reserved(caller, body, check_request, key)
    policies = caller.policies.policies
    (answer,) = check(services(), caller.controller, [check_request], now=now(), policies=policies)
    return _single(caller, answer, body)


def _single(caller: Caller, answer: CheckResult, body: dict[str, Any]) -> Response:
    _count(body.get("channel"), [answer])
    count_service(caller, body.get("purpose"), 1)
    time_checks("single", since=g.started)
    return json_response(render(_CHECK_ANSWER, _sent(answer, body.get("correlation_id"))))


def _reserved(
    caller: Caller,
    body: dict[str, Any],
    check_request: CheckRequest | InvalidCheck,
    idempotency_key: IdempotencyKey | None,
) -> Response:
    """Return the check result; if it is allow, record the attempt in the transaction of the check.

    Raises InvalidValueError unless the check is about a marketing call made now;
    IdempotencyKeyReusedError if the Idempotency-Key came with another body, IdempotencyKeyBusyError
    if its first request still runs.
    """
    purpose = body.get("purpose", Purpose.MARKETING)
    if body.get("channel") is not Channel.TELEPHONE or purpose is not Purpose.MARKETING:
        raise InvalidValueError.at("/reserve", "Remove this: only marketing calls are counted.")
    if "at" in body:
        raise InvalidValueError.at("/at", "Remove this: what is reserved is an attempt now.")
    answers: list[CheckResult] = []

    def render_reservation(reserved: Reservation) -> StoredResponse:
        answers.append(reserved.answer)
        sent = _sent(reserved.answer, body.get("correlation_id"))
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
        idempotency_key=idempotency_key,
    )
    _count(Channel.TELEPHONE, answers)
    time_checks("single", since=g.started)
    return json_response(answer)


@blueprint.post("/v1/checks/batch")
@require_api_key(ApiScope.CHECK)
def check_batch(caller: Caller) -> Response:
    """Return the check results of up to 10,000 identifiers or items, all in one response.

    Raises RateLimitedError if no slot for a batch is free; InvalidValueError if the body has both
    identifiers and items. For a batch of identifiers also raises InvalidValueError for fields that
    do not fit together or a time out of range, MissingScopeError for a purpose that the key may not
    check; an invalid item has the result `unknown`.
    """
    with batch_slot(caller.controller):
        body = json_body(limit=BATCH_LIMIT)
        if "items" in body and "identifiers" in body:
            raise InvalidValueError.at("/items", "Send either `items` or `identifiers`.")
        return _mixed(caller, body) if "items" in body else _flat(caller, body)


def _mixed(caller: Caller, body: dict[str, Any]) -> Response:
    items = load(_MIXED, body)["items"]
    check_requests = [parse_batch_item(caller, item) for item in in_slices(items)]
    policies = caller.policies.policies
    answers = check(services(), caller.controller, check_requests, now=now(), policies=policies)
    for check_request, answer in zip(check_requests, answers, strict=True):
        _count(_channel_of(check_request), [answer])
    purposes = [
        check_request.scope.purpose
        for check_request in check_requests
        if isinstance(check_request, CheckRequest)
    ]
    count_service(caller, Purpose.SERVICE, purposes.count(Purpose.SERVICE))
    time_checks("batch", since=g.started)
    results = [
        _sent(answer, parse_correlation(item)) for answer, item in zip(answers, items, strict=True)
    ]
    return json_response(render(_MIXED_ANSWER, {"results": results, "summary": _summary(answers)}))


def _flat(caller: Caller, body: dict[str, Any]) -> Response:
    envelope = load(_FLAT, body)
    scope, kind = parse_scope(caller, envelope)
    instant = now()
    answers = check_many(
        services(),
        caller.controller,
        kind,
        envelope["identifiers"],
        partial(check_for_identifier, caller, envelope, scope=scope, kind=kind),
        now=instant,
        policies=caller.policies.policies,
    )
    # Most results are one object, shared by identifiers without records.
    distinct = list({id(answer): answer for answer in answers}.values())
    _count(scope.channel, answers)
    count_service(caller, scope.purpose, len(answers))
    time_checks("batch", since=g.started)
    details = [
        {"index": index, "reasons": answer.reasons, "retry_at": answer.retry_at}
        for index, answer in enumerate(answers)
        if answer.decision is not Decision.ALLOW
    ]
    sent = {
        "decisions": "".join(_LETTERS[answer.decision] for answer in answers),
        "details": details,
        "summary": _summary(answers),
        "attested": True if any(answer.attested for answer in distinct) else None,
        "checked_at": min((answer.checked_at for answer in distinct), default=instant),
        "valid_until": _first_end(distinct),
    }
    return json_response(render(_FLAT_ANSWER, sent))


def _count(channel: Channel | None, answers: Sequence[CheckResult]) -> None:
    """Count every decision in the metrics, and every allow that rests on the caller's statement."""
    if len(answers) == 1:
        count_check(channel, answers[0].decision)
    else:
        count_checks(channel, map(_DECISION, answers))
    for answer in answers:
        if not answer.attested and answer.audience is Audience.CONSUMER:
            continue
        professional = answer.audience is Audience.PROFESSIONAL
        if answer.decision is Decision.ALLOW:
            count_attested(channel, Audience.PROFESSIONAL if professional else answer.basis)


def _channel_of(check_request: CheckRequest | InvalidCheck) -> Channel | None:
    """Return the channel of an item of a batch; None if it is invalid or has no channel."""
    return check_request.scope.channel if isinstance(check_request, CheckRequest) else None


def _sent(answer: CheckResult, correlation_id: str | None) -> dict[str, object]:
    return {
        "decision": answer.decision,
        "basis": answer.basis,
        "attested": True if answer.attested else None,
        "audience": answer.audience if answer.audience is Audience.PROFESSIONAL else None,
        "reasons": answer.reasons,
        "checked_at": answer.checked_at,
        "valid_until": answer.valid_until,
        "retry_at": answer.retry_at,
        "correlation_id": correlation_id,
    }


def _summary(answers: Sequence[CheckResult]) -> dict[str, object]:
    counted = Counter(map(_DECISION, answers))
    given = [answer.reasons for answer in answers if answer.reasons]
    reasons = Counter(code for each in given for code in {reason.code for reason in each})
    return {str(decision): counted[decision] for decision in Decision} | {
        "reasons": {str(code): number for code, number in sorted(reasons.items())}
    }


def _first_end(answers: Sequence[CheckResult]) -> datetime | None:
    return min((result.valid_until for result in answers if result.valid_until), default=None)
