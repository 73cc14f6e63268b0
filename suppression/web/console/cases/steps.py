"""POST views that change a case: one for each CaseStep, one to stop identifiers, one to undo."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response

from suppression.adapters.observability.metrics import count_stop
from suppression.domain.cases.transitions import (
    AddNote,
    AnswerPerson,
    AskIdentity,
    AskPerson,
    CaseStep,
    Close,
    CloseNothingFound,
    DestroyProof,
    Extend,
    KeepRestriction,
    LiftRestriction,
    Refuse,
    Resume,
    SeeProof,
    TellRecipients,
)
from suppression.domain.cases.vocabulary import ProofMethod, RefusalGround
from suppression.domain.errors import InvalidTransitionError
from suppression.domain.users.roles import Right
from suppression.domain.vocabulary import Evidence
from suppression.usecases.cases.take_step import (
    suppress_identifiers_found,
    take_step,
    undo_suppressions,
)
from suppression.web.console.cases.pages import case_page
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.identifiers import parse_each, typed_identifiers
from suppression.web.console.rendering import redirect_to_case
from suppression.web.http.context import services
from suppression.web.http.forms import LONG, FormValues

Parse = Callable[[FormValues, str], CaseStep | None]


def _step_date(make: Callable[..., CaseStep], name: str = "on") -> Parse:
    """Return a form parser for a step with a day, in the field `name`, and a text.

    The parser records a fault and returns None for a field that is empty or no day.
    """

    def parse(fields: FormValues, text: str) -> CaseStep | None:
        day = fields.day(name)
        return make(**{name: day}, text=text) if day else None

    return parse


def _refusal(fields: FormValues, text: str) -> CaseStep | None:
    ground, day = fields.word("ground", RefusalGround), fields.day("told_on")
    return Refuse(ground=ground, told_on=day, text=text) if ground and day else None


def _proof(fields: FormValues, text: str) -> CaseStep | None:
    method, day = fields.word("method", ProofMethod), fields.day("on")
    return SeeProof(method=method, on=day, text=text) if method and day else None


def _lifting(fields: FormValues, text: str) -> CaseStep | None:
    """Parse the step that lifts a restriction; None if a field is invalid.

    An empty day is valid here: the step itself raises InvalidTransitionError if the person was not
    informed before (GDPR Art. 18(3)).
    """
    day = fields.day("told_on", required=False)
    seen = _seen(fields, "told_on")
    return None if fields.errors else LiftRestriction(told_on=day, text=text, seen=seen)


def _seen(fields: FormValues, place: str) -> int:
    """Return how often the case had stored stops when its page was shown, from the field `seen`.

    The result is 0 if the field is missing or no number: whoever sent that has seen no stop. A text
    of over four characters is a fault, which is shown beside the field `place`, since `seen` is
    hidden.
    """
    sent_text = fields.text("seen", max_length=4, place=place)
    return int(sent_text) if sent_text.isascii() and sent_text.isdecimal() else 0


STEPS: dict[str, tuple[Right, Parse]] = {
    "note": (Right.WORK_ON_CASES, lambda _, text: AddNote(text=text)),
    "ask": (Right.WORK_ON_CASES, lambda _, text: AskPerson(text=text)),
    "resume": (Right.WORK_ON_CASES, lambda _, text: Resume(text=text)),
    "answered": (Right.WORK_ON_CASES, _step_date(AnswerPerson)),
    "extend": (Right.DECIDE_CASES, _step_date(Extend, "told_on")),
    "refuse": (Right.DECIDE_CASES, _refusal),
    "close": (Right.DECIDE_CASES, lambda _, text: Close(text=text)),
    "nothing-found": (
        Right.DECIDE_CASES,
        lambda fields, text: CloseNothingFound(
            text=text, unreachable=fields.checked("unreachable")
        ),
    ),
    "identity": (Right.DECIDE_CASES, lambda _, text: AskIdentity(text=text)),
    "proof-seen": (Right.DECIDE_CASES, _proof),
    "proof-destroyed": (Right.DECIDE_CASES, _step_date(DestroyProof)),
    "recipients": (Right.WORK_ON_CASES, _step_date(TellRecipients)),
    "keep": (Right.DECIDE_CASES, lambda _, text: KeepRestriction(text=text)),
    "lift": (Right.DECIDE_CASES, _lifting),
}


def _register(action: str, right: Right, parse: Parse) -> None:
    def step(console: ConsoleContext, reference: str) -> Response:
        fields = submitted_form()
        case_step = parse(fields, fields.text("text", max_length=LONG))
        if case_step is None or fields.errors:
            return case_page(console, reference, fields, refused="form", status=422)
        return _taken(
            console,
            reference,
            fields,
            lambda: take_step(
                services(),
                console.controller,
                reference,
                case_step,
                by=console.user,
                now=console.now,
            ),
        )

    step.__name__ = f"step_{action.replace('-', '_')}"
    page(f"/cases/<reference>/{action}", right, methods=("POST",))(step)


def _taken(
    console: ConsoleContext, reference: str, fields: FormValues, take: Callable[[], object]
) -> Response:
    """Call `take` and redirect to the case; if it refuses the step, show the reason there (409).

    A refusal is an InvalidTransitionError; other errors of `take` are raised.
    """
    try:
        take()
    except InvalidTransitionError as error:
        return case_page(console, reference, fields, refused=error.code, status=409)
    return redirect_to_case(console, reference)


for _action, (_right, _parse) in STEPS.items():
    _register(_action, _right, _parse)


@page("/cases/<reference>/stop", Right.WORK_ON_CASES, methods=("POST",), stores_stops=True)
def stop_found(console: ConsoleContext, reference: str) -> Response:
    """Stop identifiers that were missing or unreadable when the case was recorded.

    The case's page shows a fault in the form (422), or why the case allows no such stop (409).
    Raises NotFoundError for an unknown case, KeyMismatchError if no case key decrypts its content.
    """
    fields = submitted_form()
    readings = parse_each(console.controller, typed_identifiers(fields))
    if not readings.subjects or not readings.all_read or fields.errors:
        fields.wrong("identifiers", "unreadable")
        return case_page(console, reference, fields, refused="form", status=422)

    def take() -> None:
        case = suppress_identifiers_found(
            services(),
            console.controller,
            reference,
            readings.subjects,
            by=console.user,
            now=console.now,
            resolved={text.replace("\r\n", "\n") for text in fields.all("resolved")},
        )
        kinds = {subject.kind for subject in readings.subjects if not subject.sandbox}
        if kinds and not case.kind.by_channel:
            count_stop(None, Evidence.DPO)
        for channel in case.wanted:
            if channel.kind in kinds:
                count_stop(channel, Evidence.DPO)

    return _taken(console, reference, fields, take)


@page("/cases/<reference>/undo", Right.RELEASE, methods=("POST",))
def undo(console: ConsoleContext, reference: str) -> Response:
    """Release the stops of a case as a mistake; the user must tick a box to confirm.

    The case's page shows a missing tick (422), or why the stops cannot be released (409). Raises
    NotFoundError for an unknown case, KeyMismatchError if the page is shown and no case key
    decrypts the case's content.
    """
    fields = submitted_form()
    if not fields.checked("sure"):
        fields.wrong("sure", "needed")
    seen = _seen(fields, "sure")
    if fields.errors:
        return case_page(console, reference, fields, refused="form", status=422)
    return _taken(
        console,
        reference,
        fields,
        lambda: undo_suppressions(
            console.controller, reference, by=console.user, now=console.now, seen=seen
        ),
    )
