"""POST /v1/checks and /v1/checks/batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from time import perf_counter
from typing import Any

from flask import Blueprint, Response, g

from suppression.adapters.metrics import count_checks, time_checks
from suppression.domain.controllers import Caller
from suppression.domain.decisions import Answer, Question, Unaskable
from suppression.domain.errors import Fault, InvalidValueError
from suppression.domain.vocabulary import Channel, Decision, Scope
from suppression.usecases.check import check
from suppression.web.bodies import (
    BATCH_LIMIT,
    SINGLE_LIMIT,
    json_body,
    json_response,
    loaded,
    rendered,
)
from suppression.web.current import now, services
from suppression.web.keyed import keyed
from suppression.web.questions import (
    correlation_of,
    extent_of,
    question_of,
    question_of_identifier,
    question_of_item,
)
from suppression.web.schemas.checks import (
    CheckAnswerSchema,
    CheckSchema,
    FlatAnswerSchema,
    FlatBatchSchema,
    MixedAnswerSchema,
    MixedBatchSchema,
)

blueprint = Blueprint("checks", __name__)

_CHECK, _CHECK_ANSWER = CheckSchema(), CheckAnswerSchema()
_MIXED, _MIXED_ANSWER = MixedBatchSchema(), MixedAnswerSchema()
_FLAT, _FLAT_ANSWER = FlatBatchSchema(), FlatAnswerSchema()
_LETTERS = {Decision.ALLOW: "A", Decision.DENY: "D", Decision.UNKNOWN: "U"}


@blueprint.post("/v1/checks")
@keyed(Scope.CHECK)
def check_one(caller: Caller) -> Response:
    """Answer: may I use this identifier? One of them."""
    body = loaded(_CHECK, json_body(limit=SINGLE_LIMIT))
    question = question_of(caller, body)
    (answer,) = check(services(), caller.controller, [question], now=now())
    count_checks(body.get("channel"), [answer.decision])
    _time("single")
    return json_response(rendered(_CHECK_ANSWER, _sent(answer, body.get("correlation_id"))))


@blueprint.post("/v1/checks/batch")
@keyed(Scope.CHECK)
def check_batch(caller: Caller) -> Response:
    """Answer: may I use these, up to 10,000 of them? All in one go."""
    body = json_body(limit=BATCH_LIMIT)
    if "items" in body and "identifiers" in body:
        detail = "Send either `items` or `identifiers`."
        raise InvalidValueError(faults=(Fault(pointer="/items", detail=detail),))
    return _mixed(caller, body) if "items" in body else _flat(caller, body)


def _mixed(caller: Caller, body: dict[str, Any]) -> Response:
    items = loaded(_MIXED, body)["items"]
    questions = [question_of_item(caller, item) for item in items]
    answers = check(services(), caller.controller, questions, now=now())
    for question, answer in zip(questions, answers, strict=True):
        count_checks(_channel_of(question), [answer.decision])
    _time("batch")
    results = [
        _sent(answer, correlation_of(item)) for answer, item in zip(answers, items, strict=True)
    ]
    return json_response(
        rendered(_MIXED_ANSWER, {"results": results, "summary": _summary(answers)})
    )


def _flat(caller: Caller, body: dict[str, Any]) -> Response:
    envelope = loaded(_FLAT, body)
    extent, kind = extent_of(envelope)
    questions = [
        question_of_identifier(caller, envelope, item, extent=extent, kind=kind)
        for item in envelope["identifiers"]
    ]
    moment = now()
    answers = check(services(), caller.controller, questions, now=moment)
    count_checks(extent.channel, [answer.decision for answer in answers])
    _time("batch")
    details = [
        {"index": index, "reasons": answer.reasons}
        for index, answer in enumerate(answers)
        if answer.decision is not Decision.ALLOW
    ]
    sent = {
        "decisions": "".join(_LETTERS[answer.decision] for answer in answers),
        "details": details,
        "summary": _summary(answers),
        "attested": True if any(answer.attested for answer in answers) else None,
        "checked_at": moment,
        "valid_until": _first_end(answers),
    }
    return json_response(rendered(_FLAT_ANSWER, sent))


def _time(call: str) -> None:
    """From when the request was begun until its answer was known."""
    time_checks(call, perf_counter() - g.started)


def _channel_of(question: Question | Unaskable) -> Channel | None:
    """The channel of an item; none of one that could not be asked, for it may have none."""
    return question.extent.channel if isinstance(question, Question) else None


def _sent(answer: Answer, correlation_id: str | None) -> dict[str, object]:
    return {
        "decision": answer.decision,
        "basis": answer.basis,
        "attested": True if answer.attested else None,
        "reasons": answer.reasons,
        "checked_at": answer.checked_at,
        "valid_until": answer.valid_until,
        "correlation_id": correlation_id,
    }


def _summary(answers: Sequence[Answer]) -> dict[str, int]:
    counted = Counter(answer.decision for answer in answers)
    return {str(decision): counted[decision] for decision in Decision}


def _first_end(answers: Sequence[Answer]) -> datetime | None:
    return min((one.valid_until for one in answers if one.valid_until), default=None)
