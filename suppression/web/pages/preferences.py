"""GET and POST /u/{token}/choices: choose topics of e-mail, and stop other channels."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, request

from suppression.adapters.observability.metrics import count_link, count_reopened, count_stop
from suppression.domain.suppressions.scopes import objections
from suppression.domain.vocabulary import Channel, Evidence, Kind
from suppression.usecases.unsubscribe.preferences import (
    PreferenceResult,
    Preferences,
    PreferenceUpdate,
    TopicPreference,
    save_preferences,
    show_preferences,
)
from suppression.usecases.unsubscribe.stop_by_form import OptOutFormRequest
from suppression.web.http.context import now, services
from suppression.web.http.forms import NOTHING, FormValues
from suppression.web.http.rate_limits import count_exempt_request, exempt_from_rate_limit
from suppression.web.pages.form_identifiers import read_subjects, texts_of
from suppression.web.pages.languages import choose_language, in_language, translate
from suppression.web.pages.opt_out_form import count_identifiers
from suppression.web.pages.rendering import (
    classify_client,
    count_page_view,
    redirect_to,
    render_page,
    topic_name,
)
from suppression.web.pages.unsubscribe import FORM_LIMIT

blueprint = Blueprint("choices", __name__)

_ALL = "all"
"""The form value of the box for all topics, whose slug is ''."""
_BESIDE_EMAIL = (Kind.PHONE, Kind.POSTAL)


@blueprint.get("/u/<token>/choices", strict_slashes=False)
def choices_page(token: str) -> Response:
    """Show a box for each topic, ticked unless its e-mails are stopped. Changes nothing.

    A controller without topics has one box, for all its marketing e-mail. Raises UnknownLinkError
    if the token is not that of a valid link.
    """
    choices = show_preferences(services(), token, now=now())
    count_link(genuine=True)
    return _render(choices, NOTHING, ticked=None)


@blueprint.post("/u/<token>/choices", strict_slashes=False)
@exempt_from_rate_limit
def save(token: str) -> Response:
    """Stop the topics that were unticked and the typed identifiers; reopen topics that were ticked.

    A form without any tick stops all marketing e-mail, unless that is stopped and no box was shown
    ticked. Only topics that this link may reopen are reopened. Then redirect to the confirmation; a
    form that asks for no change is shown again. A form with faults is shown again too (422), and
    nothing of it is stored. Raises UnknownLinkError if the token is not that of a valid link,
    RequestEntityTooLarge for a body of more than FORM_LIMIT bytes.
    """
    request.max_content_length = FORM_LIMIT
    choices = show_preferences(services(), token, now=now())
    fields = FormValues(request.form)
    subjects = read_subjects(choices.link.controller, fields, _BESIDE_EMAIL, required=frozenset())
    ticked = _slugs(fields, "topic")
    if fields.faults:
        return _render(choices, fields, ticked=ticked)
    sender = classify_client()
    form_request = OptOutFormRequest(
        subjects=subjects,
        scopes=tuple(objections(subject.kind, frozenset(Channel)) for subject in subjects),
        client_class=sender,
        over_limit=bool(subjects) and count_exempt_request(),
    )
    update = PreferenceUpdate(
        ticked=ticked,
        shown_open=_slugs(fields, "shown"),
        typed=form_request,
        client_class=sender,
        wordings={box.slug: _wording(choices, box) for box in choices.boxes},
    )
    saved = save_preferences(services(), token, update, now=now())
    if not saved.code:
        return _render(choices, fields, ticked=None, unchanged=True)
    _count(saved)
    return redirect_to(f"r/{saved.code}")


def _wording(choices: Preferences, box: TopicPreference) -> str:
    """Return the heading, the hint and the text of a box, in the page's language.

    They are the wording of the consent that a person gives by ticking the box.
    """
    controller = choices.link.controller
    language = choose_language(controller)
    with in_language(language):
        heading = translate("choices.email", controller=controller.name)
        name = topic_name(box.topic, language) if box.topic else translate("what.email")
        return f"{heading}\n{translate('choices.email_hint')}\n[x] {name}"


def _slugs(fields: FormValues, name: str) -> frozenset[str]:
    return frozenset("" if slug == _ALL else slug for slug in fields.all(name))


def _render(
    choices: Preferences,
    fields: FormValues,
    *,
    ticked: frozenset[str] | None,
    unchanged: bool = False,
) -> Response:
    boxes = [
        {
            "value": box.slug or _ALL,
            "topic": box.topic,
            "closed": box.closed,
            "may_open": box.may_open,
            "state": box.state,
            "ticked": _is_ticked(box, ticked),
        }
        for box in choices.boxes
    ]
    return render_page(
        "choices.html",
        choices.link.controller,
        choices.brand,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fields.faults else HTTPStatus.OK,
        boxes=boxes,
        complaints=fields.faults,
        kept=texts_of(fields, _BESIDE_EMAIL),
        unchanged=unchanged,
    )


def _is_ticked(box: TopicPreference, ticked: frozenset[str] | None) -> bool:
    """Return whether to show a box as ticked; `ticked` has the slugs of the form that was sent.

    Without a form (None), a topic is ticked unless it is closed. A closed topic that may not be
    reopened here is never ticked.
    """
    if ticked is None:
        return not box.closed
    return box.slug in ticked and (box.may_open or not box.closed)


def _count(saved: PreferenceResult) -> None:
    count_link(genuine=True)
    for result in saved.results:
        if not result.sandbox:
            count_stop(result.scope.channel, Evidence.LINK_PAGE)
    if saved.reopened:
        count_reopened("old_link")
    count_identifiers(saved.typed)


blueprint.after_request(count_page_view)
