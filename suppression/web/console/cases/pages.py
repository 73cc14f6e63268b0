"""The pages of cases: open cases by urgency, closed cases, and one case with its timeline."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import request
from werkzeug.wrappers import Response

from suppression.domain.cases.available_steps import available_steps
from suppression.domain.cases.letters import AnswerKind, answer_kinds_for
from suppression.domain.cases.model import Case, Urgency, closing_blockers
from suppression.domain.cases.transitions import StepContext
from suppression.domain.cases.vocabulary import ProofMethod, RefusalGround
from suppression.domain.users.roles import Right
from suppression.usecases.cases.queries import cases_by_urgency, list_closed, read_case
from suppression.usecases.sms.review_queue import count_unclear
from suppression.usecases.suppressions.reviews import finish_review, list_reviews
from suppression.usecases.unsubscribe.reopenings import list_reopenings
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.rendering import redirect_to, render_page
from suppression.web.http.context import services
from suppression.web.http.forms import NOTHING, FormValues

_MOST_REVIEWS = 50


@page("/", None)
def start(console: ConsoleContext) -> Response:
    """Redirect to the first page that the user's role allows."""
    endpoints = (
        (Right.READ_CASES, "today_get"),
        (Right.RECORD, "record_get"),
        (Right.KEYS, "keys_get"),
    )
    endpoint = next(name for right, name in endpoints if console.may(right))
    return redirect_to(endpoint, slug=console.controller.slug)


@page("/today", Right.READ_CASES)
def today(console: ConsoleContext) -> Response:
    """Show the open cases by urgency, the reviews to do, and how many text messages are undecided.

    The last number is shown only to users who may read the messages. An alert is shown if the
    number of reopenings is unusual today or was so yesterday.
    """
    return render_page(
        "today.html",
        by_urgency=cases_by_urgency(console.controller, now=console.now),
        headings=list(Urgency),
        unclear=count_unclear(console.controller) if console.may(Right.READ_CONTENT) else 0,
        reviews=list_reviews(console.controller, limit=_MOST_REVIEWS + 1),
        limit=_MOST_REVIEWS,
        unusual=any(
            day.unusual for day in list_reopenings(console.controller, now=console.now)[:2]
        ),
    )


@page("/reviews", Right.WORK_ON_CASES, methods=("POST",))
def review(console: ConsoleContext) -> Response:
    """Close the review of a form that was sent over the rate limit; its stops stay in force.

    Raises NotFoundError if no open review has the reference in the form.
    """
    reference = submitted_form().text("reference")
    finish_review(console.controller, reference, actor=console.user.actor, now=console.now)
    return redirect_to("today_get", slug=console.controller.slug)


@page("/closed", Right.READ_CASES)
def closed(console: ConsoleContext) -> Response:
    """Show the cases that were closed last, at most 200."""
    return render_page("closed.html", cases=list_closed(console.controller))


@page("/cases/<reference>", Right.READ_CASES)
def case(console: ConsoleContext, reference: str) -> Response:
    """Show one case, with a button for each step that it can take.

    Raises NotFoundError for an unknown case, KeyMismatchError if the user may read the case's
    content and no case key decrypts it.
    """
    return case_page(console, reference, NOTHING)


def case_page(
    console: ConsoleContext,
    reference: str,
    fields: FormValues,
    *,
    refused: str = "",
    status: int = 200,
) -> FlaskResponse:
    """Return the page of a case; `refused` is the error code of a step that was not taken, or ''.

    `fields` is the submitted form, to show its values and faults. Raises NotFoundError for an
    unknown case, KeyMismatchError if the user may read the case's content and no case key decrypts
    it.
    """
    file = read_case(
        services(), console.controller, reference, with_content=console.may(Right.READ_CONTENT)
    )
    step_context = StepContext(
        now=console.now,
        today=console.today,
        country=console.controller.country,
        actor=console.user.actor,
    )
    return render_page(
        "case.html",
        status=status,
        file=file,
        case=file.case,
        fields=fields,
        refused=refused,
        action=request.path.rsplit("/", 1)[-1],
        steps=available_steps(file.case, step_context),
        blockers=() if file.case.state.closed else closing_blockers(file.case),
        grounds=list(RefusalGround),
        methods=list(ProofMethod),
        answers=_answers(file.case),
    )


def _answers(case: Case) -> list[AnswerKind]:
    """Return the kinds of letter for the case, without IDENTIFIER_MISSING if none is missing."""
    asks = AnswerKind.IDENTIFIER_MISSING
    return [
        answer_kind
        for answer_kind in answer_kinds_for(case.kind)
        if answer_kind is not asks or case.lacks_identifier
    ]
