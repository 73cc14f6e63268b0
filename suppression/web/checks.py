"""POST /v1/checks and /v1/checks/batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from time import perf_counter
from typing import Any

from flask import Blueprint, Response, g, request

from suppression.adapters.metrics import count_attested, count_check, count_checks, time_checks
from suppression.adapters.turns import taking_turns
from suppression.domain.controllers import Caller
from suppression.domain.decisions import Answer
from suppression.domain.errors import Fault, InvalidValueError, SuppressionError
from suppression.domain.idempotency import Claim
from suppression.domain.questions import Question, Unaskable
from suppression.domain.vocabulary import Audience, Channel, Decision, Purpose, Scope
from suppression.usecases.answer_once import Rendered
from suppression.usecases.check import answer_from, check, check_many
from suppression.usecases.foresee import foresee
from suppression.usecases.reserve_attempt import Reserved, reserve_attempt
from suppression.web.batch_places import batch_place
from suppression.web.bodies import (
    BATCH_LIMIT,
    SINGLE_LIMIT,
    json_body,
    json_response,
    loaded,
    rendered,
)
from suppression.web.current import now, services
from suppression.web.idempotency import claim_of
from suppression.web.keyed import keyed
from suppression.web.questions import (
    check_purpose,
    correlation_of,
    count_service,
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
    plain_check,
)

blueprint = Blueprint("checks", __name__)

_CHECK, _CHECK_ANSWER = CheckSchema(), CheckAnswerSchema()
_MIXED, _MIXED_ANSWER = MixedBatchSchema(), MixedAnswerSchema()
_FLAT, _FLAT_ANSWER = FlatBatchSchema(), FlatAnswerSchema()
_DECISION = attrgetter("decision")
_LETTERS = {Decision.ALLOW: "A", Decision.DENY: "D", Decision.UNKNOWN: "U"}


def _foreseen(key: str) -> Caller | None:
    """Who asks, where that was read along with what stands under a plain question."""
    body: dict[str, Any] | None = None

    def ask(caller: Caller) -> Question | None:
        nonlocal body
        if (request.content_length or SINGLE_LIMIT + 1) > SINGLE_LIMIT:
            return None
        try:
            body = plain_check(json_body(limit=SINGLE_LIMIT))
            question = question_of(caller, body) if body else None
        except SuppressionError:  # told once it is known who asks
            return None
        return question if isinstance(question, Question) else None

    found = foresee(key, ask)
    if found is None or body is None:
        return None
    g.foreseen = body, found
    return found.caller


@blueprint.post("/v1/checks")
@keyed(Scope.CHECK, foreseen=_foreseen)
def check_one(caller: Caller) -> Response:
    """Answer: may I use this identifier? One of them."""
    if "foreseen" in g:
        body, (_, question, standing) = g.foreseen
        claim_of(caller)
        policies = caller.policies.policies
        answer = answer_from(services(), policies, question, standing, now=now())
        return _one(caller, answer, body)
    sent = json_body(limit=SINGLE_LIMIT)
    body = plain_check(sent) or loaded(_CHECK, sent)
    question, claim = question_of(caller, body), claim_of(caller)
    if body.get("reserve"):
        return _reserved(caller, body, question, claim)
    (answer,) = _ask(caller, [question], now())
    return _one(caller, answer, body)


def _one(caller: Caller, answer: Answer, body: dict[str, Any]) -> Response:
    _count(body.get("channel"), [answer])
    count_service(caller, body.get("purpose"), 1)
    _time("single")
    return json_response(rendered(_CHECK_ANSWER, _sent(answer, body.get("correlation_id"))))


def _reserved(
    caller: Caller, body: dict[str, Any], question: Question | Unaskable, claim: Claim | None
) -> Response:
    """The answer, with an attempt that is taken in the same transaction."""
    purpose = body.get("purpose", Purpose.MARKETING)
    if body.get("channel") is not Channel.TELEPHONE or purpose is not Purpose.MARKETING:
        raise _invalid("/reserve", "Remove this: only marketing calls are counted.")
    if "at" in body:
        raise _invalid("/at", "Remove this: what is reserved is an attempt now.")
    answers: list[Answer] = []

    def render(reserved: Reserved) -> Rendered:
        answers.append(reserved.answer)
        sent = _sent(reserved.answer, body.get("correlation_id"))
        if reserved.attempt_id:
            sent["attempt_id"] = reserved.attempt_id.hex()
        return rendered(_CHECK_ANSWER, sent)

    answer = reserve_attempt(
        services(),
        caller.controller,
        question,
        render,
        actor=caller.actor,
        now=now(),
        claim=claim,
    )
    _count(Channel.TELEPHONE, answers)
    _time("single")
    return json_response(answer)


@blueprint.post("/v1/checks/batch")
@keyed(Scope.CHECK)
def check_batch(caller: Caller) -> Response:
    """Answer: may I use these, up to 10,000 of them? All in one go."""
    with batch_place(caller.controller):
        body = json_body(limit=BATCH_LIMIT)
        if "items" in body and "identifiers" in body:
            raise _invalid("/items", "Send either `items` or `identifiers`.")
        return _mixed(caller, body) if "items" in body else _flat(caller, body)


def _mixed(caller: Caller, body: dict[str, Any]) -> Response:
    items = loaded(_MIXED, body)["items"]
    questions = [question_of_item(caller, item) for item in taking_turns(items)]
    answers = _ask(caller, questions, now())
    for question, answer in zip(questions, answers, strict=True):
        _count(_channel_of(question), [answer])
    asked = [one.extent.purpose for one in questions if isinstance(one, Question)]
    count_service(caller, Purpose.SERVICE, asked.count(Purpose.SERVICE))
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
    check_purpose(caller, extent)
    moment = now()
    answers = check_many(
        services(),
        caller.controller,
        kind,
        envelope["identifiers"],
        partial(question_of_identifier, caller, envelope, extent=extent, kind=kind),
        now=moment,
        policies=caller.policies.policies,
    )
    # Most are the one answer to whoever nothing is known of.
    distinct = list({id(answer): answer for answer in answers}.values())
    _count(extent.channel, answers)
    count_service(caller, extent.purpose, len(answers))
    _time("batch")
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
        "checked_at": min((answer.checked_at for answer in distinct), default=moment),
        "valid_until": _first_end(distinct),
    }
    return json_response(rendered(_FLAT_ANSWER, sent))


def _ask(
    caller: Caller, questions: Sequence[Question | Unaskable], moment: datetime
) -> list[Answer]:
    policies = caller.policies.policies
    return check(services(), caller.controller, questions, now=moment, policies=policies)


def _count(channel: Channel | None, answers: Sequence[Answer]) -> None:
    """Every decision, and every allow that rests on what the caller states."""
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


def _invalid(pointer: str, detail: str) -> InvalidValueError:
    return InvalidValueError(faults=(Fault(pointer=pointer, detail=detail),))


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
        "audience": answer.audience if answer.audience is Audience.PROFESSIONAL else None,
        "reasons": answer.reasons,
        "checked_at": answer.checked_at,
        "valid_until": answer.valid_until,
        "retry_at": answer.retry_at,
        "correlation_id": correlation_id,
    }


def _summary(answers: Sequence[Answer]) -> dict[str, object]:
    counted = Counter(map(_DECISION, answers))
    given = [answer.reasons for answer in answers if answer.reasons]
    reasons = Counter(code for each in given for code in {one.code for one in each})
    return {str(decision): counted[decision] for decision in Decision} | {
        "reasons": {str(code): number for code, number in sorted(reasons.items())}
    }


def _first_end(answers: Sequence[Answer]) -> datetime | None:
    return min((one.valid_until for one in answers if one.valid_until), default=None)
