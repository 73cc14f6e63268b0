"""GET /stop and GET, POST /stop/{controller}: the public form for people without a link."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, request

from suppression.adapters.observability.metrics import count_stop
from suppression.domain.suppressions.scopes import objections
from suppression.domain.vocabulary import Channel, Evidence, Kind, Purpose
from suppression.usecases.suppressions.record import StopResult
from suppression.usecases.unsubscribe.open_form import (
    OptOutForm,
    list_public_controllers,
    show_form,
)
from suppression.usecases.unsubscribe.stop_by_form import OptOutFormRequest, stop_by_form
from suppression.web.http.context import now
from suppression.web.http.forms import NOTHING, FieldFault, FormValues
from suppression.web.http.rate_limits import count_exempt_request, exempt_from_rate_limit
from suppression.web.pages.form_identifiers import read_subjects, texts_of
from suppression.web.pages.rendering import (
    classify_client,
    count_page_view,
    redirect_to,
    render_page,
)
from suppression.web.pages.unsubscribe import FORM_LIMIT

blueprint = Blueprint("stop_form", __name__)

WISHES: tuple[Channel | Purpose, ...] = (*Channel, Purpose.PROFILING, Purpose.SHARING)
_WISHES_BY_TEXT = {str(wish): wish for wish in WISHES}


@blueprint.get("/")
def home() -> Response:
    """Redirect the root URL to the list of companies."""
    return redirect_to("stop")


@blueprint.get("/stop", strict_slashes=False)
def companies_page() -> Response:
    """Show links to the forms of all controllers, except the controller of the opt-out probe."""
    return render_page("companies.html", companies=list_public_controllers())


@blueprint.get("/stop/<controller>", strict_slashes=False)
def form_page(controller: str) -> Response:
    """Ask what to stop, or show the fields that the stops chosen in the URL need. Changes nothing.

    Raises UnknownControllerError for an unknown controller.
    """
    form = show_form(controller)
    wishes = _wishes(request.args.getlist("what"))
    if not wishes:
        return _render_question(form, nothing_ticked="next" in request.args)
    return _render_fields(form, wishes, NOTHING)


@blueprint.post("/stop/<controller>", strict_slashes=False)
@exempt_from_rate_limit
def stop(controller: str) -> Response:
    """Record the stops of a submitted form, in force at once; redirect to their confirmation.

    A form with faults is shown again (422), and nothing of it is stored. A form over the rate limit
    is stored too, and marked for review. The response does not reveal whether the identifiers were
    on record. Raises UnknownControllerError for an unknown controller, RequestEntityTooLarge for a
    body of more than FORM_LIMIT bytes.
    """
    request.max_content_length = FORM_LIMIT
    form = show_form(controller)
    fields = FormValues(request.form)
    wishes = _wishes(fields.all("what"))
    if not wishes:
        return _render_question(form, nothing_ticked=True)
    subjects = read_subjects(
        form.controller, fields, kinds_of(wishes), required=_required_kinds(wishes)
    )
    if not subjects and not fields.faults:
        fields.wrong("email", "error.nothing")
    if fields.faults:
        return _render_fields(form, wishes, fields)
    form_request = OptOutFormRequest(
        subjects=subjects,
        scopes=tuple(objections(subject.kind, wishes) for subject in subjects),
        client_class=classify_client(),
        over_limit=count_exempt_request(),
    )
    outcome = stop_by_form(form.controller, form_request, now=now())
    count_identifiers(outcome.results)
    return redirect_to(f"r/{outcome.code}")


def count_identifiers(results: tuple[StopResult, ...]) -> None:
    """Count stops of typed identifiers in the metrics, except those of sandbox identifiers."""
    for result in results:
        if not result.sandbox:
            count_stop(result.scope.channel, Evidence.PUBLIC_FORM)


def kinds_of(wishes: frozenset[Channel | Purpose]) -> list[Kind]:
    """Return the kinds of identifier that the channels in `wishes` take.

    Without any channel in `wishes`, return all kinds.
    """
    required = _required_kinds(wishes)
    return [kind for kind in Kind if kind in required or not required]


def _required_kinds(wishes: frozenset[Channel | Purpose]) -> frozenset[Kind]:
    return frozenset(wish.kind for wish in wishes if isinstance(wish, Channel))


def _wishes(texts: list[str]) -> frozenset[Channel | Purpose]:
    return frozenset(_WISHES_BY_TEXT[text] for text in texts if text in _WISHES_BY_TEXT)


def _render_question(form: OptOutForm, *, nothing_ticked: bool) -> Response:
    return render_page(
        "form_what.html",
        form.controller,
        form.brand,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if nothing_ticked else HTTPStatus.OK,
        wishes=[str(wish) for wish in WISHES],
        complaints=[FieldFault(name="what", code="error.what")] if nothing_ticked else [],
    )


def _render_fields(
    form: OptOutForm, wishes: frozenset[Channel | Purpose], fields: FormValues
) -> Response:
    return render_page(
        "form_who.html",
        form.controller,
        form.brand,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fields.faults else HTTPStatus.OK,
        wishes=[str(wish) for wish in WISHES if wish in wishes],
        kinds=[str(kind) for kind in kinds_of(wishes)],
        any_of=not _required_kinds(wishes),
        complaints=fields.faults,
        kept=texts_of(fields),
    )


blueprint.after_request(count_page_view)
