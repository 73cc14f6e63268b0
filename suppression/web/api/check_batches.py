"""POST /v1/checks/batch, which tells whether up to 10,000 identifiers may be used."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from flask import Blueprint, Response, g

from suppression.adapters.observability.metrics import time_checks
from suppression.adapters.runtime.time_slices import in_slices
from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.requests import CheckRequest, InvalidCheck, require_scope_for
from suppression.domain.controllers.model import Caller
from suppression.domain.errors import InvalidValueError
from suppression.domain.vocabulary import ApiScope, Channel, Decision, Purpose
from suppression.usecases.checks.check import check, check_many, with_current_schemes
from suppression.web.api.check_answers import answer_fields, count_decisions, summarize
from suppression.web.api.check_requests import (
    check_for_identifier,
    count_service,
    parse_batch_item,
    parse_correlation,
    parse_scope,
)
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.batch_slots import batch_slot
from suppression.web.http.context import now, services
from suppression.web.http.json_bodies import BATCH_LIMIT, json_body, json_response, load, render
from suppression.web.schemas.checks import (
    FlatAnswerSchema,
    FlatBatchSchema,
    MixedAnswerSchema,
    MixedBatchSchema,
)

blueprint = Blueprint("check_batches", __name__)

_MIXED, _MIXED_ANSWER = MixedBatchSchema(), MixedAnswerSchema()
_FLAT, _FLAT_ANSWER = FlatBatchSchema(), FlatAnswerSchema()
Decided = TypeVar("Decided")
_LETTERS = {Decision.ALLOW: "A", Decision.DENY: "D", Decision.UNKNOWN: "U"}


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

    def decide(caller: Caller) -> tuple[list[CheckRequest | InvalidCheck], list[CheckResult]]:
        requests = [parse_batch_item(caller, item) for item in in_slices(items)]
        policies = caller.policies.policies
        return requests, check(
            services(), caller.controller, requests, now=now(), policies=policies
        )

    check_requests, answers = _by_current_schemes(caller, decide)
    for check_request, answer in zip(check_requests, answers, strict=True):
        count_decisions(_channel_of(check_request), [answer])
    purposes = [
        check_request.scope.purpose
        for check_request in check_requests
        if isinstance(check_request, CheckRequest)
    ]
    count_service(caller, Purpose.SERVICE, purposes.count(Purpose.SERVICE))
    time_checks("batch", since=g.started)
    results = [
        answer_fields(answer, parse_correlation(item))
        for answer, item in zip(answers, items, strict=True)
    ]
    return json_response(render(_MIXED_ANSWER, {"results": results, "summary": summarize(answers)}))


def _flat(caller: Caller, body: dict[str, Any]) -> Response:
    envelope = load(_FLAT, body)
    scope, kind = parse_scope(envelope)
    require_scope_for(scope.purpose or Purpose.MARKETING, caller.scopes)
    instant = now()

    def decide(caller: Caller) -> list[CheckResult]:
        return check_many(
            services(),
            caller.controller,
            kind,
            envelope["identifiers"],
            partial(check_for_identifier, caller, envelope, scope=scope, kind=kind),
            now=instant,
            policies=caller.policies.policies,
        )

    answers = _by_current_schemes(caller, decide)
    # Most results are one object, shared by identifiers without records.
    distinct = list({id(answer): answer for answer in answers}.values())
    count_decisions(scope.channel, answers)
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
        "summary": summarize(answers),
        "attested": True if any(answer.attested for answer in distinct) else None,
        "checked_at": min((answer.checked_at for answer in distinct), default=instant),
        "valid_until": _first_end(distinct),
    }
    return json_response(render(_FLAT_ANSWER, sent))


def _by_current_schemes(caller: Caller, decide: Callable[[Caller], Decided]) -> Decided:
    """Return what `decide` returns for a caller whose controller's schemes are those on record.

    A mail domain, or a partner's list, may be stopped while a body is received and parsed.
    """
    while True:
        decided = decide(caller)
        current = with_current_schemes(caller.controller)
        if current == caller.controller:
            return decided
        caller = dataclasses.replace(caller, controller=current)


def _channel_of(check_request: CheckRequest | InvalidCheck) -> Channel | None:
    """Return the channel of an item of a batch; None if it is invalid or has no channel."""
    return check_request.scope.channel if isinstance(check_request, CheckRequest) else None


def _first_end(answers: Sequence[CheckResult]) -> datetime | None:
    return min((result.valid_until for result in answers if result.valid_until), default=None)
