"""Today, the queue, and a case with its timeline."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import request
from werkzeug.wrappers import Response

from suppression.domain.cases.available_steps import possible_steps
from suppression.domain.cases.letters import AnswerKind, answers_for
from suppression.domain.cases.model import Case, Urgency, obstacles_to_closing
from suppression.domain.cases.transitions import Moment
from suppression.domain.cases.vocabulary import Ground, ProofMethod
from suppression.domain.users.roles import Right
from suppression.usecases.cases.queries import read_case, recently_closed, todays_cases
from suppression.usecases.sms.review_queue import how_many_unclear
from suppression.usecases.suppressions.reviews import finish_review, list_reviews
from suppression.usecases.unsubscribe.reopenings import list_reopenings
from suppression.web.console.context import Desk, page, sent
from suppression.web.console.form_values import NOTHING, Fields
from suppression.web.console.rendering import rendered, to
from suppression.web.http.context import services

_MOST_REVIEWS = 50


@page("/", None)
def start(desk: Desk) -> Response:
    """Where a role's day begins."""
    endpoints = (
        (Right.READ_CASES, "today_get"),
        (Right.RECORD, "record_get"),
        (Right.KEYS, "keys_get"),
    )
    endpoint = next(name for right, name in endpoints if desk.may(right))
    return to(endpoint, slug=desk.controller.slug)


@page("/today", Right.READ_CASES)
def today(desk: Desk) -> Response:
    """What is late, what is due, what waits."""
    return rendered(
        "today.html",
        found=todays_cases(desk.controller, now=desk.now),
        headings=list(Urgency),
        unclear=how_many_unclear(desk.controller) if desk.may(Right.READ_CONTENT) else 0,
        reviews=list_reviews(desk.controller, most=_MOST_REVIEWS + 1),
        most=_MOST_REVIEWS,
        unusual=any(day.unusual for day in list_reopenings(desk.controller, now=desk.now)[:2]),
    )


@page("/reviews", Right.WORK_ON_CASES, methods=("POST",))
def review(desk: Desk) -> Response:
    """Somebody looked at what came by the public form; the stops stay."""
    reference = sent().text("reference")
    finish_review(desk.controller, reference, actor=desk.user.actor, now=desk.now)
    return to("today_get", slug=desk.controller.slug)


@page("/closed", Right.READ_CASES)
def closed(desk: Desk) -> Response:
    """The cases that were closed last."""
    return rendered("closed.html", cases=recently_closed(desk.controller))


@page("/cases/<reference>", Right.READ_CASES)
def case(desk: Desk, reference: str) -> Response:
    """One case, with the buttons of the steps that it takes."""
    return case_page(desk, reference, NOTHING)


def case_page(
    desk: Desk, reference: str, fields: Fields, *, refused: str = "", status: int = 200
) -> FlaskResponse:
    """The page of a case; `refused` says why the last step was not taken."""
    file = read_case(
        services(), desk.controller, reference, with_content=desk.may(Right.READ_CONTENT)
    )
    moment = Moment(
        now=desk.now, today=desk.today, country=desk.controller.country, actor=desk.user.actor
    )
    return rendered(
        "case.html",
        status=status,
        file=file,
        case=file.case,
        fields=fields,
        refused=refused,
        action=request.path.rsplit("/", 1)[-1],
        steps=possible_steps(file.case, moment),
        obstacles=() if file.case.state.closed else obstacles_to_closing(file.case),
        grounds=list(Ground),
        methods=list(ProofMethod),
        answers=_answers(file.case),
    )


def _answers(case: Case) -> list[AnswerKind]:
    """The letters that fit today: nobody is asked for an identifier that is not missing."""
    asks = AnswerKind.IDENTIFIER_MISSING
    return [one for one in answers_for(case.kind) if one is not asks or case.lacks_identifier]
